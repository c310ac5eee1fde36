#include "tiphys/diff/client_side.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::diff {
namespace {

k8s::Object parse(const std::string& json) {
  return k8s::Object::trusted(*value::parse_json(json));
}

std::string text(const value::Value& v) { return *value::write_json(v, value::EscapeHtml::no); }

/// A live object on which `applied` was applied last.
k8s::Object live_of(const std::string& json, const std::string& applied) {
  k8s::Object live = parse(json);
  live.set_annotation(kLastAppliedAnnotation, applied);
  return live;
}

std::string deployment(const std::string& spec) {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":)" + spec +
         "}";
}

struct Case {
  const char* name;
  const char* applied;
  const char* live;
  const char* target;
  const char* merged;
};

class ThreeWay : public ::testing::TestWithParam<Case> {};

TEST_P(ThreeWay, MergesTheSpec) {
  const Case& c = GetParam();
  const auto live = live_of(deployment(c.live), deployment(c.applied));
  const auto merged = three_way_merge(parse(deployment(c.target)), live);
  EXPECT_EQ(text(merged["spec"]), c.merged);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ThreeWay,
    ::testing::Values(
        Case{"SetsAndRemovesOnlyOurs", R"({"a":1,"b":2})", R"({"a":1,"b":2,"other":3})",
             R"({"a":5})", R"({"a":5,"other":3})"},
        Case{"WhatOthersChangedIsOursAgain", R"({"replicas":1})", R"({"replicas":7})",
             R"({"replicas":1})", R"({"replicas":1})"},
        Case{"NullRemoves", R"({})", R"({"a":1})", R"({"a":null})", R"({})"},
        Case{
            "SidecarsKeepTheirPlace", R"({"containers":[{"name":"app"}]})",
            R"({"containers":[{"name":"proxy","image":"p"},{"name":"app","image":"1","tty":true}]})",
            R"({"containers":[{"name":"app","image":"2"}]})",
            R"({"containers":[{"image":"p","name":"proxy"},{"image":"2","name":"app","tty":true}]})"},
        Case{"EntriesThatWereOursGo", R"({"env":[{"name":"A"},{"name":"B"}]})",
             R"({"env":[{"name":"A"},{"name":"B"},{"name":"C"}]})", R"({"env":[{"name":"A"}]})",
             R"({"env":[{"name":"A"},{"name":"C"}]})"},
        Case{"NewEntriesComeInOrder", R"({"env":[{"name":"A"}]})", R"({"env":[{"name":"A"}]})",
             R"({"env":[{"name":"0"},{"name":"A"}]})", R"({"env":[{"name":"0"},{"name":"A"}]})"},
        Case{
            "PortsOfTwoProtocolsAreTwo", R"({"ports":[{"port":53,"protocol":"UDP"},{"port":53}]})",
            R"({"ports":[{"port":53,"protocol":"UDP","nodePort":1},{"port":53,"protocol":"TCP","nodePort":2}]})",
            R"({"ports":[{"port":53,"protocol":"UDP"},{"port":53}]})",
            R"({"ports":[{"nodePort":1,"port":53,"protocol":"UDP"},{"nodePort":2,"port":53,"protocol":"TCP"}]})"},
        Case{"PlainListsAreReplaced", R"({"args":["a"]})", R"({"args":["a","x"]})",
             R"({"args":["b"]})", R"({"args":["b"]})"},
        Case{"TheStrategyKeepsOnlyOurKeys", R"({"strategy":{"type":"RollingUpdate"}})",
             R"({"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}})",
             R"({"strategy":{"type":"Recreate"}})", R"({"strategy":{"type":"Recreate"}})"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(ClientSide, ListsOfOtherKindsAreReplaced) {
  const std::string head =
      R"({"apiVersion":"example.org/v1","kind":"Thing","metadata":{"name":"t"},"env":)";
  const auto live = live_of(head + R"([{"name":"A"},{"name":"C"}]})", head + R"([{"name":"A"}]})");
  const auto merged = three_way_merge(parse(head + R"([{"name":"A"}]})"), live);
  EXPECT_EQ(text(merged["env"]), R"([{"name":"A"}])");
}

TEST(ClientSide, FinalizersOfOthersStay) {
  const auto live = live_of(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","finalizers":["x/a","x/b"]}})",
      R"({"metadata":{"finalizers":["x/b"]}})");
  const auto target = parse(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","finalizers":["x/c"]}})");
  EXPECT_EQ(text(three_way_merge(target, live).at({"metadata", "finalizers"})), R"(["x/a","x/c"])");
}

TEST(ClientSide, ThePatchIsConditionalAndRemembersWhatItApplied) {
  const auto target =
      parse(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"2"}})");
  auto live = parse(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"u","resourceVersion":"7"},"data":{"a":"1"}})");
  const auto patch = client_side_patch(target, live);
  ASSERT_TRUE(patch.ok());
  EXPECT_EQ((*patch).at({"metadata", "uid"}).text(), "u");
  EXPECT_EQ((*patch).at({"metadata", "resourceVersion"}).text(), "7");
  EXPECT_EQ(text((*patch)["data"]), R"({"a":"2"})");
  EXPECT_EQ((*patch).at({"metadata", "annotations", kLastAppliedAnnotation}).text(),
            R"({"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"c"}})"
            "\n");
}

TEST(ClientSide, NothingToChangeIsNoPatch) {
  const auto target =
      parse(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}})");
  const auto applied = with_last_applied(target);
  ASSERT_TRUE(applied.ok());
  k8s::Object live = applied->deep_copy();
  live.tree().set_at({"metadata", "uid"}, value::Value("u"));
  const auto patch = client_side_patch(target, live);
  ASSERT_TRUE(patch.ok());
  EXPECT_TRUE(patch->is_null());
}

}  // namespace
}  // namespace tiphys::diff
