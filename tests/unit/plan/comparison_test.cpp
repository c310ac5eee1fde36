#include "unit/plan/objects.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tiphys::plan {
namespace {

using api::SyncCode;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kWeb = R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {k: v}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{port: 80}]}}
)";

std::vector<k8s::Object> targets_of(const std::string& yaml) {
  return prepare_targets(objects(yaml), target_context()).objects;
}

std::string row(const Comparison& c, std::string_view name) {
  for (const api::ResourceStatus& r : c.statuses)
    if (r.name == name)
      return r.status + (r.requires_pruning ? " prune" : "") + (r.hook ? " hook" : "") + " " +
             r.health;
  return "(absent)";
}

TEST(Compare, EqualIsSynced) {
  const Comparison c = compare(targets_of(kWeb), live_of_web(kWeb), compare_inputs());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_EQ(c.health.code, health::Code::healthy);
  EXPECT_EQ(row(c, "a"), "Synced ");
  EXPECT_EQ(row(c, "s"), "Synced Healthy");
  EXPECT_THAT(c.undecided, IsEmpty());
  EXPECT_THAT(c.shared, IsEmpty());
}

TEST(Compare, MissingChangedAndExtraAreOutOfSync) {
  const Comparison missing = compare(targets_of(kWeb), {}, compare_inputs());
  EXPECT_EQ(missing.code, SyncCode::out_of_sync);
  EXPECT_EQ(missing.health.code, health::Code::missing);
  EXPECT_EQ(row(missing, "a"), "OutOfSync Missing");

  auto live = live_of_web(kWeb);
  live[0].object.tree().set_at({"data", "k"}, "other");
  const Comparison changed = compare(targets_of(kWeb), live, compare_inputs());
  EXPECT_EQ(row(changed, "a"), "OutOfSync ");
  EXPECT_THAT(changed.undecided, ElementsAre(0U));

  const Comparison extra = compare({}, live_of_web(kWeb), compare_inputs());
  EXPECT_EQ(extra.code, SyncCode::out_of_sync);
  EXPECT_EQ(row(extra, "s"), "OutOfSync prune Healthy");
}

TEST(Compare, ARememberedVerdictSettlesADifference) {
  auto live = live_of_web(kWeb);
  live[0].object.tree().set_at({"data", "k"}, "other");
  CompareInputs inputs = compare_inputs();
  inputs.verdict = [](const k8s::ObjectKey& key,
                      std::string_view about) -> std::optional<diff::DryRunVerdict> {
    EXPECT_EQ(key.name, "a");
    return diff::DryRunVerdict{.key = std::string(about), .diff = {}};
  };
  const Comparison c = compare(targets_of(kWeb), live, inputs);
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_THAT(c.undecided, IsEmpty());
}

TEST(Compare, OthersObjectsAreNoExtras) {
  auto live = live_of_web(kWeb);
  api::set_tracking(live[0].object, "other", "shop", {});
  live[1].object.tree().set_at(
      {"metadata", "ownerReferences"},
      value::Value::array({value::Value::object({{"uid", value::Value("x")}})}));
  const Comparison c = compare({}, live, compare_inputs());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_THAT(c.statuses, IsEmpty());
}

TEST(Compare, ATargetThatAnotherApplicationTracksIsShared) {
  auto live = live_of_web(kWeb);
  api::set_tracking(live[0].object, "other", "shop", {});
  const Comparison c = compare(targets_of(kWeb), live, compare_inputs());
  EXPECT_THAT(c.shared, ElementsAre("ConfigMap/a is part of applications argocd/web and other"));
  EXPECT_EQ(row(c, "a"), "OutOfSync ");  // its tracking id is to become ours
}

TEST(Compare, ACopyOfATrackedObjectIsShownOnly) {
  auto live = live_of_web(kWeb);
  live[0].object.tree().set_at({"metadata", "name"}, "copy");
  const Comparison c = compare({}, {live[0]}, compare_inputs());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_EQ(row(c, "copy"), " ");
}

TEST(Compare, ALiveHookIsShownOnly) {
  auto live = live_of_web(
      "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop, annotations: "
      "{argocd.argoproj.io/hook: PreSync}}, status: {conditions: [{type: Failed}]}}");
  const Comparison c = compare({}, live, compare_inputs());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_EQ(c.health.code, health::Code::healthy);
  EXPECT_EQ(row(c, "j"), " prune hook Degraded");
  EXPECT_FALSE(c.resources.at(0).requires_pruning());
}

TEST(Compare, IgnoreExtraneousKeepsTheApplicationInSync) {
  auto live = live_of_web(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: shop, annotations: "
      "{argocd.argoproj.io/compare-options: IgnoreExtraneous}}}");
  const Comparison c = compare({}, live, compare_inputs());
  EXPECT_EQ(c.code, SyncCode::synced);
  EXPECT_EQ(row(c, "x"), "OutOfSync prune ");
}

TEST(Compare, AKindThatCannotBeListedIsUnknown) {
  CompareInputs inputs = compare_inputs();
  inputs.unlistable = {{.group = "", .kind = "ConfigMap"}};
  const auto live = live_of_web(kWeb);
  const Comparison c = compare(targets_of(kWeb), {live[1]}, inputs);
  EXPECT_EQ(c.code, SyncCode::unknown);
  EXPECT_EQ(row(c, "a"), "Unknown Missing");
}

TEST(Compare, ProjectRulesMakeTargetsUnknownAndHideExtras) {
  api::Project project;
  project.namespace_resource_blacklist = {{.group = "", .kind = "ConfigMap", .name = ""}};
  CompareInputs inputs = compare_inputs();
  inputs.project = &project;
  EXPECT_EQ(row(compare(targets_of(kWeb), live_of_web(kWeb), inputs), "a"), "Unknown ");
  EXPECT_THAT(compare({}, live_of_web(kWeb), inputs).statuses, IsEmpty());
  // As in Argo CD a sync of it is tried, so that its result says what is forbidden.
  EXPECT_EQ(compare(targets_of(kWeb), {}, inputs).code, SyncCode::out_of_sync);
}

TEST(Compare, TheNamespaceThatWeCreatedIsNotExtra) {
  const auto live = live_of_web("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
  CompareInputs inputs = compare_inputs();
  EXPECT_EQ(compare({}, live, inputs).code, SyncCode::out_of_sync);
  inputs.create_namespace = true;
  EXPECT_EQ(compare({}, live, inputs).code, SyncCode::synced);
}

TEST(Compare, TheOrderOfTheInputsDoesNotMatter) {
  auto targets = targets_of(kWeb);
  auto live = live_of_web(kWeb);
  const Comparison one = compare(targets, live, compare_inputs());
  std::ranges::reverse(targets);
  std::ranges::reverse(live);
  const Comparison two = compare(targets, live, compare_inputs());
  ASSERT_EQ(one.resources.size(), two.resources.size());
  for (std::size_t i = 0; i < one.resources.size(); ++i)
    EXPECT_EQ(one.resources[i].key, two.resources[i].key);
}

TEST(Compare, IgnoreHealthcheckIsNotCounted) {
  auto live = live_of_web(
      "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p, namespace: shop}, status: "
      "{phase: Lost}}");
  EXPECT_EQ(compare({}, live, compare_inputs()).health.code, health::Code::degraded);
  live[0].object.set_annotation("argocd.argoproj.io/ignore-healthcheck", "true");
  EXPECT_EQ(compare({}, live, compare_inputs()).health.code, health::Code::healthy);
}

}  // namespace
}  // namespace tiphys::plan
