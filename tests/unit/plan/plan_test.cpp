#include "tiphys/plan/plan.hpp"

#include "unit/plan/objects.hpp"

namespace tiphys::plan {
namespace {

PlanOptions options() {
  return {.app = "web", .project = "p", .destination_namespace = "shop", .prune = true};
}

std::string planned(const std::string& targets, const std::vector<Live>& live,
                    const PlanOptions& plan_options, CompareInputs inputs = compare_inputs()) {
  inputs.options = plan_options.sync_options;
  const auto prepared = prepare_targets(objects(targets), target_context());
  return print(make_plan(compare(prepared.objects, live, inputs), plan_options));
}

constexpr const char* kAll = R"(
{apiVersion: a/v1, kind: Widget, metadata: {name: b}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
---
{apiVersion: v1, kind: Service, metadata: {name: s}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: z}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.a}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: extra}}
---
{apiVersion: a/v1, kind: Apple, metadata: {name: a}}
)";
constexpr const char* kOld = R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: old, namespace: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: old, namespace: shop}}
)";

TEST(Plan, KindsInArgoCdsOrderThenNames) {
  EXPECT_EQ(planned(kAll, {}, options()),
            "Sync wave 0\n"
            "  0 apply Namespace extra (new)\n"
            "  1 apply ConfigMap shop/a (new)\n"
            "  1 apply ConfigMap shop/z (new)\n"
            "  2 apply apiextensions.k8s.io/CustomResourceDefinition widgets.a (new)\n"
            "  3 apply Service shop/s (new)\n"
            "  4 apply apps/Deployment shop/d (new)\n"
            "  5 apply a/Apple shop/a (new)\n"
            "  6 apply a/Widget shop/b (new)\n");
}

TEST(Plan, PrunesComeFirstInReverseOrderAndWhatIsEqualIsNotWritten) {
  auto live = live_of_web(kOld);
  const auto same =
      live_of_web("{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}}");
  live.push_back(same[0]);
  EXPECT_EQ(planned("{apiVersion: v1, kind: Service, metadata: {name: s}}\n---\n{apiVersion: v1, "
                    "kind: ConfigMap, metadata: {name: nn}}",
                    live, options()),
            "Sync wave 0\n"
            "  0 prune apps/Deployment shop/old Foreground\n"
            "  0 prune ConfigMap shop/old Foreground\n"
            "  1 apply ConfigMap shop/nn (new)\n"
            "skipped\n"
            "  Service shop/s Synced: unchanged\n");
}

TEST(Plan, WithoutPruneNothingIsPruned) {
  PlanOptions o = options();
  o.prune = false;
  EXPECT_EQ(planned("", live_of_web(kOld), o),
            "skipped\n"
            "  ConfigMap shop/old PruneSkipped: ignored (requires pruning)\n"
            "  apps/Deployment shop/old PruneSkipped: ignored (requires pruning)\n");
}

TEST(Plan, EveryGuardLeavesARowThatSaysWhy) {
  const auto live = live_of_web(R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, annotations: {argocd.argoproj.io/sync-options: Prune=false}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop, annotations: {helm.sh/resource-policy: keep}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, annotations: {argocd.argoproj.io/sync-options: Delete=false}}}
---
{apiVersion: v1, kind: Secret, metadata: {name: d, namespace: shop}}
)");
  PlanOptions o = options();
  o.unlistable = {{.group = "", .kind = "Secret"}};
  EXPECT_EQ(planned("", live, o),
            "skipped\n"
            "  ConfigMap shop/a PruneSkipped: ignored (no prune)\n"
            "  ConfigMap shop/b PruneSkipped: ignored (no prune: helm.sh/resource-policy: keep)\n"
            "  ConfigMap shop/c PruneSkipped: ignored (no prune: Delete=false)\n"
            "  Secret shop/d PruneSkipped: ignored (objects of this kind can't be listed)\n");
}

TEST(Plan, AMarkOfAnotherApplicationOrInstallationIsAGuardToo) {
  // compare() already leaves such objects out; the plan doesn't rely on it.
  Comparison comparison;
  for (const bool foreign : {false, true}) {
    Resource r;
    r.live = live_of_web(kOld).at(0);
    r.key = r.live->object.key();
    r.owner.app = foreign ? "web" : "other";
    r.owner.foreign_installation = foreign;
    comparison.resources.push_back(r);
  }
  EXPECT_EQ(print(make_plan(comparison, options())),
            "skipped\n"
            "  ConfigMap shop/old PruneSkipped: ignored (belongs to application other)\n"
            "  ConfigMap shop/old PruneSkipped: ignored (belongs to another installation)\n");
}

