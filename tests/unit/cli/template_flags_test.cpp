#include "cli/template_flags.hpp"

#include <gtest/gtest.h>

namespace tiphys::cli {
namespace {

base::Result<TemplateFlags> parse(const std::vector<std::string>& args) {
  return parse_template_flags(args);
}

TEST(TemplateFlags, KeepsTheOrderOfValues) {
  const auto flags =
      parse({"-f", "a.yaml,b.yaml", "name", "--set=x=1", "chart", "--values=c.yaml"});
  ASSERT_TRUE(flags.ok());
  EXPECT_EQ(flags->arguments, (std::vector<std::string>{"name", "chart"}));
  ASSERT_EQ(flags->values.size(), 4U);
  EXPECT_EQ(flags->values[1].path, "b.yaml");
  EXPECT_EQ(flags->values[2].role, helm::InputRole::set);
  EXPECT_EQ(flags->values[2].text, "x=1");
  EXPECT_EQ(flags->values[3].path, "c.yaml");
}

TEST(TemplateFlags, ReadsBooleansWithAndWithoutValue) {
  const auto flags = parse({"chart", "--include-crds", "--skip-tests=false", "-n", "ns"});
  ASSERT_TRUE(flags.ok());
  EXPECT_TRUE(flags->include_crds);
  EXPECT_FALSE(flags->skip_tests);
  EXPECT_EQ(flags->namespace_, "ns");
}

TEST(TemplateFlags, NamesTheMistake) {
  EXPECT_EQ(parse({"chart", "--bogus"}).error().text(), "unknown flag: --bogus");
  EXPECT_EQ(parse({"chart", "--set"}).error().text(), "flag needs an argument: --set");
  EXPECT_EQ(parse({"chart", "--helm-version", "2"}).error().text(),
            "--helm-version 2: known are 4.2 and 3.21");
}

}  // namespace
}  // namespace tiphys::cli
