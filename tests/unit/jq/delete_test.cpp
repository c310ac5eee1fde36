#include "unit/jq/in_process.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiphys::jq {
namespace {

using base::Code;
using value::Value;

class Delete_ : public testing::Test {
 protected:
  base::Result<Value> run(const std::string& expression, const std::string& json) {
    return remove(std::string("project"), expression, *value::parse_json(json));
  }
  std::string text(const std::string& expression, const std::string& json) {
    const auto out = run(expression, json);
    return out.ok() ? *value::write_json(*out) : out.error().text();
  }
  InProcess here;
  Delete remove = make_worker_delete(here, std::chrono::milliseconds(1000));
};

constexpr const char* kDeployment =
    R"({"kind":"Deployment","spec":{"replicas":3,"template":{"spec":{"containers":[)"
    R"({"image":"a","name":"app"},{"image":"b","name":"sidecar"},{"image":"c","name":"mesh"}]}}}})";

TEST_F(Delete_, TakesOutWhatAnExpressionNames) {
  EXPECT_EQ(text(".spec.replicas", R"({"spec":{"replicas":3,"paused":true}})"),
            R"({"spec":{"paused":true}})");
  EXPECT_EQ(text(R"(.spec.template.spec.containers[] | select(.name == "sidecar"))", kDeployment),
            R"({"kind":"Deployment","spec":{"replicas":3,"template":{"spec":{"containers":[)"
            R"({"image":"a","name":"app"},{"image":"c","name":"mesh"}]}}}})");
  EXPECT_EQ(text(".spec.template.spec.containers[].image", kDeployment),
            R"({"kind":"Deployment","spec":{"replicas":3,"template":{"spec":{"containers":[)"
            R"({"name":"app"},{"name":"sidecar"},{"name":"mesh"}]}}}})");
  EXPECT_EQ(text(".a[0], .a[2]", R"({"a":[1,2,3,4]})"), R"({"a":[2,4]})");
  EXPECT_EQ(text(".a[-1]", R"({"a":[1,2,3]})"), R"({"a":[1,2]})");
  EXPECT_EQ(text(".a[1], .a[-2]", R"({"a":[1,2,3]})"), R"({"a":[1,3]})");
  EXPECT_EQ(text(".a[1:]", R"({"a":[1,2,3]})"), R"({"a":[1]})");
  EXPECT_EQ(text(".a[1:][0]", R"({"a":[1,2,3]})"), R"({"a":[1,3]})");
  EXPECT_EQ(text(R"(.metadata.labels["app.kubernetes.io/name"])",
                 R"({"metadata":{"labels":{"app.kubernetes.io/name":"x","b":"y"}}})"),
            R"({"metadata":{"labels":{"b":"y"}}})");
  EXPECT_EQ(text(".. | .caBundle? // empty", R"({"a":[{"caBundle":"x"}],"b":{"caBundle":"y"}})"),
            R"({"a":[{}],"b":{}})");
}

TEST_F(Delete_, WhatIsNotThereChangesNothing) {
  for (const char* expression :
       {".spec.missing", ".spec.missing.deeper", ".a[7]", ".a[-9]", ".a[2:1]", "empty",
        // These fail on this tree, as they do in jq.
        ".spec[]", ".a[].b.c", ".missing[]", ".spec.replicas.x", "error(\"no\")"})
    EXPECT_EQ(text(expression, R"({"a":[1,2],"spec":3})"), R"({"a":[1,2],"spec":3})") << expression;
}

TEST_F(Delete_, NumbersBeyondADoubleStay) {
  EXPECT_EQ(text(".b", R"({"a":9007199254740993,"b":1})"), R"({"a":9007199254740993})");
}

TEST_F(Delete_, TheTreeThatWasGivenStays) {
  const Value tree = *value::parse_json(R"({"a":{"b":1}})");
  ASSERT_TRUE(remove("", ".a.b", tree).ok());
  EXPECT_EQ(*value::write_json(tree), R"({"a":{"b":1}})");
}

TEST_F(Delete_, ExpressionsThatCannotBeReadAreErrors) {
  for (const char* expression : {".a[", "nosuchfunction", ".a |", "'"}) {
    const auto out = run(expression, "{}");
    ASSERT_FALSE(out.ok()) << expression;
    EXPECT_EQ(out.error().code(), Code::Invalid) << expression;
    EXPECT_THAT(out.error().text(), testing::Not(testing::HasSubstr("\n"))) << expression;
    EXPECT_FALSE(out.error().text().empty()) << expression;
  }
  EXPECT_EQ(text("nosuchfunction", "{}"), "nosuchfunction/0 is not defined");
  EXPECT_EQ(text(".", "{}"), "it names the whole object");
}

TEST_F(Delete_, AnswersAreRemembered) {
  EXPECT_EQ(text(".a", R"({"a":1,"b":2})"), R"({"b":2})");
  EXPECT_EQ(text(".a", R"({"a":1,"b":2})"), R"({"b":2})");
  EXPECT_THAT(here.scopes, testing::ElementsAre("project"));
  EXPECT_EQ(text(".b", R"({"a":1,"b":2})"), R"({"a":1})");
  EXPECT_EQ(here.scopes.size(), 2U);
}

TEST(WithoutPaths, RefusesWhatIsNoListOfPaths) {
  const Value tree = *value::parse_json("{}");
  for (const char* paths : {"{}", "null", R"(["a"])", "[[]]"})
    EXPECT_FALSE(without_paths(tree, *value::parse_json(paths)).ok()) << paths;
}

}  // namespace
}  // namespace tiphys::jq
