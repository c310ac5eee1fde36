#include "tiphys/value/yaml.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tiphys::value {
namespace {

using base::Code;

TEST(Yaml, StopsAtItsBudgets) {
  const std::string deep = std::string(101, '[') + std::string(101, ']');
  EXPECT_EQ(parse_yaml(deep).error().code(), Code::ResourceExhausted);
  EXPECT_NE(parse_yaml(deep).error().message().find("100"), std::string::npos);
  EXPECT_EQ(parse_yaml("[1, 2, 3]", {.limits = {.nodes = 3}}).error().code(),
            Code::ResourceExhausted);
  EXPECT_EQ(parse_yaml("[1, 2, 3]", {.limits = {.bytes = 3}}).error().code(),
            Code::ResourceExhausted);
}

TEST(Yaml, CountsAliasesAgainstTheNodes) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string from = std::to_string(i - 1);
    const std::string to = std::to_string(i);
    bomb += fmt::format("a{0}: &a{0} [", to);
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "*a" : ", *a") + from;
    bomb += "]\n";
  }
  const auto tree = parse_yaml(bomb);
  ASSERT_FALSE(tree.ok());
  EXPECT_NE(tree.error().message().find("excessive aliasing"), std::string::npos);
  EXPECT_EQ(parse_yaml("a: &a [1, 2, 3]\nb: *a\n", {.limits = {.nodes = 8}}).error().code(),
            Code::ResourceExhausted);
}

TEST(Yaml, CopiesOfAnAliasAreSeparate) {
  auto tree = parse_yaml("a: &x {k: 1}\nb: *x\n");
  ASSERT_TRUE(tree.ok());
  tree->set_at({"a", "k"}, Value(2));
  EXPECT_EQ(tree->at({"b", "k"}).integer(), 1);
}

TEST(Yaml, SurvivesOneCommaAndCycles) {
  EXPECT_FALSE(parse_yaml(",").ok());
  EXPECT_FALSE(parse_yaml("a: &a [*a]").ok());
}

TEST(Yaml, NamesThePosition) {
  const auto tree = parse_yaml("a: 1\nb: c: d\n");
  ASSERT_FALSE(tree.ok());
  ASSERT_TRUE(tree.error().where().has_value());
  EXPECT_EQ(tree.error().where()->line, 2);
}

TEST(YamlSplit, SeparatesDocumentsAsKubernetes) {
  const auto documents = split_documents("# c\n---\na: 1\n---\n\n--- # x\nb: 2");
  ASSERT_TRUE(documents.ok());
  ASSERT_EQ(documents->size(), 4U);
  EXPECT_TRUE((*documents)[0].empty);
  EXPECT_EQ((*documents)[1].text, "a: 1\n");
  EXPECT_EQ((*documents)[1].line, 3);
  EXPECT_TRUE((*documents)[2].empty);
  EXPECT_EQ((*documents)[3].text, "b: 2");
  const auto values = parse_yaml_stream("---\na: 1\n---\nnull\n---\nb: 2\n");
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(values->size(), 2U);
}

TEST(YamlSplit, RefusesTextBehindASeparator) {
  const auto documents = split_documents("a: 1\n--- b\n");
  ASSERT_FALSE(documents.ok());
  EXPECT_EQ(documents.error().message(), "invalid Yaml document separator: b");
  EXPECT_EQ(documents.error().where()->line, 2);
}

TEST(YamlSplit, NamesTheDocumentOfAnError) {
  const auto values = parse_yaml_stream("a: 1\n---\nb: c: d\n");
  ASSERT_FALSE(values.ok());
  EXPECT_NE(values.error().text().find("document at line 3"), std::string::npos);
}

}  // namespace
}  // namespace tiphys::value
