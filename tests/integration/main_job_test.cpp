// The main job: what the quickstart shows, checked against the API server and its audit log.
#include "integration/installation.hpp"

#include <gtest/gtest.h>

namespace tiphys::test {
namespace {

/// Under an overlay of deploy/: the controller's account has exactly that overlay's rules. That of
/// a namespace serves no other, so that its applications go beside it.
class MainJob : public testing::TestWithParam<Installation::Overlay> {
 protected:
  explicit MainJob(Installation::Overlay overlay = GetParam())
      : overlay_(overlay), tiphys_(plane_, overlay) {}

  const Installation::Overlay overlay_;
  ControlPlane& plane_ = ControlPlane::shared();
  Installation tiphys_;
  GitServer git_;
  std::string target_ =
      overlay_ == Installation::Overlay::cluster ? unique_name("target") : tiphys_.namespace_();

  std::string first_commit() { return git_.repo("gitops").commit(sample_chart("chart"), "chart"); }
  Installation::App app() {
    Installation::App made;
    made.name = "harbour";
    made.repo_url = git_.url("gitops");
    made.destination = target_;
    made.create_namespace = overlay_ == Installation::Overlay::cluster;
    return made;
  }
  std::string deployment() const {
    return "/apis/apps/v1/namespaces/" + target_ + "/deployments/harbour-harbour";
  }
  std::string config_map(const std::string& name) const {
    return "/api/v1/namespaces/" + target_ + "/configmaps/" + name;
  }
  /// Writes of the user's objects since the log's mark.
  std::vector<AuditEvent> object_writes(AuditLog& audit) const {
    plane_.sync_audit(audit);
    auto writes =
        audit.select({.name_space = target_, .user = tiphys_.user(), .writes_only = true});
    std::erase_if(writes, [](const AuditEvent& event) {
      return event.group == "argoproj.io" || event.resource == "events" ||
             event.resource == "leases";
    });
    return writes;
  }
  void TearDown() override { plane_.remove("/api/v1/namespaces/" + target_); }
};

INSTANTIATE_TEST_SUITE_P(Overlays, MainJob,
                         testing::Values(Installation::Overlay::cluster,
                                         Installation::Overlay::namespaced),
                         [](const auto& overlay) {
                           return overlay.param == Installation::Overlay::cluster ? "cluster"
                                                                                  : "namespaced";
                         });

class ClusterJob : public MainJob {
 protected:
  ClusterJob() : MainJob(Installation::Overlay::cluster) {}
};

TEST_P(MainJob, MakesAnApplicationSyncedAndHealthyWithOneWriteAnObject) {
  const auto commit = first_commit();
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  const auto status = tiphys_.wait_for("harbour", "Synced", "Healthy", commit)["status"];
  EXPECT_EQ(status.at({"operationState", "phase"}).text(), "Succeeded");
  EXPECT_EQ(status["history"].size(), 1U);
  EXPECT_EQ(status["resources"].size(), 4U);
  EXPECT_EQ(status["sourceType"].text(), "Helm");
  EXPECT_EQ(status.at({"summary", "images"}).items().at(0).text(), "example.org/harbour:1.0.0");
  std::map<std::string, int> writes;
  for (const auto& event : object_writes(audit)) ++writes[event.resource + "/" + event.name];
  for (const auto& [object, count] : writes) EXPECT_EQ(count, 1) << object;
  EXPECT_GE(writes.size(), 4U);
  EXPECT_LE(audit.count({.verb = "patch",
                         .resource = "applications",
                         .name_space = tiphys_.namespace_(),
                         .user_agent = "tiphys/"}),
            3U);
  EXPECT_EQ(controller.terminate(milliseconds(10'000)), 0);
}

TEST_P(MainJob, RollsOutACommitThatBumpsTheImageTag) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  auto values = sample_chart("chart").at("chart/values.yaml");
  values.replace(values.find("tag: \"\""), 7, "tag: \"1.1.0\"");
  const auto second = git_.repo("gitops").commit({{"chart/values.yaml", values}}, "bump");
  tiphys_.refresh("harbour");
  const auto object = tiphys_.wait_for("harbour", "Synced", "Healthy", second);
  EXPECT_EQ(object.at({"metadata", "annotations"})["argocd.argoproj.io/refresh"].text(), "");
  EXPECT_EQ(object.at({"status", "history"}).size(), 2U);
  const auto live = plane_.get(deployment()).body;
  EXPECT_EQ(live.at({"spec", "template", "spec", "containers"}).items().at(0)["image"].text(),
            "example.org/harbour:1.1.0");
}

TEST_P(MainJob, RevertsAnEditByHand) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  plane_.merge_patch(deployment(),
                     value::Value::object({{"spec", value::Value::object({{"replicas", 5}})}}));
  plane_.wait_for(deployment(), "2 replicas again", [](const value::Value& object) {
    return object.at({"spec", "replicas"}).integer_or(0) == 2;
  });
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
}

TEST_P(MainJob, PrunesWhatLeftGit) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  ASSERT_EQ(plane_.get(config_map("harbour-harbour-extra")).status, 200);
  const auto second = git_.repo("gitops").remove({"chart/templates/extra.yaml"});
  tiphys_.refresh("harbour");
  plane_.wait_until_gone(config_map("harbour-harbour-extra"));
  tiphys_.wait_for("harbour", "Synced", "Healthy", second);
  EXPECT_EQ(plane_.get(config_map("harbour-harbour")).status, 200);
}

TEST_P(MainJob, ReportsABrokenCommitAndLosesNothing) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  tiphys_.apply(app());
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  auto audit = plane_.audit();
  git_.repo("gitops").commit({{"chart/values.yaml", "replicaCount: ["}}, "break");
  tiphys_.refresh("harbour");
  const auto object = tiphys_.wait_for_condition("harbour", "ComparisonError", "values.yaml");
  EXPECT_EQ(object.at({"status", "sync", "status"}).text(), "Unknown");
  EXPECT_EQ(object.at({"status", "health", "status"}).text(), "Healthy");
  EXPECT_EQ(plane_.get(deployment()).status, 200);
  EXPECT_TRUE(object_writes(audit).empty());
}

TEST_F(ClusterJob, OnlyReportsWhereNothingIsAutomated) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  auto manual = app();
  manual.automated = false;
  tiphys_.apply(manual);
  tiphys_.wait_for("harbour", "OutOfSync", "Missing", first);
  EXPECT_EQ(plane_.get("/api/v1/namespaces/" + target_).status, 404);
  // `.operation` starts it, as kubectl patch or Argo CD's tools would.
  plane_.merge_patch(
      tiphys_.path("harbour"),
      value::Value::object(
          {{"operation",
            value::Value::object({{"sync", value::Value::object({{"revision", first}})},
                                  {"initiatedBy", value::Value::object({{"username", "qa"}})}})}}));
  const auto object = tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  EXPECT_TRUE(object["operation"].is_null());
  EXPECT_EQ(object.at({"status", "operationState", "operation", "initiatedBy", "username"}).text(),
            "qa");
}

TEST_F(ClusterJob, DeletesWithTheFinalizerAndLeavesWithoutIt) {
  const auto first = first_commit();
  auto controller = tiphys_.start();
  auto cascading = app();
  cascading.finalizer = true;
  tiphys_.apply(cascading);
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  plane_.remove(tiphys_.path("harbour"));
  plane_.wait_until_gone(tiphys_.path("harbour"), milliseconds(60'000));
  EXPECT_EQ(plane_.get(deployment()).status, 404);
  EXPECT_EQ(plane_.get(config_map("harbour-harbour")).status, 404);

  tiphys_.apply(app());
  tiphys_.wait_for("harbour", "Synced", "Healthy", first);
  plane_.remove(tiphys_.path("harbour"));
  plane_.wait_until_gone(tiphys_.path("harbour"));
  EXPECT_EQ(plane_.get(deployment()).status, 200);
}

}  // namespace
}  // namespace tiphys::test
