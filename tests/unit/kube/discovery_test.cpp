#include "tiphys/kube/discovery.hpp"

#include "unit/kube/scripted_api.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::kube {
namespace {

using std::chrono::seconds;
using testing::client_of;
using testing::json;
using testing::ScriptedApi;
using testing::status;

const char* const kCore = R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[
  {"version":"v1","freshness":"Current","resources":[
    {"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced",
     "verbs":["get","list"],"subresources":[{"subresource":"log"},
       {"subresource":"eviction","responseKind":{"group":"policy","version":"v1","kind":"Eviction"}}]},
    {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster","verbs":["get"]}]}]}]})";

std::string groups(const std::string& freshness) {
  return R"({"kind":"APIGroupDiscoveryList","items":[
    {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":")" +
         freshness + R"(","resources":)" +
         (freshness == "Stale"
              ? "[]"
              : R"([{"resource":"nodes","responseKind":{"kind":"NodeMetrics"},"scope":"Cluster","verbs":["get"]}])") +
         R"(}]},
    {"metadata":{"name":"autoscaling"},"versions":[
      {"version":"v2","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers",
        "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]}]},
      {"version":"v1","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers",
        "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]}]}]}]})";
}

class DiscoveryTest : public ::testing::Test {
 protected:
  base::Status refresh() { return discovery_.refresh(base::Deadline::after(clock_, seconds(20))); }
  void serve(const std::string& freshness) {
    api_.then(json(200, kCore));
    api_.then(json(200, groups(freshness)));
    api_.then(json(200, R"({"major":"1","minor":"36","gitVersion":"v1.36.3"})"));
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  ScriptedApi api_{io_};
  std::unique_ptr<Client> client_ = client_of(api_, http_, io_, clock_);
  Discovery discovery_{*client_};
};

TEST_F(DiscoveryTest, KnowsKindsAndTheirPreferredVersion) {
  serve("Current");
  const auto done = refresh();
  ASSERT_TRUE(done.ok()) << done.error().text();
  const auto hpa = discovery_.resource(k8s::GroupKind{"autoscaling", "HorizontalPodAutoscaler"});
  ASSERT_TRUE(hpa.has_value());
  EXPECT_EQ(hpa->version, "v2");
  const auto old =
      discovery_.resource(k8s::GroupVersionKind{"autoscaling", "v1", "HorizontalPodAutoscaler"});
  ASSERT_TRUE(old.has_value());
  EXPECT_EQ(old->version, "v1");
  EXPECT_FALSE(discovery_.resource(k8s::GroupVersionKind{"", "v1", "Service"}).has_value());
  EXPECT_FALSE(discovery_.resource(k8s::GroupKind{"", "Namespace"})->namespaced);
  EXPECT_EQ(discovery_.version().git_version, "v1.36.3");
  EXPECT_EQ(discovery_.preferred().size(), 4U);
  EXPECT_EQ(discovery_.api_versions(),
            (std::vector<std::string>{
                "autoscaling/v1", "autoscaling/v1/HorizontalPodAutoscaler", "autoscaling/v2",
                "autoscaling/v2/HorizontalPodAutoscaler", "metrics.k8s.io/v1beta1",
                "metrics.k8s.io/v1beta1/NodeMetrics", "v1", "v1/Namespace", "v1/Pod"}));
  auto with_parts = discovery_.api_versions();
  with_parts.insert(with_parts.end() - 2, "v1/Eviction");
  EXPECT_EQ(discovery_.all_api_versions(), with_parts);
  EXPECT_NE(api_.requests().at(0).header("Accept").find("as=APIGroupDiscoveryList"),
            std::string_view::npos);
}

TEST_F(DiscoveryTest, KeepsAGroupThatCannotBeAsked) {
  serve("Current");
  ASSERT_TRUE(refresh().ok());
  serve("Stale");
  ASSERT_TRUE(refresh().ok());
  EXPECT_TRUE(discovery_.resource(k8s::GroupKind{"metrics.k8s.io", "NodeMetrics"}).has_value());
  EXPECT_TRUE(discovery_.stale("metrics.k8s.io"));
  EXPECT_FALSE(discovery_.stale("autoscaling"));
  EXPECT_FALSE(discovery_.stale(""));
}

TEST_F(DiscoveryTest, KeepsEverythingWhenARefreshFails) {
  serve("Current");
  ASSERT_TRUE(refresh().ok());
  api_.then(status(403, "Forbidden", "no"));
  EXPECT_FALSE(refresh().ok());
  EXPECT_TRUE(discovery_.resource(k8s::GroupKind{"", "Pod"}).has_value());
}

TEST_F(DiscoveryTest, AsksTheOlderWay) {
  api_.then(json(200, R"({"kind":"APIVersions","versions":["v1"]})"));
  api_.then(json(200, R"({"kind":"APIResourceList","groupVersion":"v1","resources":[
      {"name":"pods","namespaced":true,"kind":"Pod","verbs":["list"]},
      {"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]},
      {"name":"pods/eviction","namespaced":true,"kind":"Eviction","verbs":["create"]}]})"));
  api_.then(json(200, R"({"kind":"APIGroupList","groups":[
      {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},
        {"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"version":"v1"}},
      {"name":"broken.io","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}}]})"));
  const char* const deployments = R"(","resources":[
      {"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["list"]}]})";
  api_.then(json(200, std::string(R"({"groupVersion":"apps/v1)") + deployments));
  api_.then(json(200, std::string(R"({"groupVersion":"apps/v1beta1)") + deployments));
  api_.then(status(404, "NotFound", "gone"));
  api_.then(json(200, R"({"gitVersion":"v1.25.0"})"));
  const auto done = refresh();
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(discovery_.resource(k8s::GroupKind{"apps", "Deployment"})->version, "v1");
  EXPECT_EQ(discovery_.surface()->resources.size(), 3U);
  EXPECT_TRUE(discovery_.stale("broken.io"));
  EXPECT_EQ(std::ranges::count(discovery_.all_api_versions(), "v1/Eviction"), 1);
}

}  // namespace
}  // namespace tiphys::kube
