// Killed at each write of a sync with hooks, waves and a prune: it ends in the same state, no hook
// ran twice, and nothing was written twice. The audit log is the judge.
#include "integration/guards_bed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tiphys::test {
namespace {

using value::Value;

constexpr milliseconds kLimit{60'000};

std::string job(const std::string& name, const std::string& annotations) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + name + ", annotations: {" +
         annotations +
         "}}\nspec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: "
         "c, image: example.org/c}]}}}\n";
}

class KilledBetweenWaves : public GuardsBed, public testing::WithParamInterface<const char*> {
 protected:
  Installation::Run run_with(const std::string& failpoints) const {
    Installation::Run run;
    run.environment["ARGOCD_SYNC_WAVE_DELAY"] = "0";
    if (!failpoints.empty()) run.environment["TIPHYS_FAILPOINTS"] = failpoints;
    return run;
  }
  void ask_sync() {
    plane_.merge_patch(
        tiphys_.path(name_),
        Value::object({{"operation",
                        Value::object({{"sync", Value::object({{"prune", true}})},
                                       {"initiatedBy", Value::object({{"username", "qa"}})}})}}));
  }
  Value wait_for_history(std::size_t entries) {
    return plane_.wait_for(
        tiphys_.path(name_), "an operation that succeeded",
        [&](const Value& app) {
          return app.at({"status", "operationState", "phase"}).text() == "Succeeded" &&
                 app["operation"].is_null() && app.at({"status", "history"}).size() >= entries;
        },
        kLimit);
  }
  /// An object of an earlier sync that has left Git, and the next commit.
  void prepare() {
    make_target();
    auto& repo = git_.repo("gitops");
    repo.commit({{"app/old.yaml", config_map_yaml("old")}});
    {
      auto controller = tiphys_.start(run_with({}));
      auto made = app(name_, "app");
      made.automated = false;
      made.create_namespace = false;
      tiphys_.apply(made);
      tiphys_.wait_for(name_, "OutOfSync", {});
      ask_sync();
      wait_for_history(1);
    }
    repo.remove({"app/old.yaml"});
    commit_ = repo.commit(
        {{"app/before.yaml", job("before", "argocd.argoproj.io/hook: PreSync")},
         {"app/after.yaml", job("after",
                                "argocd.argoproj.io/hook: PostSync, "
                                "argocd.argoproj.io/hook-delete-policy: HookSucceeded")},
         {"app/a.yaml", config_map_yaml("a")},
         {"app/b.yaml", config_map_yaml("b", "{key: text}",
                                        "{argocd.argoproj.io/sync-wave: "
                                        "\"1\"}")}});
  }
  /// "verb resource/name" -> how often.
  std::map<std::string, int> calls(AuditLog& audit) {
    plane_.sync_audit(audit);
    std::map<std::string, int> out;
    for (const auto& event :
         audit.select({.name_space = target_, .user = user(), .writes_only = true})) {
      if (event.status < 300) ++out[event.verb + " " + event.resource + "/" + event.name];
    }
    return out;
  }

  std::string name_ = unique_name("crash");
  std::string commit_;
};

TEST_P(KilledBetweenWaves, EndsAsIfNothingHadHappened) {
  prepare();
  auto audit = plane_.audit();
  {
    auto doomed = tiphys_.start(run_with(GetParam()));
    tiphys_.refresh(name_);
    tiphys_.wait_for(name_, "OutOfSync", {}, commit_);
    ask_sync();
    ASSERT_EQ(doomed.wait(kLimit), 86) << doomed.log_text();
  }
  auto controller = tiphys_.start(run_with({}));
  const auto app = wait_for_history(2);
  plane_.wait_until_gone("/apis/batch/v1/namespaces/" + target_ + "/jobs/after", kLimit);
  EXPECT_EQ(app.at({"status", "history"}).size(), 2U);
  EXPECT_EQ(app.at({"status", "operationState", "syncResult", "revision"}).text(), commit_);
  tiphys_.wait_for(name_, "Synced", "Healthy", commit_);
  EXPECT_FALSE(exists(config_map("old")));
  const std::map<std::string, int> wanted = {
      {"patch jobs/before", 1},  {"patch jobs/after", 1},  {"patch configmaps/a", 1},
      {"patch configmaps/b", 1}, {"delete jobs/after", 1}, {"delete configmaps/old", 1}};
  EXPECT_EQ(calls(audit), wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Moments, KilledBetweenWaves,
    testing::Values(
        "controller.before-operation-start=exit@1", "controller.after-operation-start=exit@1",
        "controller.before-operation-start=exit@3", "controller.after-operation-start=exit@3",
        "controller.after-operation-start=exit@4", "sync.before-apply=exit@1",
        "sync.after-apply=exit@1", "sync.before-apply=exit@2", "sync.after-apply=exit@2",
        "sync.before-apply=exit@4", "sync.after-apply=exit@4", "sync.before-prune=exit@1",
        "sync.after-prune=exit@1", "controller.before-operation-end=exit@1",
        "controller.after-operation-end=exit@1", "controller.before-hook-delete=exit@1",
        "controller.after-hook-delete=exit@1"),
    [](const auto& moment) {
      std::string name(moment.param);
      std::ranges::replace(name, '@', '_');
      std::erase_if(name, [](char c) { return c == '.' || c == '-' || c == '='; });
      return name;
    });

}  // namespace
}  // namespace tiphys::test
