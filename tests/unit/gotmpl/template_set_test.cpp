#include "unit/gotmpl/test_functions.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/gotmpl/template.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tiphys::gotmpl {
namespace {

using value::Value;

base::Result<Value> include(Call& call) {
  std::string out;
  TRY(call.run.execute(call.templates, call.args[0].string(), call.args[1], out));
  return Value(std::move(out));
}

base::Result<Value> tpl(Call& call) {
  TemplateSet copy(call.templates);
  TRY(copy.parse("gotpl", call.args[0].string()));
  std::string out;
  TRY(call.run.execute(copy, "gotpl", call.args[1], out));
  return Value(std::move(out));
}

base::Result<Value> ordinal(Call& call) {
  return Value(static_cast<std::int64_t>(call.run.next_ordinal(call)));
}

std::shared_ptr<const FunctionTable> table() {
  static constexpr auto kRows = std::to_array<Function>({
      {"include", "string, any", include},
      {"tpl", "string, any", tpl},
      {"ordinal", "", ordinal},
  });
  auto functions = std::make_shared<FunctionTable>(*testing::test_functions());
  functions->add(kRows);
  return functions;
}

TEST(TemplateSet, CopiesSeeTheOriginalsNamesAndKeepTheirOwn) {
  TemplateSet base(table());
  ASSERT_TRUE(base.parse("a", "A{{define \"x\"}}base{{end}}").ok());
  TemplateSet copy(base);
  ASSERT_TRUE(copy.parse("b", "{{define \"x\"}}copy{{end}}{{define \"y\"}}new{{end}}B").ok());
  EXPECT_EQ(*copy.execute("x", {}), "copy");
  EXPECT_EQ(*copy.execute("a", {}), "A");
  EXPECT_EQ(*base.execute("x", {}), "base");
  EXPECT_FALSE(base.contains("y"));
  const TemplateSet second(copy);
  EXPECT_EQ(*second.execute("x", {}), "copy");
  ASSERT_TRUE(base.parse("c", "{{define \"x\"}}later{{end}}").ok());
  EXPECT_EQ(*base.execute("x", {}), "later");
  EXPECT_EQ(*second.execute("a", {}), "A");
  EXPECT_EQ(*second.execute("x", {}), "copy");
}

TEST(TemplateSet, AFileIsSharedBySets) {
  auto functions = table();
  auto file = parse_file("f", "{{define \"x\"}}{{.}}{{end}}<{{template \"x\" .}}>", functions);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(defined_names(**file).size(), 2U);
  for (int i = 0; i < 2; ++i) {
    TemplateSet set(functions);
    set.add(*file);
    EXPECT_EQ(*set.execute("f", Value(i)), "<" + std::to_string(i) + ">");
  }
}

TEST(TemplateSet, AFailedParseLeavesTheSetAlone) {
  TemplateSet set(table());
  ASSERT_TRUE(set.parse("a", "old").ok());
  const auto parsed = set.parse("a", "{{define \"b\"}}{{end}}{{oops}}");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().text(), "template: a:1: function \"oops\" not defined");
  EXPECT_EQ(*set.execute("a", {}), "old");
  EXPECT_FALSE(set.contains("b"));
}

TEST(TemplateSet, FunctionsExecuteTemplatesAgain) {
  TemplateSet set(table());
  ASSERT_TRUE(set.parse("a",
                        "{{define \"x\"}}[{{.}}]{{end}}{{$v := 1}}"
                        "{{include \"x\" .s | upper}}{{tpl \"{{include \\\"x\\\" .n}}!\" .}}{{$v}}")
                  .ok());
  EXPECT_EQ(*set.execute("a", Value::object({{"s", "q"}, {"n", 5.0}})), "[Q][5]!1");
}

TEST(TemplateSet, DefinitionsInsideTplStayInside) {
  TemplateSet set(table());
  ASSERT_TRUE(set.parse("a",
                        "{{tpl `{{define \"in\"}}deep{{end}}{{include \"in\" .}}` .}}"
                        "{{include \"in\" .}}")
                  .ok());
  const auto out = set.execute("a", {});
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().text(),
            "template: a:1:58: executing \"a\" at <include \"in\" .>: error calling include: "
            "template: no template \"in\" associated with template \"\"");
}

TEST(TemplateSet, ErrorsKeepEveryFrameOfTheChain) {
  TemplateSet set(table());
  ASSERT_TRUE(set.parse("a", "{{define \"x\"}}{{.y.z}}{{end}}\n {{include \"x\" .}}").ok());
  gotmpl::Run run({}, MissingKey::zero);
  std::string out;
  const auto status = run.execute(set, "a", Value(value::Map()), out);
  ASSERT_FALSE(status.ok());
  const auto& frames = status.error().frames();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], "template: a:1:18: executing \"x\" at <.y.z>");
  EXPECT_EQ(frames[1],
            "template: a:2:3: executing \"a\" at <include \"x\" .>: error calling include");
  EXPECT_EQ(status.error().message(), "nil pointer evaluating interface {}.z");
}

TEST(TemplateSet, OrdinalsCountCallsOfAFunctionInATemplate) {
  TemplateSet set(table());
  ASSERT_TRUE(set.parse("a",
                        "{{ordinal}}{{ordinal}}{{include \"x\" .}}{{ordinal}}"
                        "{{define \"x\"}}<{{ordinal}}{{ordinal}}>{{end}}")
                  .ok());
  EXPECT_EQ(*set.execute("a", {}), "01<01>2");
}

TEST(FunctionTable, LaterRowsReplaceBuiltinsAndRemovedNamesAreUndefined) {
  static constexpr auto kRows = std::to_array<Function>({
      {"slice", "string", [](Call& c) -> base::Result<Value> { return Value(c.args[0]); }},
  });
  auto functions = std::make_shared<FunctionTable>();
  functions->add(kRows);
  functions->remove("js");
  TemplateSet set(functions);
  ASSERT_TRUE(set.parse("a", "{{slice \"x\"}}").ok());
  EXPECT_EQ(*set.execute("a", {}), "x");
  EXPECT_FALSE(set.parse("b", "{{js 1}}").ok());
}

TEST(TemplateSet, MapsMayChangeWhileTheyAreIterated) {
  static constexpr auto kRows = std::to_array<Function>({
      {"set", "map[string]any, string, any",
       [](Call& c) -> base::Result<Value> {
         c.args[0].map().set(c.args[1].string(), c.args[2]);
         return Value("");
       }},
  });
  auto functions = std::make_shared<FunctionTable>();
  functions->add(kRows);
  TemplateSet set(functions);
  ASSERT_TRUE(set.parse("a",
                        "{{range $k, $v := .}}{{set $ (print $k \"0\") 1}}{{set $ \"b\" 9}}"
                        "{{$k}}{{$v}},{{end}}{{len .}}")
                  .ok());
  EXPECT_EQ(*set.execute("a", Value::object({{"a", 1.0}, {"b", 2.0}})), "a1,b2,4");
}

}  // namespace
}  // namespace tiphys::gotmpl
