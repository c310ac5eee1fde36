#include "tiphys/value/json.hpp"

#include "unit/value/vectors.hpp"

#include "tiphys/base/encoding.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tiphys::value {
namespace {

TEST(JsonVectors, ReadsAndWritesAsEncodingJson) {
  for (const Value& record : read_vectors("value/json.jsonl")) {
    const std::string text = base::base64_decode(record["text"].text()).value_or("?");
    const auto tree = parse_json(text, Numbers::float64);
    EXPECT_EQ(tree.ok() ? "" : tree.error().message(), record["error"].text()) << text;
    if (!tree.ok() || record["error"].is_string()) continue;
    EXPECT_EQ(write_json(*tree).value_or("?"), record["json"].text()) << text;
    EXPECT_EQ(write_json_pretty(*tree).value_or("?"), record["pretty"].text()) << text;
    EXPECT_EQ(write_json(*tree, EscapeHtml::no).value_or("?"), record["raw"].text()) << text;
  }
}

TEST(Json, KeepsWholeNumbersForKubernetes) {
  const auto tree = parse_json(R"([1,-0,9223372036854775807,9223372036854775808,1.0,1e2])");
  ASSERT_TRUE(tree.ok());
  const List& items = tree->list();
  EXPECT_TRUE(items[0].is_int());
  EXPECT_TRUE(items[1].is_int());
  EXPECT_EQ(items[2].integer(), INT64_MAX);
  EXPECT_TRUE(items[3].is_float());
  EXPECT_TRUE(items[4].is_float());
  EXPECT_TRUE(items[5].is_float());
}

TEST(Json, NamesThePositionOfAnError) {
  const auto tree = parse_json("{\n  \"a\": x\n}");
  ASSERT_FALSE(tree.ok());
  ASSERT_TRUE(tree.error().where().has_value());
  EXPECT_EQ(tree.error().where()->line, 2);
  EXPECT_EQ(tree.error().where()->column, 8);
}

TEST(Json, StopsAtItsBudgets) {
  const std::string deep = std::string(101, '[') + std::string(101, ']');
  const auto too_deep = parse_json(deep);
  ASSERT_FALSE(too_deep.ok());
  EXPECT_EQ(too_deep.error().code(), base::Code::ResourceExhausted);
  EXPECT_NE(too_deep.error().message().find("100"), std::string::npos);
  EXPECT_TRUE(parse_json(deep, Numbers::int64, {.depth = 101}).ok());
  EXPECT_EQ(parse_json("[1,2,3]", Numbers::int64, {.nodes = 3}).error().code(),
            base::Code::ResourceExhausted);
  EXPECT_EQ(parse_json("[1,2,3]", Numbers::int64, {.bytes = 3}).error().code(),
            base::Code::ResourceExhausted);
}

class Opaque final : public Native {
 public:
  std::string_view go_type() const override { return "func()"; }
};

TEST(Json, RefusesWhatJsonCannotHold) {
  const Value nan(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(write_json(nan).error().message(), "json: unsupported value: NaN");
  EXPECT_EQ(write_json(Value(std::make_shared<const Opaque>())).error().message(),
            "json: unsupported type: func()");
  Value cycle = Value(Map());
  cycle.map().set("self", cycle);
  EXPECT_FALSE(write_json(cycle).ok());
  cycle.map().erase("self");  // or it would never be freed
}

TEST(Json, WritesGoTypes) {
  EXPECT_EQ(*write_json(Value(std::string("hi\xff")).as(GoType::bytes)), R"("aGn/")");
  EXPECT_EQ(*write_json(Value(-1).as(GoType::u64)), "18446744073709551615");
  EXPECT_EQ(*write_json(Value(List()).as(GoType::nil_list)), "null");
  EXPECT_EQ(*write_json(Value(0.1F).as(GoType::f32)), "0.1");
}

}  // namespace
}  // namespace tiphys::value
