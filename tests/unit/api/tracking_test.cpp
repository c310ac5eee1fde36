#include "tiphys/api/tracking.hpp"

#include "tiphys/api/names.hpp"

#include <gtest/gtest.h>

namespace tiphys::api {
namespace {

using value::Value;

k8s::Object object(std::string_view api_version, std::string_view kind, std::string_view ns,
                   std::string_view name) {
  k8s::Object out =
      k8s::Object::trusted(Value::object({{"apiVersion", Value(api_version)},
                                          {"kind", Value(kind)},
                                          {"metadata", Value::object({{"name", Value(name)}})}}));
  if (!ns.empty()) out.set_namespace(ns);
  return out;
}

TEST(TrackingId, IsWrittenAndReadAsArgoCdDoes) {
  const auto deployment = object("apps/v1", "Deployment", "shop", "web");
  EXPECT_EQ(tracking_id_for("a", deployment, "x").text(), "a:apps/Deployment:shop/web");
  const auto config = object("v1", "ConfigMap", "shop", "c");
  EXPECT_EQ(tracking_id_for("a", config, "x").text(), "a:/ConfigMap:shop/c");
  const auto role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "r");
  EXPECT_EQ(tracking_id_for("a", role, "shop").text(),
            "a:rbac.authorization.k8s.io/ClusterRole:shop/r");
  const auto id = parse_tracking_id("ns_a:apps/Deployment:shop/system:web");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->app, "ns_a");
  EXPECT_EQ(id->key.name, "system:web");
}

TEST(TrackingId, OtherFormsAreNone) {
  for (const char* text : {"", "a", "a:b", "a:b:c", "a:g/k/x:ns/n", "a:g/k:n", "a:g/k:ns/n/m"})
    EXPECT_FALSE(parse_tracking_id(text)) << text;
}

TEST(Tracking, WhatIsSetIsReadBackUnderEveryMethod) {
  for (const TrackingMethod method :
       {TrackingMethod::annotation, TrackingMethod::label, TrackingMethod::annotation_and_label}) {
    const TrackingSettings settings{.method = method, .installation_id = "here"};
    auto web = object("apps/v1", "Deployment", "shop", "web");
    set_tracking(web, "a", "shop", settings);
    EXPECT_EQ(owner_of(web, settings).app, "a") << to_string(method);
    EXPECT_TRUE(owner_of(web, settings).self_referenced);
  }
}

TEST(Tracking, AClusterScopedObjectIsItself) {
  const TrackingSettings settings;
  auto role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "r");
  set_tracking(role, "a", "shop", settings);
  EXPECT_TRUE(owner_of(role, settings).self_referenced);
}

TEST(Tracking, ACopyIsNotItself) {
  const TrackingSettings settings;
  auto copy = object("v1", "ConfigMap", "shop", "copy");
  copy.set_annotation(kTrackingIdAnnotation, "a:/ConfigMap:shop/original");
  EXPECT_EQ(owner_of(copy, settings).app, "a");
  EXPECT_FALSE(owner_of(copy, settings).self_referenced);
}

TEST(Tracking, AnotherInstallationsObjectIsForeign) {
  auto web = object("v1", "ConfigMap", "shop", "web");
  set_tracking(web, "a", "shop", {.installation_id = "there"});
  const auto here = owner_of(web, {.installation_id = "here"});
  EXPECT_TRUE(here.foreign_installation);
  EXPECT_EQ(here.app, "");
  EXPECT_TRUE(owner_of(web, {}).foreign_installation);
  // Without a mark of any installation it isn't ours either, once we have an id of our own.
  auto old = object("v1", "ConfigMap", "shop", "old");
  set_tracking(old, "a", "shop", {});
  EXPECT_EQ(owner_of(old, {.installation_id = "here"}).app, "");
  EXPECT_FALSE(owner_of(old, {.installation_id = "here"}).foreign_installation);
}

TEST(Tracking, CustomResourceDefinitionsCarryNoMark) {
  auto crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "a.b");
  set_tracking(crd, "a", "shop", {});
  EXPECT_FALSE(crd.annotation(kTrackingIdAnnotation));
}

TEST(Tracking, ALongNameIsCutInTheLabelOnlyBesideTheAnnotation) {
  const std::string app = std::string(62, 'a') + "-b";
  auto both = object("v1", "ConfigMap", "shop", "c");
  set_tracking(both, app, "shop", {.method = TrackingMethod::annotation_and_label});
  EXPECT_EQ(both.label(kDefaultInstanceLabel), std::string(62, 'a'));
  auto label = object("v1", "ConfigMap", "shop", "c");
  set_tracking(label, app, "shop", {.method = TrackingMethod::label});
  EXPECT_EQ(label.label(kDefaultInstanceLabel), app);
}

TEST(TrackingMethods, NamesAndBack) {
  for (const TrackingMethod method :
       {TrackingMethod::annotation, TrackingMethod::label, TrackingMethod::annotation_and_label})
    EXPECT_EQ(parse_tracking_method(to_string(method)), method);
  EXPECT_EQ(parse_tracking_method(""), TrackingMethod::annotation);
  EXPECT_FALSE(parse_tracking_method("labels"));
}

}  // namespace
}  // namespace tiphys::api
