#include "tiphys/value/value.hpp"

#include <gtest/gtest.h>

namespace tiphys::value {
namespace {

TEST(Map, KeepsEntriesSortedHoweverTheyArrive) {
  Map map;
  for (const char* key : {"b", "a", "c", "B", "aa"}) map.set(key, Value(key));
  std::string order;
  for (const auto& [key, item] : map) order += key + " ";
  EXPECT_EQ(order, "B a aa b c ");
  EXPECT_TRUE(map.erase("aa"));
  EXPECT_FALSE(map.erase("aa"));
  EXPECT_EQ(map.size(), 4U);
  map.set("a", Value(2));
  EXPECT_EQ(map.find("a")->integer(), 2);
  EXPECT_EQ(map.find("zz"), nullptr);
}

TEST(Value, CopiesShareUntilDeepCopied) {
  const Value a = Value::object({{"list", Value::array({1, 2})}});
  Value b = a;
  const Value separate = a.deep_copy();
  b.map()["list"].list().emplace_back(3);
  EXPECT_EQ(a["list"].items().size(), 3U);
  EXPECT_EQ(separate["list"].items().size(), 2U);
  EXPECT_TRUE(a.same_reference(b));
  EXPECT_FALSE(a.same_reference(separate));
}

TEST(Value, AssignsAPartOfItselfToItself) {
  Value v = Value::object({{"inner", Value::object({{"x", 1}})}});
  v = v["inner"];
  EXPECT_EQ(v["x"].integer(), 1);
}

TEST(Value, ReadsLeniently) {
  const Value v = Value::object({{"a", Value::object({{"b", "text"}})}, {"f", 3.0}, {"g", 3.5}});
  EXPECT_EQ(v.at({"a", "b"}).text(), "text");
  EXPECT_TRUE(v.at({"a", "b", "c"}).is_null());
  EXPECT_EQ(v["a"].text(), "");
  EXPECT_EQ(v["f"].integer_or(-1), 3);
  EXPECT_EQ(v["g"].integer_or(-1), -1);
  EXPECT_EQ(Value(1e300).integer_or(7), 7);
  EXPECT_TRUE(v["nothing"].items().empty());
}

TEST(Value, MakesMapsOnTheWayToAPath) {
  Value v = Value("scalar");
  v.set_at({"a", "b"}, Value(1));
  v.set_at({"a", "c"}, Value(true));
  EXPECT_EQ(v.at({"a", "b"}).integer(), 1);
  EXPECT_TRUE(v.at({"a", "c"}).boolean());
}

TEST(Value, ComparesNumbersAcrossKindsAndIgnoresGoTypes) {
  EXPECT_TRUE(equal(Value(1), Value(1.0)));
  EXPECT_FALSE(equal(Value(1), Value("1")));
  EXPECT_TRUE(equal(Value(1).as(GoType::i), Value(1)));
  EXPECT_FALSE(equal(Value(-1), Value(-1).as(GoType::u64)));
  EXPECT_TRUE(equal(Value::array({1, nullptr}), Value::array({1.0, nullptr})));
  EXPECT_FALSE(equal(Value::object({{"a", 1}}), Value::object({{"b", 1}})));
}

}  // namespace
}  // namespace tiphys::value
