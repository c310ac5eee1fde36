#include "tiphys/controller/settings.hpp"

#include <gtest/gtest.h>

namespace tiphys::controller {
namespace {

std::string row(const Settings& settings, const std::string& name) {
  for (const auto& row : settings.rows) {
    if (row.name == name) return row.value + " (" + row.origin + ")";
  }
  return "none";
}

TEST(Settings, AreArgoCdsDefaultsWhereNothingIsSet) {
  const auto settings = resolve_settings({}, {}, {});
  ASSERT_TRUE(settings.ok()) << settings.error().text();
  EXPECT_EQ(settings->tracking.method, api::TrackingMethod::annotation);
  EXPECT_EQ(settings->tracking.instance_label, "app.kubernetes.io/instance");
  EXPECT_EQ(settings->resync, std::chrono::seconds(120));
  EXPECT_EQ(settings->resync_jitter, std::chrono::seconds(60));
  EXPECT_TRUE(settings->in_cluster_enabled);
  EXPECT_FALSE(settings->impersonation);
  EXPECT_TRUE(settings->impersonation_enforced);
  EXPECT_EQ(row(*settings, "app-resync"), "120s (default)");
}

TEST(Settings, AFlagWinsOverTheConfigMap) {
  const auto settings = resolve_settings(
      {{"app-resync", "5m"}}, {},
      {{"timeout.reconciliation", "30s"}, {"application.resourceTrackingMethod", "label"}});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(row(*settings, "app-resync"), "5m (flag)");
  EXPECT_EQ(settings->resync, std::chrono::minutes(5));
  EXPECT_EQ(row(*settings, "resource-tracking-method"), "label (argocd-cm)");
  EXPECT_EQ(settings->tracking.method, api::TrackingMethod::label);
}

TEST(Settings, BoundWhatRendersMayUse) {
  const auto settings = resolve_settings({{"render-memory", "512Mi"}, {"render-workers", "7"}},
                                         {{"tiphys.render.memory", "1Gi"},
                                          {"tiphys.render.timeout", "1m"},
                                          {"tiphys.render.output", "1M"}},
                                         {});
  ASSERT_TRUE(settings.ok()) << settings.error().text();
  EXPECT_EQ(settings->render, (RenderSettings{.workers = 7,
                                              .memory_bytes = 512ULL << 20U,
                                              .time = std::chrono::minutes(1),
                                              .cpu = std::chrono::seconds(120),
                                              .output_bytes = 1'000'000}));
  EXPECT_EQ(row(*settings, "render-memory"), "512Mi (flag)");
  EXPECT_EQ(row(*settings, "render-timeout"), "1m (argocd-cmd-params-cm)");
  EXPECT_EQ(row(*settings, "render-cpu"), "120s (default)");
  EXPECT_EQ(resolve_settings({}, {}, {})->render, RenderSettings());
  const std::pair<std::pair<std::string, std::string>, std::string> bad[] = {
      {{"tiphys.render.memory", "63Mi"}, "expected 64Mi to 16Gi, not 63Mi"},
      {{"tiphys.render.workers", "0"}, "expected a number from 1 to 64, not '0'"},
      {{"tiphys.render.workers", "4x"}, "expected a number from 1 to 64, not '4x'"},
      {{"tiphys.render.timeout", "11m"}, "expected 1s to 600s, not 11m"},
      {{"tiphys.render.cpu", "0s"}, "expected 1s to 3600s, not 0s"},
      {{"tiphys.render.output", "2Gi"}, "expected 64Ki to 1Gi, not 2Gi"}};
  for (const auto& [entry, words] : bad) {
    const auto refused = resolve_settings({}, {{entry.first, entry.second}}, {});
    ASSERT_FALSE(refused.ok()) << entry.first;
    EXPECT_EQ(refused.error().text(), "argocd-cmd-params-cm key " + entry.first + ": " + words);
  }
}

TEST(Settings, NameTheKeyOfABadValue) {
  const std::pair<ConfigData, std::string> cases[] = {
      {{{"timeout.reconciliation", "soon"}}, "argocd-cm key timeout.reconciliation"},
      {{{"application.resourceTrackingMethod", "x"}}, "application.resourceTrackingMethod"},
      {{{"cluster.inClusterEnabled", "yes"}}, "cluster.inClusterEnabled"},
      {{{"application.sync.impersonation.enabled", "1"}}, "impersonation.enabled"},
      {{{"application.sync.impersonation.enforced", "no"}}, "impersonation.enforced"},
      {{{"resource.exclusions", "a: b"}}, "resource.exclusions"},
      {{{"resource.inclusions", "- kinds: 3"}}, "resource.inclusions: kinds"},
  };
  for (const auto& [data, expected] : cases) {
    const auto settings = resolve_settings({}, {}, data);
    ASSERT_FALSE(settings.ok()) << expected;
    EXPECT_NE(settings.error().text().find(expected), std::string::npos) << settings.error().text();
  }
}

TEST(Settings, ExcludeAndIncludeKindsByGlobs) {
  const auto settings = resolve_settings(
      {}, {}, {{"resource.exclusions", "- apiGroups: ['*.cilium.io']\n- kinds: [Endpoint*]\n"}});
  ASSERT_TRUE(settings.ok()) << settings.error().text();
  EXPECT_FALSE(settings->watches({"api.cilium.io", "Anything"}));
  EXPECT_FALSE(settings->watches({"", "Endpoints"}));
  EXPECT_FALSE(settings->watches({"discovery.k8s.io", "EndpointSlice"}));
  EXPECT_TRUE(settings->watches({"apps", "Deployment"}));
  EXPECT_FALSE(settings->watches({"", "Event"}));
  EXPECT_FALSE(settings->watches({"coordination.k8s.io", "Lease"}));
  const auto only = resolve_settings({}, {}, {{"resource.inclusions", "- apiGroups: [apps]\n"}});
  EXPECT_TRUE(only->watches({"apps", "Deployment"}));
  EXPECT_FALSE(only->watches({"", "Service"}));
}

TEST(Settings, ExcludeKindsOfSomeClusters) {
  const auto settings = resolve_settings(
      {}, {}, {{"resource.exclusions", "- kinds: [Node]\n  clusters: ['https://far*']\n"}});
  ASSERT_TRUE(settings.ok()) << settings.error().text();
  EXPECT_TRUE(settings->watches({"", "Node"}));
  EXPECT_FALSE(settings->watches({"", "Node"}, "https://far.example"));
}

TEST(Settings, SaySyncsAreWrittenAsServiceAccounts) {
  const auto settings = resolve_settings({}, {},
                                         {{"application.sync.impersonation.enabled", "true"},
                                          {"application.sync.impersonation.enforced", "false"}});
  ASSERT_TRUE(settings.ok()) << settings.error().text();
  EXPECT_TRUE(settings->impersonation);
  EXPECT_FALSE(settings->impersonation_enforced);
}

TEST(Settings, AskForNewWatchesOnlyWhereTheyTellOfOtherObjects) {
  const auto given = [](const ConfigData& argocd_cm) {
    return *resolve_settings({}, {}, argocd_cm);
  };
  const Settings before = given({});
  EXPECT_TRUE(given({{"timeout.reconciliation", "5s"}}).same_objects(before));
  EXPECT_TRUE(given({{"cluster.inClusterEnabled", "false"}}).same_objects(before));
  EXPECT_TRUE(given({{"application.resourceTrackingMethod", "annotation"}}).same_objects(before));
  EXPECT_FALSE(given({{"application.resourceTrackingMethod", "label"}}).same_objects(before));
  EXPECT_FALSE(given({{"application.instanceLabelKey", "a/b"}}).same_objects(before));
  EXPECT_FALSE(given({{"installationID", "one"}}).same_objects(before));
  EXPECT_FALSE(given({{"resource.exclusions", "- kinds: [Node]"}}).same_objects(before));
  EXPECT_FALSE(given({{"resource.inclusions", "- kinds: [Node]"}}).same_objects(before));
}

}  // namespace
}  // namespace tiphys::controller
