#include "controller/orphans.hpp"

#include "tiphys/value/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

using testing::ElementsAre;

class Orphans : public testing::Test {
 protected:
  void add(const std::string& api, const std::string& kind, const std::string& name,
           const std::string& more = "", const std::string& ns = "shop") {
    const auto tree = value::parse_json(R"({"apiVersion":")" + api + R"(","kind":")" + kind +
                                        R"(","metadata":{"name":")" + name + R"(","namespace":")" +
                                        ns + R"(","uid":")" + kind + name + ns +
                                        R"(","resourceVersion":"1")" + more + "}}");
    ASSERT_TRUE(tree.ok()) << tree.error().text();
    (void)store_.apply(k8s::Object::trusted(*tree), live::ObjectStore::Detail::metadata);
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& key : find_orphans(store_, project_, inputs_))
      out.push_back(key.kind + "/" + key.name);
    return out;
  }
  static std::string tracked(const std::string& app) {
    return R"(,"annotations":{"argocd.argoproj.io/tracking-id":")" + app +
           R"(:/ConfigMap:shop/c"})";
  }

  live::ObjectStore store_{api::TrackingSettings{}};
  api::Project project_ = [] {
    api::Project project;
    project.orphaned_resources.emplace();
    return project;
  }();
  OrphanInputs inputs_{.namespace_ = "shop", .managed = {}, .app_exists = [](std::string_view app) {
                         return app == "other";
                       }};
};

TEST_F(Orphans, AreWhatNobodyOwnsOrTracks) {
  add("v1", "ConfigMap", "left");
  add("v1", "ConfigMap", "mine");
  inputs_.managed.insert({"", "ConfigMap", "shop", "mine"});
  add("v1", "ConfigMap", "theirs", tracked("other"));
  add("v1", "ConfigMap", "of-a-gone-app", tracked("gone"));
  add("v1", "ConfigMap", "elsewhere", "", "other");
  add("v1", "Pod", "owned",
      R"(,"ownerReferences":[{"apiVersion":"v1","kind":"X","name":"x","uid":"u"}])");
  EXPECT_THAT(names(), ElementsAre("ConfigMap/left", "ConfigMap/of-a-gone-app"));
  EXPECT_EQ(orphan_warning(find_orphans(store_, project_, inputs_)),
            "Application has 2 orphaned resources");
  EXPECT_EQ(orphan_warning({}), "");
}

TEST_F(Orphans, WhatTheClusterMakesIsNone) {
  add("v1", "ServiceAccount", "default");
  add("v1", "ServiceAccount", "own");
  add("v1", "ConfigMap", "kube-root-ca.crt");
  add("v1", "Service", "web");
  add("v1", "Endpoints", "web");
  add("v1", "Endpoints", "alone");
  EXPECT_THAT(names(), ElementsAre("Endpoints/alone", "Service/web", "ServiceAccount/own"));
}

TEST_F(Orphans, AClaimBelongsToItsStatefulSet) {
  add("apps/v1", "StatefulSet", "db");
  inputs_.managed.insert({"apps", "StatefulSet", "shop", "db"});
  for (const char* name : {"data-db-0", "data-db-12", "data-db-x", "db-0", "data-xdb-0"})
    add("v1", "PersistentVolumeClaim", name);
  EXPECT_THAT(names(),
              ElementsAre("PersistentVolumeClaim/data-db-x", "PersistentVolumeClaim/data-xdb-0",
                          "PersistentVolumeClaim/db-0"));
}

TEST_F(Orphans, TheProjectSaysWhatIsIgnoredAndPermitted) {
  add("v1", "ConfigMap", "cache-1");
  add("v1", "ConfigMap", "left");
  add("v1", "Secret", "s");
  add("apps/v1", "Deployment", "d");
  project_.orphaned_resources->ignore = {{.group = "", .kind = "ConfigMap", .name = "cache-*"},
                                         {.group = "app?", .kind = "", .name = ""}};
  project_.namespace_resource_blacklist = {{.group = "", .kind = "Secret", .name = ""}};
  EXPECT_THAT(names(), ElementsAre("ConfigMap/left"));
}

TEST_F(Orphans, NobodyLooksWhereTheProjectDoesNotAsk) {
  add("v1", "ConfigMap", "left");
  project_.orphaned_resources.reset();
  EXPECT_THAT(names(), ElementsAre());
}

}  // namespace
}  // namespace tiphys::controller
