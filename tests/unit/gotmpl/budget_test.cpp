#include "unit/gotmpl/test_functions.hpp"

#include "tiphys/gotmpl/run.hpp"
#include "tiphys/gotmpl/template.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::gotmpl {
namespace {

using value::Value;

std::string run_with(Budgets budgets, std::string_view text, const Value& data = {}) {
  TemplateSet set(testing::test_functions());
  const auto parsed = set.parse("dir/t.yaml", text);
  if (!parsed.ok()) return parsed.error().text();
  Run run(std::move(budgets));
  std::string out;
  const auto status = run.execute(set, "dir/t.yaml", data, out);
  return status.ok() ? out : status.error().text();
}

TEST(Budgets, EndlessLoopsHitTheStepLimit) {
  const std::string text = run_with({.steps = 10'000}, "{{range 1000000000}}{{end}}");
  EXPECT_NE(text.find("template: dir/t.yaml:1:"), std::string::npos) << text;
  EXPECT_NE(text.find("step limit of 10000 exceeded"), std::string::npos) << text;
  EXPECT_EQ(run_with({.steps = 10}, "{{range 3}}x{{end}}"), "xxx");
}

TEST(Budgets, OutputHasALimit) {
  EXPECT_EQ(run_with({.output_bytes = 10}, "0123456789"), "0123456789");
  const std::string text = run_with({.output_bytes = 10}, "a\n{{range 20}}x{{end}}");
  EXPECT_NE(text.find("template: dir/t.yaml:2:12: "), std::string::npos) << text;
  EXPECT_NE(text.find("output limit of 10 exceeded"), std::string::npos) << text;
}

TEST(Budgets, HalfATextIsNeverUsed) {
  for (const char* call : {"print $x $x", "println $x", "printf \"%s\" $x", "html $x", "js $x"}) {
    const std::string text = run_with(
        {.output_bytes = 10}, std::string("{{$x := repeat 11 \"x\"}}{{len (") + call + ")}}");
    EXPECT_NE(text.find("output limit of 10 exceeded"), std::string::npos) << call << ": " << text;
  }
  EXPECT_EQ(run_with({.output_bytes = 10}, "{{print \"01234\" \"56789\" | len}}"), "10");
}

TEST(Budgets, FunctionsAskBeforeTheyMakeSomethingBig) {
  const std::string text = run_with({.memory_bytes = 1000}, "{{repeat 2000 \"x\" | len}}");
  EXPECT_EQ(
      text,
      "template: dir/t.yaml:1:2: executing \"dir/t.yaml\" at <repeat 2000 \"x\">: error calling "
      "repeat: memory limit of 1000 exceeded");
  EXPECT_EQ(run_with({.memory_bytes = 1000}, "{{repeat 999 \"x\" | len}}"), "999");
}

TEST(Budgets, WhatFunctionsReturnAddsUp) {
  const std::string text =
      run_with({.memory_bytes = 1000}, "{{range 100}}{{$x := printf \"%20d\" .}}{{end}}");
  EXPECT_NE(text.find("memory limit of 1000 exceeded"), std::string::npos) << text;
}

TEST(Budgets, EndlessRecursionIsAnErrorAtAnyStackSize) {
  const std::string text = "{{define \"r\"}}{{template \"r\" .}}{{end}}{{template \"r\"}}";
  const std::string limited = run_with({.depth = 50}, text);
  EXPECT_EQ(
      limited,
      "template: dir/t.yaml:1:25: executing \"r\" at <{{template \"r\" .}}>: exceeded maximum "
      "template depth (50)");
  const std::string small = run_with({.stack_bytes = 256U << 10U}, text);
  EXPECT_NE(small.find("exceeded maximum template depth (100000)"), std::string::npos) << small;
  const std::string whole = run_with({}, text);
  EXPECT_NE(whole.find("exceeded maximum template depth (100000)"), std::string::npos) << whole;
}

TEST(Budgets, TheDeadlineIsAskedDuringTheRun) {
  int asked = 0;
  Budgets budgets;
  budgets.expired = [&asked] { return ++asked > 3; };
  const std::string text = run_with(std::move(budgets), "{{range 1000000000}}{{end}}");
  EXPECT_NE(text.find("render deadline exceeded"), std::string::npos) << text;
}

TEST(Budgets, SharedValuesCannotPrintWithoutEnd) {
  Value tree("x");
  for (int i = 0; i < 64; ++i) tree = Value(value::List{tree, tree});
  const std::string text = run_with({.output_bytes = 100'000}, "{{.}}", tree);
  EXPECT_NE(text.find("output limit of 100000 exceeded"), std::string::npos) << text;
}

TEST(Budgets, DeepNestingIsAParseError) {
  const std::string parentheses =
      "{{" + std::string(20'000, '(') + "1" + std::string(20'000, ')') + "}}";
  EXPECT_EQ(run_with({}, parentheses), "template: dir/t.yaml:1: max expression depth exceeded");
  std::string branches;
  for (int i = 0; i < 200'000; ++i) branches += "{{if 1}}";
  EXPECT_EQ(run_with({}, branches), "template: dir/t.yaml:1: max expression depth exceeded");
}

}  // namespace
}  // namespace tiphys::gotmpl
