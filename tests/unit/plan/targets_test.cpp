#include "unit/plan/objects.hpp"

#include <gmock/gmock.h>

namespace tiphys::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Targets, NamespacesAreFilledOrStripped) {
  const Targets targets = prepare_targets(objects(R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, namespace: x}}
---
{apiVersion: a/v1, kind: Unknown, metadata: {name: u}}
)"),
                                          target_context());
  std::vector<std::string> keys;
  keys.reserve(targets.objects.size());
  for (const auto& target : targets.objects) keys.push_back(target.key().text());
  EXPECT_THAT(keys, ElementsAre("/ConfigMap/other/a", "/ConfigMap/shop/a", "a/Unknown/shop/u",
                                "rbac.authorization.k8s.io/ClusterRole//r"));
  EXPECT_FALSE(targets.objects.back().metadata().entries().contains("namespace"));
  EXPECT_EQ(targets.objects.back().annotation("argocd.argoproj.io/tracking-id"),
            "web:rbac.authorization.k8s.io/ClusterRole:shop/r");
}

TEST(Targets, TheLastOfRepeatedOnesIsKeptWithAWarning) {
  const Targets targets = prepare_targets(objects(R"(
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {v: "1"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {v: "2"}}
)"),
                                          target_context());
  ASSERT_EQ(targets.objects.size(), 1U);
  EXPECT_EQ(targets.objects[0].tree()["data"]["v"].text(), "2");
  EXPECT_THAT(
      targets.repeated,
      ElementsAre("Resource /ConfigMap/shop/a appeared 2 times among application resources."));
}

TEST(Targets, HelmTestsAreLeftOutAndOtherHooksApart) {
  const Targets targets = prepare_targets(objects(R"(
{apiVersion: v1, kind: Pod, metadata: {name: t, annotations: {helm.sh/hook: test-success}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: j, annotations: {helm.sh/hook: pre-install}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {generateName: g-}}
---
{apiVersion: batch/v1, kind: Job, metadata: {generateName: h-, annotations: {argocd.argoproj.io/hook: PostSync}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: d, annotations: {helm.sh/hook: pre-delete}}}
)"),
                                          target_context());
  EXPECT_THAT(targets.refused, ElementsAre("not supported: helm.sh/hook pre-delete (Job/d)",
                                           "not supported: metadata.generateName (Job/g-)"));
  EXPECT_TRUE(targets.objects.empty());
  ASSERT_EQ(targets.hooks.size(), 2U);
  EXPECT_EQ(targets.hooks[0].name(), "j");
  EXPECT_EQ(targets.hooks[0].namespace_(), "shop");
  EXPECT_EQ(targets.hooks[1].generate_name(), "h-");
}

TEST(Targets, ExcludedKindsAndMissingNamespacesAreNamed) {
  TargetContext context = target_context();
  context.destination_namespace = "";
  context.excluded = [](const k8s::GroupKind& kind) { return kind.kind == "Lease"; };
  const Targets targets = prepare_targets(objects(R"(
{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
)"),
                                          context);
  EXPECT_THAT(targets.excluded,
              ElementsAre("Resource coordination.k8s.io/Lease l is excluded in the settings"));
  EXPECT_THAT(targets.invalid, ElementsAre("Namespace for a v1, Kind=ConfigMap is missing."));
}

TEST(Targets, TheRenderedObjectsStayAsTheyWere) {
  const auto rendered = objects("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
  const Targets targets = prepare_targets(rendered, target_context());
  EXPECT_EQ(rendered[0].namespace_(), "");
  EXPECT_EQ(targets.objects[0].namespace_(), "shop");
  EXPECT_THAT(targets.refused, IsEmpty());
}

}  // namespace
}  // namespace tiphys::plan
