#include "tiphys/k8s/managed_fields.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::k8s {
namespace {

using value::Value;

Value json(std::string_view text) {
  auto tree = value::parse_json(text);
  EXPECT_TRUE(tree.ok()) << text;
  return std::move(tree).value_or(Value());
}

std::string text(const Value& value) { return value::write_json(value).value_or("?"); }

Object deployment() {
  return Object::trusted(json(R"({
    "apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web","other":"x"},
      "finalizers":["a/b","c/d"],
      "managedFields":[
        {"manager":"argocd-controller","operation":"Apply","apiVersion":"apps/v1","fieldsV1":
          {"f:metadata":{"f:labels":{"f:app":{}},"f:finalizers":{"v:\"a/b\"":{}}},
           "f:spec":{"f:replicas":{},"f:template":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{},
             "f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}},
        {"manager":"kubectl","operation":"Update","apiVersion":"apps/v1","subresource":"scale","fieldsV1":{"f:spec":{"f:paused":{}}}}]},
    "spec":{"replicas":3,"paused":true,"template":{"containers":[
      {"name":"sidecar","image":"s:1"},
      {"name":"web","image":"w:1","terminationMessagePath":"/x","ports":[{"containerPort":80}]}]}}})"));
}

TEST(ManagedFields, ExtractsWhatAManagerOwns) {
  const Object object = deployment();
  const auto owned = owned_by(object, "argocd-controller");
  ASSERT_TRUE(owned.ok());
  EXPECT_EQ(
      text(extract(object.tree(), *owned)),
      R"({"metadata":{"finalizers":["a/b"],"labels":{"app":"web"}},"spec":{"replicas":3,)"
      R"("template":{"containers":[{"image":"w:1","name":"web","ports":[{"containerPort":80}]}]}}})");
}

TEST(ManagedFields, RemovesWhatAManagerOwns) {
  const Object object = deployment();
  const auto owned = owned_by(object, "argocd-controller");
  ASSERT_TRUE(owned.ok());
  const Value rest = remove(object.tree(), *owned);
  EXPECT_EQ(text(rest.at({"metadata", "labels"})), R"({"other":"x"})");
  EXPECT_EQ(text(rest.at({"metadata", "finalizers"})), R"(["c/d"])");
  EXPECT_EQ(text(rest["spec"]),
            R"({"paused":true,"template":{"containers":[{"image":"s:1","name":"sidecar"},)"
            R"({"terminationMessagePath":"/x"}]}})");
}

TEST(ManagedFields, TellsOperationsAndSubresourcesApart) {
  const auto entries = managed_entries(deployment());
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[1].operation, Operation::update);
  EXPECT_EQ((*entries)[1].subresource, "scale");
  EXPECT_TRUE(owned_by(deployment(), "kubectl", Operation::update)->empty());
  EXPECT_TRUE(owned_by(deployment(), "argocd-controller", Operation::update)->empty());
}

TEST(FieldSet, GoesThroughFieldsV1Unchanged) {
  const Value fields =
      json(R"({"f:a":{".":{},"f:b":{},"k:{\"x\":1}":{".":{}}},"f:c":{"i:0":{},"v:1":{}}})");
  const auto set = FieldSet::from_fields_v1(fields);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(*FieldSet::from_fields_v1(set->to_fields_v1()), *set);
  EXPECT_TRUE(set->child("f:a")->member());
  EXPECT_FALSE(set->child("f:c")->member());
}

TEST(FieldSet, UnitesAndSubtracts) {
  const auto a = FieldSet::from_fields_v1(json(R"({"f:a":{},"f:b":{"f:c":{}}})"));
  const auto b = FieldSet::from_fields_v1(json(R"({"f:b":{"f:c":{},"f:d":{}}})"));
  EXPECT_EQ(text(a->united(*b).to_fields_v1()), R"({"f:a":{},"f:b":{"f:c":{},"f:d":{}}})");
  EXPECT_EQ(text(b->without(*a).to_fields_v1()), R"({"f:b":{"f:d":{}}})");
  EXPECT_TRUE(a->without(*a).empty());
}

TEST(FieldSet, RefusesUnknownElements) {
  const auto set = FieldSet::from_fields_v1(json(R"({"x:a":{}})"));
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.error().message().find("x:a"), std::string::npos);
}

TEST(ManagedFields, KeepsOwnedNullsAndLeavesOutWhatIsGone) {
  const auto set = FieldSet::from_fields_v1(json(R"({"f:n":{},"f:gone":{},"f:m":{"f:gone":{}}})"));
  EXPECT_EQ(text(extract(json(R"({"n":null,"m":{"x":1}})"), *set)), R"({"n":null})");
  EXPECT_TRUE(extract(json(R"({"x":1})"), *set).is_null());
}

}  // namespace
}  // namespace tiphys::k8s