TEST(Plan, ConfirmWaitsUntilItIsApproved) {
  const auto live = live_of_web(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, annotations: "
      "{argocd.argoproj.io/sync-options: Prune=confirm}}}");
  PlanOptions o = options();
  EXPECT_EQ(planned("", live, o),
            "waiting for confirmation\n  ConfigMap shop/a\n"
            "Sync wave 0\n  0 prune ConfigMap shop/a Foreground\n");
  o.deletion_approved = true;
  EXPECT_EQ(planned("", live, o), "Sync wave 0\n  0 prune ConfigMap shop/a Foreground\n");
  o.prune = false;
  o.deletion_approved = false;
  EXPECT_EQ(planned("", live, o),
            "skipped\n  ConfigMap shop/a PruneSkipped: ignored (requires pruning)\n");
}

TEST(Plan, PruneLastIsAWaveOfItsOwn) {
  PlanOptions o = options();
  o.sync_options = api::parse_sync_options({"PruneLast=true", "PrunePropagationPolicy=background"});
  EXPECT_EQ(
      planned("{apiVersion: v1, kind: ConfigMap, metadata: {name: nn}}", live_of_web(kOld), o),
      "Sync wave 0\n"
      "  0 apply ConfigMap shop/nn (new)\n"
      "Sync wave 1\n"
      "  0 prune apps/Deployment shop/old Background\n"
      "  0 prune ConfigMap shop/old Background\n");
}

TEST(Plan, CreateNamespaceComesBeforeAll) {
  PlanOptions o = options();
  o.sync_options = api::parse_sync_options({"CreateNamespace=true"});
  constexpr const char* kOne = "{apiVersion: v1, kind: ConfigMap, metadata: {name: nn}}";
  o.destination_namespace_exists = false;
  EXPECT_EQ(planned(kOne, {}, o),
            "PreSync wave 0\n  0 create namespace Namespace shop\n"
            "Sync wave 0\n  0 apply ConfigMap shop/nn (new)\n");
  EXPECT_EQ(planned("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", {}, o),
            "Sync wave 0\n  0 apply Namespace shop (new)\n");
  o.destination_namespace_exists = true;
  EXPECT_EQ(planned(kOne, {}, o), "Sync wave 0\n  0 apply ConfigMap shop/nn (new)\n");
  o.namespace_metadata =
      api::ManagedNamespaceMetadata{.labels = {{"team", "a"}}, .annotations = {}};
  EXPECT_EQ(planned(kOne, {}, o),
            "PreSync wave 0\n  0 create namespace Namespace shop\n"
            "Sync wave 0\n  0 apply ConfigMap shop/nn (new)\n");
  EXPECT_EQ(planned("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", {}, o),
            "Sync wave 0\n  0 apply Namespace shop (new)\n");
  o.sync_options = {};
  EXPECT_EQ(planned(kOne, {}, o), "Sync wave 0\n  0 apply ConfigMap shop/nn (new)\n");
}

TEST(Plan, WhatTheProjectForbidsMakesItInvalid) {
  api::Project project;
  project.key.name = "p";
  CompareInputs inputs = compare_inputs();
  inputs.project = &project;
  EXPECT_EQ(
      planned("{apiVersion: v1, kind: Namespace, metadata: {name: extra}}", {}, options(), inputs),
      "problems\n  resource :Namespace is not permitted in project p\n");
  project.destinations = {{.server = "*", .name = "", .namespace_ = "shop"}};
  EXPECT_EQ(
      planned("{apiVersion: v1, kind: ConfigMap, metadata: {name: nn, namespace: kube-system}}", {},
              options(), inputs),
      "problems\n  namespace kube-system is not permitted in project 'p'\n");
}

TEST(Plan, FailOnSharedResourceMakesItInvalid) {
  auto live =
      live_of_web("{apiVersion: v1, kind: ConfigMap, metadata: {name: nn, namespace: shop}}");
  api::set_tracking(live[0].object, "other", "shop", {});
  PlanOptions o = options();
  constexpr const char* kOne = "{apiVersion: v1, kind: ConfigMap, metadata: {name: nn}}";
  EXPECT_EQ(planned(kOne, live, o), "Sync wave 0\n  0 apply ConfigMap shop/nn\n");
  o.sync_options = api::parse_sync_options({"FailOnSharedResource=true"});
  EXPECT_EQ(
      planned(kOne, live, o),
      "problems\n  Shared resource found: ConfigMap/nn is part of applications argocd/web and "
      "other\n"
      "Sync wave 0\n  0 apply ConfigMap shop/nn\n");
}

TEST(Plan, AnObjectThatIsBeingDeletedIsMarked) {
  auto live = live_of_web(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, deletionTimestamp: "
      "'2026-01-02T03:04:05Z'}}");
  EXPECT_EQ(planned("", live, options()),
            "Sync wave 0\n  0 prune ConfigMap shop/a Foreground (already deleting)\n");
}

}  // namespace
}  // namespace tiphys::plan
