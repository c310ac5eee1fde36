// Two controllers and one Lease, and an API server that restarts.
#include "integration/faults_bed.hpp"

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};

using Failover = FaultsBed;

std::vector<AuditEvent> writes_of(AuditLog& audit, const std::string& identity) {
  std::vector<AuditEvent> found;
  for (const auto& event : audit.select({.user_agent = "tiphys/", .writes_only = true})) {
    if (event.user_agent.ends_with("(" + identity + ")") && event.resource != "leases") {
      found.push_back(event);
    }
  }
  return found;
}

TEST_F(Failover, ACleanEndHandsOverAtOnce) {
  const auto commit = first_commit();
  auto audit = plane_.audit();
  const std::string first = unique_name("first");
  const std::string second = unique_name("second");
  auto leader = tiphys_.start({.identity = first});
  leader.wait_for_log("leadership won", kLimit);
  auto waiting = tiphys_.start({.identity = second});
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  plane_.sync_audit(audit);
  EXPECT_TRUE(writes_of(audit, second).empty());
  const auto holder = [&] {
    return plane_.kubectl_ok({"get", "leases", "-n", tiphys_.namespace_(), "-o",
                              "jsonpath={.items[*].spec.holderIdentity}"});
  };
  EXPECT_EQ(holder(), first);
  EXPECT_EQ(leader.terminate(kLimit), 0);
  // Given up, not left to expire: a Lease that still ran would name the first one for 15 s more.
  EXPECT_NE(holder(), first);
  waiting.wait_for_log("leadership won", kLimit);
  scale_by_hand(5);
  wait_for_self_heal();
}

TEST(ApiServer, GoesOnWhenItIsRestarted) {
  const auto plane = ControlPlane::start();
  Installation tiphys(*plane);
  GitServer git;
  const auto first = git.repo("gitops").commit(sample_chart("chart"), "chart");
  auto controller = tiphys.start({.flags = {"--git-poll-interval", "2s"}});
  tiphys.apply({.name = "harbour", .repo_url = git.url("gitops"), .destination = "harbour"});
  tiphys.wait_for("harbour", "Synced", "Healthy", first);
  // An API server that has just started answers before it has read the rules of RBAC.
  tiphys.expect_forbidden();
  plane->stop_apiserver();
  const auto second = git.repo("gitops").remove({"chart/templates/extra.yaml"});
  plane->start_apiserver();
  tiphys.wait_for("harbour", "Synced", "Healthy", second);
  EXPECT_EQ(plane->get("/api/v1/namespaces/harbour/configmaps/harbour-harbour-extra").status, 404);
  EXPECT_TRUE(controller.running());
}

}  // namespace
}  // namespace tiphys::test
