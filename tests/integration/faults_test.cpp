// What dies under the controller, and the controller itself: nothing is lost, nothing is repeated.
#include "integration/faults_bed.hpp"
#include "support/fault_proxy.hpp"

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};

using Faults = FaultsBed;

class KilledInASync : public FaultsBed, public testing::WithParamInterface<const char*> {};

TEST_P(KilledInASync, LosesAndRepeatsNothing) {
  const auto commit = first_commit();
  auto audit = plane_.audit();
  {
    auto doomed = tiphys_.start({.environment = {{"TIPHYS_FAILPOINTS", GetParam()}}});
    tiphys_.apply(app());
    ASSERT_EQ(doomed.wait(kLimit), 86) << doomed.log_text();
  }
  auto controller = tiphys_.start();
  const auto status = tiphys_.wait_for(name_, "Synced", "Healthy", commit)["status"];
  EXPECT_EQ(status.at({"operationState", "phase"}).text(), "Succeeded");
  EXPECT_EQ(status["history"].size(), 1U);
  expect_one_write_an_object(audit, 4);
}

INSTANTIATE_TEST_SUITE_P(Moments, KilledInASync,
                         testing::Values("controller.before-operation-start=exit@1",
                                         "controller.after-operation-start=exit@1",
                                         "sync.before-apply=exit@2", "sync.after-apply=exit@2",
                                         "controller.before-operation-end=exit@1",
                                         "controller.after-operation-end=exit@1"),
                         [](const auto& moment) {
                           std::string name(moment.param);
                           std::erase_if(name, [](char c) { return c == '.' || c == '-'; });
                           return name.substr(0, name.find('='));
                         });

TEST_F(Faults, PrunesAtItsStartTheLastObjectOfAKindThatLeftGit) {
  auto files = sample_chart("chart");
  files["chart/templates/limits.yaml"] =
      "apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: harbour-limits\nspec:\n  limits:\n"
      "    - {type: PersistentVolumeClaim, max: {storage: 4Gi}}\n";
  const auto first = git_.repo("gitops").commit(files, "chart");
  const std::string limits = "/api/v1/namespaces/" + target_ + "/limitranges/harbour-limits";
  {
    auto controller = tiphys_.start();
    tiphys_.apply(app());
    tiphys_.wait_for(name_, "Synced", "Healthy", first);
    ASSERT_EQ(plane_.get(limits).status, 200);
    controller.kill_now();
  }
  const auto second = git_.repo("gitops").remove({"chart/templates/limits.yaml"});
  auto controller = tiphys_.start();
  plane_.wait_until_gone(limits, kLimit);
  tiphys_.wait_for(name_, "Synced", "Healthy", second);
  EXPECT_EQ(plane_.get(deployment()).status, 200);
}

TEST_F(Faults, GoesOnWhenTheGitServerIsBack) {
  const auto first = first_commit();
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "2s"}});
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", first);
  auto audit = plane_.audit();
  const auto second = git_.repo("gitops").remove({"chart/templates/extra.yaml"});
  git_.stop();
  tiphys_.refresh(name_);
  tiphys_.wait_for_condition(name_, "ComparisonError", git_.url("gitops"));
  plane_.sync_audit(audit);
  EXPECT_EQ(audit.count({.name_space = target_, .user_agent = "tiphys/", .writes_only = true}), 0U);
  git_.start();
  const auto object = tiphys_.wait_for(name_, "Synced", "Healthy", second);
  EXPECT_EQ(object.at({"status", "conditions"}).size(), 0U);
}

TEST_F(Faults, AServerThatHangsInAPackHoldsUpNoOtherRepository) {
  const auto stuck = first_commit();
  GitServer other;
  const auto commit = other.repo("gitops").commit(sample_chart("chart"), "chart");
  git_.hang_in_pack(100);
  auto controller = tiphys_.start({.flags = {"--git-poll-interval", "2s"}});
  tiphys_.apply(app());
  require_within(kLimit, "a fetch that hangs", [&] {
    const auto fetches = git_.requests("fetch");
    return !fetches.empty() && fetches.front().fault == "hang";
  });
  auto second = app();
  second.name = unique_name("app");
  second.repo_url = other.url("gitops");
  tiphys_.apply(second);
  tiphys_.wait_for(second.name, "Synced", "Healthy", commit);
  // 30 s of silence end the fetch; the application says why.
  tiphys_.wait_for_condition(name_, "ComparisonError", git_.url("gitops"));
  EXPECT_EQ(plane_.get(deployment()).status, 404);
  git_.heal();
  tiphys_.wait_for(name_, "Synced", "Healthy", stuck);
}

class WatchFaults : public FaultsBed {
 protected:
  std::unique_ptr<FaultProxy> proxy_ = FaultProxy::api_server(plane_);

  Process start_synced() {
    const auto commit = first_commit();
    auto controller = tiphys_.start({.server = proxy_->url()});
    tiphys_.apply(app());
    tiphys_.wait_for(name_, "Synced", "Healthy", commit);
    return controller;
  }
};

TEST_F(WatchFaults, HealsAfterTheWatchesWereCut) {
  auto controller = start_synced();
  EXPECT_GT(proxy_->cut(), 0U);
  scale_by_hand(5);
  wait_for_self_heal();
  EXPECT_GT(proxy_->reset(), 0U);
  scale_by_hand(6);
  wait_for_self_heal();
}

TEST_F(WatchFaults, ListsAgainAfterA410) {
  auto controller = start_synced();
  for (const auto how : {FaultProxy::Expired::as_event, FaultProxy::Expired::as_status}) {
    proxy_->scope(FaultProxy::Requests::watches, "/deployments");
    // Two such watches: of the objects, and of an Argo CD that may run beside.
    proxy_->expire_watches(2, how);
    auto audit = plane_.audit();
    EXPECT_GT(proxy_->cut(), 0U);
    scale_by_hand(5);
    wait_for_self_heal();
    require_within(kLimit, "a list after the 410", [&] {
      plane_.sync_audit(audit);
      return audit.count({.verb = "list", .resource = "deployments", .user_agent = "tiphys/"}) > 0;
    });
  }
}

TEST_F(WatchFaults, LateWatchesCauseNoSecondWrite) {
  const auto commit = first_commit();
  proxy_->delay(milliseconds(2'000));
  auto audit = plane_.audit();
  auto controller = tiphys_.start({.server = proxy_->url()});
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  expect_one_write_an_object(audit, 4);
}

}  // namespace
}  // namespace tiphys::test
