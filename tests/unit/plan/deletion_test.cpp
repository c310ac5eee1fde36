#include "tiphys/plan/deletion.hpp"

#include "unit/plan/objects.hpp"

namespace tiphys::plan {
namespace {

DeletionOptions options() {
  return {
      .app = "web",
      .app_key = {.namespace_ = "argocd", .name = "web"},
      .tracking = {},
      .sync_options = {},
      .destination = {
          .server = "https://kubernetes.default.svc", .name = "in-cluster", .namespace_ = "shop"}};
}

constexpr const char* kWeb = R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: shop}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}}
)";

TEST(DeletionPlan, GoesInReverseOrderOfCreation) {
  const DeletionPlan plan = make_deletion_plan(live_of_web(kWeb), options());
  EXPECT_EQ(print(plan),
            "delete\n"
            "  0 prune apps/Deployment shop/d Foreground\n"
            "  1 prune Service shop/s Foreground\n"
            "  2 prune ConfigMap shop/c Foreground\n");
  EXPECT_FALSE(plan.done());
  EXPECT_EQ(plan.deletes[0].live->uid, "uid-d");
  EXPECT_TRUE(make_deletion_plan({}, options()).done());
}

TEST(DeletionPlan, WhatIsProtectedStaysAndDoesNotHoldUpTheRest) {
  auto live = live_of_web(R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, annotations: {argocd.argoproj.io/sync-options: Delete=false}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop, annotations: {helm.sh/resource-policy: keep}}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: web, namespace: argocd}}
---
{apiVersion: v1, kind: Secret, metadata: {name: x, namespace: shop}}
---
{apiVersion: v1, kind: Secret, metadata: {name: yy, namespace: shop}}
)");
  api::set_tracking(live[3].object, "other", "shop", {});
  live[4].object.set_annotation("argocd.argoproj.io/installation-id", "there");
  const DeletionPlan plan = make_deletion_plan(live, options());
  EXPECT_EQ(print(plan),
            "kept\n"
            "  argoproj.io/Application argocd/web: the application itself\n"
            "  ConfigMap shop/a: Delete=false\n"
            "  ConfigMap shop/b: helm.sh/resource-policy: keep\n"
            "  Secret shop/x: belongs to application other\n"
            "  Secret shop/yy: belongs to another installation\n");
  EXPECT_TRUE(plan.done());
}

TEST(DeletionPlan, AnUnconfirmedObjectHoldsAllBack) {
  auto live = live_of_web(kWeb);
  live[0].object.set_annotation("argocd.argoproj.io/sync-options", "Delete=confirm");
  DeletionOptions o = options();
  EXPECT_EQ(print(make_deletion_plan(live, o)), "waiting for confirmation\n  ConfigMap shop/c\n");
  EXPECT_FALSE(make_deletion_plan(live, o).done());
  o.deletion_approved = true;
  EXPECT_EQ(make_deletion_plan(live, o).deletes.size(), 3U);
}

TEST(DeletionPlan, WhatIsGoingIsAwaited) {
  auto live = live_of_web(kWeb);
  for (Live& item : live)
    item.object.tree().set_at({"metadata", "deletionTimestamp"}, "2026-01-02T03:04:05Z");
  const DeletionPlan plan = make_deletion_plan(live, options());
  EXPECT_TRUE(plan.deletes.empty());
  EXPECT_EQ(plan.terminating.size(), 3U);
  EXPECT_FALSE(plan.done());
}

TEST(DeletionPlan, WhatTheProjectForbidsStays) {
  api::Project project;
  project.key.name = "p";
  DeletionOptions o = options();
  o.project = &project;
  const DeletionPlan plan = make_deletion_plan(live_of_web(kWeb), o);
  EXPECT_EQ(plan.kept.size(), 3U);
  EXPECT_EQ(plan.kept[0].message, "not permitted in project p");
}

}  // namespace
}  // namespace tiphys::plan
