#include "unit/value/vectors.hpp"

#include "tiphys/k8s/quantity.hpp"
#include "tiphys/k8s/selector.hpp"

#include <gtest/gtest.h>

#include <array>

namespace tiphys::k8s {
namespace {

using value::Value;

TEST(Quantity, IsParsedAndWrittenAsByKubernetes) {
  const auto one = Quantity::parse("1");
  for (const Value& record : value::read_vectors("k8s/quantities.jsonl")) {
    const std::string text(record["text"].text());
    const auto quantity = Quantity::parse(text);
    EXPECT_EQ(quantity.ok() ? "" : quantity.error().message(), record["error"].text()) << text;
    if (!quantity.ok() || record["error"].is_string()) continue;
    EXPECT_EQ(quantity->text(), record["canonical"].text()) << text;
    if (!record["value"].is_null()) {
      EXPECT_EQ(quantity->value(), record["value"].integer_or(-1)) << text;
    }
    const auto order = *quantity <=> *one;
    EXPECT_EQ(order < 0 ? -1 : (order > 0 ? 1 : 0), record["one"].integer_or(9)) << text;
    EXPECT_TRUE(same_quantity(text, record["canonical"].text())) << text;
  }
}

TEST(Quantity, RefusesHugeTexts) {
  EXPECT_FALSE(Quantity::parse(std::string(10'000, '9')).ok());
  EXPECT_FALSE(Quantity::parse("1e1000000").ok());
  EXPECT_FALSE(same_quantity("x", "x"));
}

std::array<Value, 7> label_sets() {
  return {Value::object({}),
          Value::object({{"a", "b"}}),
          Value::object({{"a", "c"}, {"x", "y"}}),
          Value::object({{"app", "web"}, {"tier", "front"}}),
          Value::object({{"n", "5"}}),
          Value::object({{"a", ""}}),
          Value::object({{"example.com/a", "b"}, {"n", "x"}})};
}

TEST(Selector, IsParsedAndMatchesAsByKubernetes) {
  for (const Value& record : value::read_vectors("k8s/selectors.jsonl")) {
    const std::string text(record["text"].text());
    const auto selector = Selector::parse(text);
    EXPECT_EQ(selector.ok(), record["error"].is_null())
        << text << (selector.ok() ? "" : "\n" + selector.error().message());
    if (!selector.ok() || !record["error"].is_null()) continue;
    EXPECT_EQ(selector->text(), record["string"].text()) << text;
    std::string matches;
    for (const Value& labels : label_sets()) matches += selector->matches(labels) ? '1' : '0';
    EXPECT_EQ(matches, record["matches"].text()) << text;
  }
}

}  // namespace
}  // namespace tiphys::k8s
