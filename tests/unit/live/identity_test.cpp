#include "tiphys/live/identity.hpp"

#include "unit/kube/scripted_api.hpp"

#include <gtest/gtest.h>

namespace tiphys::live {
namespace {

using kube::testing::client_of;
using kube::testing::json;
using kube::testing::ScriptedApi;
using kube::testing::status;

class Identity : public ::testing::Test {
 protected:
  base::Result<ClusterIdentity> read(Serves serves) {
    return read_identity(*client_, serves, "argocd",
                         base::Deadline::after(clock_, std::chrono::seconds(20)));
  }
  void serve(const std::string& name, const std::string& uid) {
    api_.then(json(200, R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + name +
                            R"(","uid":")" + uid + R"("}})"));
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> paths;
    for (const auto& request : api_.requests()) paths.push_back(request.path);
    return paths;
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  ScriptedApi api_{io_};
  std::unique_ptr<kube::Client> client_ = client_of(api_, http_, io_, clock_);
};

using Paths = std::vector<std::string>;

TEST_F(Identity, IsTheUidOfKubeSystem) {
  serve("kube-system", "u-1");
  const auto identity = read(Serves::cluster);
  ASSERT_TRUE(identity.ok()) << identity.error().text();
  EXPECT_EQ(*identity, (ClusterIdentity{"u-1", "kube-system"}));
  EXPECT_EQ(asked(), Paths({"/api/v1/namespaces/kube-system"}));
}

TEST_F(Identity, IsTheUidOfTheControlNamespaceWhereKubeSystemIsForbidden) {
  api_.then(status(403, "Forbidden", "namespaces \\\"kube-system\\\" is forbidden"));
  serve("argocd", "u-2");
  const auto identity = read(Serves::cluster);
  ASSERT_TRUE(identity.ok()) << identity.error().text();
  EXPECT_EQ(*identity, (ClusterIdentity{"u-2", "argocd"}));
}

TEST_F(Identity, OfAnInstallationForSingleNamespacesNeverAsksForKubeSystem) {
  serve("argocd", "u-2");
  const auto identity = read(Serves::single_namespaces);
  ASSERT_TRUE(identity.ok()) << identity.error().text();
  EXPECT_EQ(*identity, (ClusterIdentity{"u-2", "argocd"}));
  EXPECT_EQ(asked(), Paths({"/api/v1/namespaces/argocd"}));
}

TEST_F(Identity, IsNotGuessedFromAnotherNamespaceAfterAnotherError) {
  api_.then(status(400, "BadRequest", "no"));
  const auto identity = read(Serves::cluster);
  ASSERT_FALSE(identity.ok());
  EXPECT_EQ(identity.error().text(), "get namespaces kube-system: no");
  EXPECT_EQ(asked().size(), 1U);
}

TEST_F(Identity, ThatMayNotBeReadIsAnErrorThatNamesTheNamespace) {
  api_.then(status(403, "Forbidden", "no"));
  api_.then(status(403, "Forbidden", "no"));
  const auto identity = read(Serves::cluster);
  ASSERT_FALSE(identity.ok());
  EXPECT_EQ(identity.error().text(), "the cluster's identity: get namespaces argocd: no");
}

}  // namespace
}  // namespace tiphys::live
