#include "tiphys/plan/removal.hpp"

#include "unit/plan/objects.hpp"

namespace tiphys::plan {
namespace {

using api::Removal;

struct Case {
  const char* annotations;
  const char* app_options;
  Removal prune;
  Removal remove;
};
class RemovalCase : public testing::TestWithParam<Case> {};

TEST_P(RemovalCase, IsDecided) {
  const auto live =
      object(std::string("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {") +
             GetParam().annotations + "}}}");
  const auto options = api::parse_sync_options_annotation(GetParam().app_options);
  EXPECT_EQ(may_prune(live, options).removal, GetParam().prune);
  EXPECT_EQ(may_delete(live, options).removal, GetParam().remove);
}

INSTANTIATE_TEST_SUITE_P(
    All, RemovalCase,
    testing::Values(
        Case{"", "", Removal::allow, Removal::allow},
        Case{"argocd.argoproj.io/sync-options: Prune=false", "", Removal::never, Removal::allow},
        Case{"argocd.argoproj.io/sync-options: Prune=confirm", "", Removal::confirm,
             Removal::confirm},
        Case{"argocd.argoproj.io/sync-options: Delete=false", "", Removal::never, Removal::never},
        Case{"argocd.argoproj.io/sync-options: Delete=confirm", "", Removal::confirm,
             Removal::confirm},
        Case{"helm.sh/resource-policy: keep", "", Removal::never, Removal::never},
        Case{"", "Prune=false", Removal::never, Removal::allow},
        Case{"argocd.argoproj.io/sync-options: Prune=true", "Prune=false", Removal::allow,
             Removal::allow},
        Case{"", "Delete=false", Removal::allow, Removal::never},
        Case{"", "Prune=confirm", Removal::confirm, Removal::confirm},
        Case{"argocd.argoproj.io/sync-options: 'Delete=true, Prune=true'",
             "Delete=confirm,Prune=confirm", Removal::allow, Removal::allow}));

TEST(MayDelete, CustomResourceDefinitionsStay) {
  const auto crd = object(
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}");
  EXPECT_EQ(may_delete(crd, {}).removal, Removal::never);
  EXPECT_EQ(may_delete(crd, {}).reason, "CustomResourceDefinition");
}

}  // namespace
}  // namespace tiphys::plan
