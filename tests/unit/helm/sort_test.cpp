#include "helm/sort.hpp"

#include <gtest/gtest.h>

namespace tiphys::helm {
namespace {

using Texts = std::vector<std::string_view>;

TEST(Split, Helm4KeepsTrailingNewlines) {
  EXPECT_EQ(split_manifests("\n---\n  a: 1\n\n---\nb: 2\n--- \n", Profile::v4_2),
            (Texts{"a: 1\n\n", "b: 2\n"}));
  EXPECT_EQ(split_manifests("---b: 2\n----\n", Profile::v4_2), (Texts{"b: 2\n", "-\n"}));
}

TEST(Split, Helm3TrimsBothEnds) {
  EXPECT_EQ(split_manifests("\n---\n  a: 1\n\n---\nb: 2\n", Profile::v3_21),
            (Texts{"a: 1", "b: 2"}));
}

TEST(Split, Helm3TakesASecondSeparatorForText) {
  EXPECT_EQ(split_manifests("a: 1\n---\n\n---\nb: 2", Profile::v3_21),
            (Texts{"a: 1", "---\nb: 2"}));
}

TEST(Sort, WebhooksHaveARankInHelm4Only) {
  const std::map<std::string, std::string> files = {
      {"c/templates/a.yaml",
       "kind: ValidatingWebhookConfiguration\n---\nkind: Zoo\n---\nkind: Apple\n---\nkind: "
       "Ingress\n"}};
  const auto kinds = [&](Profile profile) {
    Manifests out;
    EXPECT_TRUE(sort_manifests(files, profile, nullptr, out).ok());
    std::vector<std::string> names;
    names.reserve(out.manifests.size());
    for (const Document& item : out.manifests) names.push_back(item.kind);
    return names;
  };
  EXPECT_EQ(
      kinds(Profile::v4_2),
      (std::vector<std::string>{"Ingress", "ValidatingWebhookConfiguration", "Apple", "Zoo"}));
  EXPECT_EQ(
      kinds(Profile::v3_21),
      (std::vector<std::string>{"Ingress", "Apple", "ValidatingWebhookConfiguration", "Zoo"}));
}

TEST(Sort, ReadsHooks) {
  Manifests out;
  ASSERT_TRUE(sort_manifests({{"c/templates/h.yaml",
                               "kind: Job\nmetadata:\n  name: h\n  annotations:\n"
                               "    helm.sh/hook: pre-install, TEST\n    helm.sh/hook-weight: -3\n"
                               "    helm.sh/hook-delete-policy: hook-failed\n"}},
                             Profile::v4_2, nullptr, out)
                  .ok());
  ASSERT_EQ(out.hooks.size(), 1U);
  EXPECT_EQ(out.hooks[0].events, (std::vector{HookEvent::pre_install, HookEvent::test}));
  EXPECT_EQ(out.hooks[0].weight, -3);
  EXPECT_EQ(out.hooks[0].delete_policies, std::vector{HookDeletePolicy::failed});
}

}  // namespace
}  // namespace tiphys::helm
