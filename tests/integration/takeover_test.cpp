// A leader that is paused past its lease, and goes on while another one leads.
#include "integration/takeover.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tiphys::test {
namespace {

constexpr milliseconds kLimit{60'000};

/// Of a first sync: its start, the six objects and the namespace before and after each is sent, its
/// end, and the status that follows.
constexpr std::array<std::string_view, 20> kMoments = {"controller.after-operation-start=stop@1",
                                                       "sync.before-apply=stop@3",
                                                       "controller.before-operation-end=stop@1",
                                                       "controller.before-operation-start=stop@1",
                                                       "controller.after-operation-end=stop@1",
                                                       "sync.before-apply=stop@1",
                                                       "sync.before-apply=stop@2",
                                                       "sync.before-apply=stop@4",
                                                       "sync.before-apply=stop@5",
                                                       "sync.before-apply=stop@6",
                                                       "sync.before-apply=stop@7",
                                                       "sync.after-apply=stop@1",
                                                       "sync.after-apply=stop@2",
                                                       "sync.after-apply=stop@3",
                                                       "sync.after-apply=stop@4",
                                                       "sync.after-apply=stop@5",
                                                       "sync.after-apply=stop@6",
                                                       "sync.after-apply=stop@7",
                                                       "controller.before-status=stop@1",
                                                       "controller.after-status=stop@1"};
/// How many are tried without TIPHYS_LONG=1, and how many wait for their Leases side by side.
constexpr std::size_t kOrdinary = 3;
constexpr std::size_t kSideBySide = 4;

bool is_long() {
  const char* text = std::getenv("TIPHYS_LONG");  // NOLINT(concurrency-mt-unsafe): one thread
  return text != nullptr && std::string_view(text) == "1";
}

class PausedPastItsLease : public testing::Test {
 protected:
  ControlPlane& plane_ = ControlPlane::shared();
  GitServer git_;
};

TEST_F(PausedPastItsLease, WritesNothingAfterTheNewLeader) {
  auto files = sample_chart("chart");
  for (const std::string name : {"one", "two"}) {
    files["chart/templates/" + name + ".yaml"] =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
  }
  const auto commit = git_.repo("gitops").commit(files, "chart");
  const std::size_t moments = is_long() ? kMoments.size() : kOrdinary;
  for (std::size_t begin = 0; begin < moments; begin += kSideBySide) {
    std::vector<std::pair<std::string_view, std::unique_ptr<Takeover>>> running;
    for (std::size_t i = begin; i < std::min(moments, begin + kSideBySide); ++i) {
      auto& [moment, takeover] =
          running.emplace_back(kMoments.at(i), std::make_unique<Takeover>(plane_, git_));
      SCOPED_TRACE(moment);
      takeover->start_holder(std::string(moment));
      takeover->apply_app();
      takeover->wait_for_stop();
      takeover->start_successor();
    }
    for (const auto& [moment, takeover] : running) {
      SCOPED_TRACE(moment);
      takeover->tiphys().wait_for(takeover->app(), "Synced", "Healthy", commit);
      takeover->wait_for_successor();
      EXPECT_EQ(takeover->tiphys().get(takeover->app()).at({"status", "history"}).size(), 1U);
      // Where the old one stopped after its last write, the new one has something to do too.
      takeover->scale_by_hand();
      takeover->wait_for_self_heal();
      takeover->resume_holder();
      EXPECT_FALSE(takeover->writes_of_successor().empty());
      for (const auto& event : takeover->late_writes()) {
        ADD_FAILURE() << event.verb << " " << event.uri;
      }
    }
  }
}

/// Stopped between the look at the Lease and the write itself, which is then sent much too late.
class PausedBeforeItsWrite : public PausedPastItsLease {
 protected:
  std::string uid(const std::string& path) const {
    return std::string(plane_.get(path).body.at({"metadata", "uid"}).text());
  }
  /// What was sent too late is `verb` of `resource`, and the API server refused it so.
  static void expect_refused(Takeover& takeover, const std::string& verb,
                             const std::string& resource, int status) {
    takeover.resume_holder();
    const auto late = takeover.late_writes();
    EXPECT_EQ(late.size(), 1U);
    for (const auto& event : late) {
      EXPECT_EQ(event.verb, verb) << event.uri;
      EXPECT_EQ(event.resource, resource) << event.uri;
      EXPECT_EQ(event.status, status) << event.verb << " " << event.uri;
    }
  }
};

TEST_F(PausedBeforeItsWrite, IsRefusedByResourceVersionAndUid) {
  Takeover status(plane_, git_, "status");
  Takeover deletion(plane_, git_, "deletion");
  Takeover heal(plane_, git_, "heal");
  for (const auto& [takeover, repository, write] :
       {std::tuple(&status, "status", 1), std::tuple(&deletion, "deletion", 2),
        std::tuple(&heal, "heal", 2)}) {
    takeover->sync_once(git_.repo(repository).commit(sample_chart("chart"), "chart"));
    takeover->start_holder("kube.before-write=stop@" + std::to_string(write));
    takeover->start_successor();
  }
  const auto extra = deletion.config_map("-extra");
  ASSERT_EQ(plane_.get(extra).status, 200);
  git_.repo("status").commit({{"chart/values.yaml", "replicaCount: ["}}, "break");
  git_.repo("deletion").remove({"chart/templates/extra.yaml"});
  heal.scale_by_hand();
  for (auto* takeover : {&status, &deletion, &heal}) takeover->wait_for_stop();

  // A status that somebody else has written since.
  status.tiphys().wait_for_condition(status.app(), "ComparisonError", "values.yaml");
  status.wait_for_successor();
  expect_refused(status, "patch", "applications", 409);

  // An object of the same name that somebody made since.
  plane_.wait_until_gone(extra, kLimit);
  const auto made = plane_.create(
      extra.substr(0, extra.rfind('/')),
      value::Value::object(
          {{"apiVersion", "v1"},
           {"kind", "ConfigMap"},
           {"metadata", value::Value::object({{"name", extra.substr(extra.rfind('/') + 1)}})}}));
  ASSERT_EQ(made.status, 201) << made.text;
  expect_refused(deletion, "delete", "configmaps", 409);
  EXPECT_EQ(plane_.get(extra).status, 200);

  // An object that the new leader made anew since.
  heal.wait_for_self_heal();
  const auto before = uid(heal.deployment());
  plane_.remove(heal.deployment());
  plane_.wait_for(heal.deployment(), "made anew", [&](const value::Value& object) {
    return object.at({"metadata", "uid"}).text() != before;
  });
  const auto after = uid(heal.deployment());
  // The uid of an object can't be changed by applying another one.
  expect_refused(heal, "patch", "deployments", 422);
  EXPECT_EQ(uid(heal.deployment()), after);
}

}  // namespace
}  // namespace tiphys::test
