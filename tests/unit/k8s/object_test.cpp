#include "tiphys/k8s/object.hpp"

#include <gtest/gtest.h>

namespace tiphys::k8s {
namespace {

using value::Value;

Value deployment() {
  return Value::object({{"apiVersion", "apps/v1"},
                        {"kind", "Deployment"},
                        {"metadata", Value::object({{"name", "web"}, {"namespace", "shop"}})}});
}

TEST(Object, NamesItself) {
  const auto object = Object::from(deployment());
  ASSERT_TRUE(object.ok());
  EXPECT_EQ(object->key().text(), "apps/Deployment/shop/web");
  EXPECT_EQ(object->gvk().version, "v1");
  EXPECT_EQ(object->group_kind().text(), "Deployment.apps");
}

TEST(Object, RefusesWhatLacksAnIdentity) {
  for (const char* field : {"apiVersion", "kind", "metadata"}) {
    Value tree = deployment();
    tree.map().erase(field);
    const auto object = Object::from(tree);
    ASSERT_FALSE(object.ok()) << field;
    EXPECT_EQ(object.error().code(), base::Code::Invalid);
    EXPECT_NE(object.error().message().find(field), std::string::npos) << field;
  }
  EXPECT_FALSE(Object::from(Value("text")).ok());
}

TEST(Object, AcceptsGenerateName) {
  Value tree = deployment();
  tree.set_at({"metadata"}, Value::object({{"generateName", "web-"}}));
  EXPECT_TRUE(Object::from(tree).ok());
}

TEST(Object, WritesAndRemovesAnnotations) {
  Object object = Object::trusted(deployment());
  object.set_annotation("a", "1");
  object.set_label("l", "2");
  EXPECT_EQ(object.annotation("a"), "1");
  EXPECT_EQ(object.label("l"), "2");
  EXPECT_FALSE(object.annotation("b").has_value());
  object.remove_annotation("a");
  EXPECT_FALSE(object.annotation("a").has_value());
  EXPECT_TRUE(object.metadata()["annotations"].is_null());
}

TEST(GroupVersionKind, SplitsTheApiVersion) {
  EXPECT_EQ(GroupVersionKind::of("v1", "Pod").group, "");
  EXPECT_EQ(GroupVersionKind::of("v1", "Pod").api_version(), "v1");
  EXPECT_EQ(GroupVersionKind::of("apps/v1", "Deployment").api_version(), "apps/v1");
}

}  // namespace
}  // namespace tiphys::k8s
