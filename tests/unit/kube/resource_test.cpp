#include "tiphys/kube/resource.hpp"

#include <gtest/gtest.h>

namespace tiphys::kube {
namespace {

TEST(ResourceInfo, KnowsItsPaths) {
  const ResourceInfo pods{"", "v1", "pods", "Pod", true, {"get", "list"}};
  EXPECT_EQ(pods.path("ns", "a"), "/api/v1/namespaces/ns/pods/a");
  EXPECT_EQ(pods.path("ns"), "/api/v1/namespaces/ns/pods");
  EXPECT_EQ(pods.path(""), "/api/v1/pods");
  const ResourceInfo roles{
      "rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false, {}};
  EXPECT_EQ(roles.path("ignored", "system:node"),
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode");
  EXPECT_EQ(roles.text(), "clusterroles.rbac.authorization.k8s.io");
  EXPECT_TRUE(pods.can("list"));
  EXPECT_FALSE(pods.can("watch"));
}

TEST(ResourceInfo, NeverLetsANameLeaveItsPlace) {
  const ResourceInfo pods{"", "v1", "pods", "Pod", true, {}};
  EXPECT_EQ(pods.path("a/../b", "x?y#z"), "/api/v1/namespaces/a%2F..%2Fb/pods/x%3Fy%23z");
}

}  // namespace
}  // namespace tiphys::kube
