#include "support/control_plane.hpp"

#include "support/process.hpp"

#include "tiphys/value/value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::test {
namespace {

using value::Value;

class ControlPlaneTest : public ::testing::Test {
 protected:
  std::string configmaps() const { return "/api/v1/namespaces/" + space_.name() + "/configmaps"; }
  static Value configmap(const std::string& name) {
    return Value::object({{"metadata", Value::object({{"name", Value(name)}})}});
  }

  ControlPlane& plane_ = ControlPlane::shared();
  TestNamespace space_{plane_};
};

TEST_F(ControlPlaneTest, AnswersRequestsAsTheAdministrator) {
  EXPECT_EQ(plane_.get("/version").body["gitVersion"].text(), "v1.36.3");
  EXPECT_EQ(plane_.create(configmaps(), configmap("a")).status, 201);
  EXPECT_EQ(plane_.create(configmaps(), configmap("a")).status, 409);
  const auto patched = plane_.merge_patch(
      configmaps() + "/a", Value::object({{"data", Value::object({{"k", Value("v")}})}}));
  EXPECT_EQ(patched.body.at({"data", "k"}).text(), "v");
  EXPECT_EQ(plane_.remove(configmaps() + "/a").status, 200);
  EXPECT_EQ(plane_.get(configmaps() + "/a").status, 404);
}

TEST_F(ControlPlaneTest, RunsKubectl) {
  plane_.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\n", space_.name());
  EXPECT_EQ(plane_.kubectl_ok({"get", "configmap/applied", "-n", space_.name(), "-o", "name"}),
            "configmap/applied\n");
  EXPECT_THROW(plane_.kubectl_ok({"get", "nonsense"}), SupportError);
}

TEST_F(ControlPlaneTest, CountsRequestsByVerbResourceAndUserAgent) {
  AuditLog audit = plane_.audit();
  const ApiRequest create{.method = "POST",
                          .path = configmaps(),
                          .body = R"({"metadata": {"name": "counted"}})",
                          .user_agent = "counted/1"};
  ApiRequest dry_run = create;
  dry_run.path += "?dryRun=All";
  EXPECT_EQ(plane_.call(dry_run).status, 201);
  EXPECT_EQ(plane_.call(create).status, 201);
  EXPECT_EQ(plane_.call(create).status, 409);
  plane_.sync_audit(audit);
  const AuditFilter mine{
      .resource = "configmaps", .name_space = space_.name(), .user_agent = "counted/"};
  auto writes = mine;
  writes.writes_only = true;
  EXPECT_EQ(audit.count(mine), 3);
  EXPECT_EQ(audit.count(writes), 2);
  EXPECT_EQ(audit.count({.verb = "dryrun", .user_agent = "counted/"}), 1);
  EXPECT_EQ(audit.count({.user = "admin", .user_agent = "counted/", .status = 409}), 1);
  audit.mark();
  EXPECT_EQ(audit.count(mine), 0);
}

TEST_F(ControlPlaneTest, LogsInAsAServiceAccount) {
  const TempDir folder;
  for (const auto where : {ControlPlane::TokenIn::kubeconfig, ControlPlane::TokenIn::file}) {
    const auto file = folder.path() / "kubeconfig";
    plane_.write_kubeconfig(file, space_.name(), "default", {}, where);
    const auto done =
        plane_.kubectl({"--kubeconfig", file.string(), "auth", "whoami", "-o", "name"});
    const auto who = plane_.kubectl({"--kubeconfig", file.string(), "auth", "whoami", "-o",
                                     "jsonpath={.status.userInfo.username}"});
    EXPECT_EQ(who.out, "system:serviceaccount:" + space_.name() + ":default") << done.err;
  }
}

TEST(OwnControlPlane, IsStoppedAndStartedByTheTest) {
  const auto plane = ControlPlane::start();
  const TestNamespace space(*plane);
  plane->stop_apiserver();
  EXPECT_EQ(plane->get("/version").status, 0);
  plane->start_apiserver();
  EXPECT_EQ(plane->get("/api/v1/namespaces/" + space.name()).status, 200);
}

}  // namespace
}  // namespace tiphys::test
