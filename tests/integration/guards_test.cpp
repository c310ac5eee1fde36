// What is never pruned, and what never leads to a prune.
#include "integration/guards_bed.hpp"

#include "tiphys/base/clock.hpp"

#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using testing::IsEmpty;
using value::Value;

constexpr milliseconds kLimit{60'000};

class Guards : public GuardsBed {
 protected:
  /// The message of an object's row in the last operation's result, after "status: ".
  static std::string row(const Value& app, const std::string& name) {
    for (const auto& row :
         app.at({"status", "operationState", "syncResult", "resources"}).items()) {
      if (row["name"].text() == name) {
        return std::string(row["status"].text()) + ": " + std::string(row["message"].text());
      }
    }
    return "no row";
  }
  Value wait_for_operation(const std::string& app, const std::string& what,
                           const std::function<bool(const Value&)>& predicate) {
    return plane_.wait_for(
        tiphys_.path(app), app + ": " + what,
        [&](const Value& object) { return predicate(object.at({"status", "operationState"})); },
        kLimit);
  }
  Value wait_for_success(const std::string& app, const std::string& revision) {
    return wait_for_operation(app, "succeeded at " + revision, [&](const Value& state) {
      return state["phase"].text() == "Succeeded" &&
             state.at({"syncResult", "revision"}).text() == revision;
    });
  }
};

TEST_F(Guards, ObjectsThatSayTheyStayAreNotPruned) {
  const std::string folder = "kept/";
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit(
      {{folder + "stays.yaml", config_map_yaml("stays")},
       {folder + "plain.yaml", config_map_yaml("plain")},
       {folder + "no-prune.yaml",
        config_map_yaml("no-prune", "{a: b}", "{argocd.argoproj.io/sync-options: Prune=false}")},
       {folder + "no-delete.yaml",
        config_map_yaml("no-delete", "{a: b}", "{argocd.argoproj.io/sync-options: Delete=false}")},
       {folder + "keep.yaml", config_map_yaml("keep", "{a: b}", "{helm.sh/resource-policy: keep}")},
       {folder + "other-app.yaml", config_map_yaml("other-app")},
       {folder + "foreign.yaml", config_map_yaml("foreign")}},
      "first");
  const auto name = unique_name("app");
  {
    auto controller = tiphys_.start();
    tiphys_.apply(app(name, "kept"));
    tiphys_.wait_for(name, "Synced", "Healthy", first);
    ASSERT_EQ(controller.terminate(milliseconds(20'000)), 0);
  }
  annotate(config_map("other-app"), "argocd.argoproj.io/tracking-id",
           "someone-else:/ConfigMap:" + target_ + "/other-app");
  annotate(config_map("foreign"), "argocd.argoproj.io/installation-id", "another");
  const auto second =
      repo.remove({folder + "plain.yaml", folder + "no-prune.yaml", folder + "no-delete.yaml",
                   folder + "keep.yaml", folder + "other-app.yaml", folder + "foreign.yaml"});
  auto controller = tiphys_.start();
  tiphys_.refresh(name);
  const auto object = wait_for_success(name, second);
  plane_.wait_until_gone(config_map("plain"), kLimit);
  EXPECT_EQ(row(object, "no-prune"), "PruneSkipped: ignored (no prune)");
  EXPECT_EQ(row(object, "no-delete"), "PruneSkipped: ignored (no prune: Delete=false)");
  EXPECT_EQ(row(object, "keep"), "PruneSkipped: ignored (no prune: helm.sh/resource-policy: keep)");
  EXPECT_EQ(row(object, "other-app"), "no row");
  EXPECT_EQ(row(object, "foreign"), "no row");
  for (const char* kept : {"stays", "no-prune", "no-delete", "keep", "other-app", "foreign"}) {
    EXPECT_TRUE(exists(config_map(kept))) << kept;
  }
}

TEST_F(Guards, APruneThatAsksForConfirmationWaitsForIt) {
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit(
      {{"ask/stays.yaml", config_map_yaml("stays")},
       {"ask/plain.yaml", config_map_yaml("plain")},
       {"ask/asks.yaml",
        config_map_yaml("asks", "{a: b}", "{argocd.argoproj.io/sync-options: Prune=confirm}")}},
      "first");
  const auto name = unique_name("app");
  auto controller = tiphys_.start();
  tiphys_.apply(app(name, "ask"));
  tiphys_.wait_for(name, "Synced", "Healthy", first);
  auto audit = plane_.audit();
  const auto second = repo.remove({"ask/plain.yaml", "ask/asks.yaml"});
  tiphys_.refresh(name);
  wait_for_operation(name, "waits for confirmation", [](const Value& state) {
    return state["phase"].text() == "Running" &&
           state["message"].text().find("waiting for pruning confirmation of /ConfigMap/asks") !=
               std::string_view::npos;
  });
  EXPECT_THAT(lines_with(writes(audit), "/namespaces/" + target_ + "/"), IsEmpty());
  EXPECT_TRUE(exists(config_map("asks")));
  annotate(tiphys_.path(name), "argocd.argoproj.io/deletion-approved",
           base::format_rfc3339(base::SystemClock().wall()));
  plane_.wait_until_gone(config_map("asks"), kLimit);
  plane_.wait_until_gone(config_map("plain"), kLimit);
  tiphys_.wait_for(name, "Synced", "Healthy", second);
}

TEST_F(Guards, NothingIsPrunedForAnEmptyRenderOrAMissingPathOrBranch) {
  auto& repo = git_.repo("gitops");
  const auto first = repo.commit({{"empty/a.yaml", config_map_yaml("of-empty")},
                                  {"gone/a.yaml", config_map_yaml("of-gone")},
                                  {"branch/a.yaml", config_map_yaml("of-branch")}},
                                 "first");
  repo.git({"branch", "release"});
  const auto empty = unique_name("empty");
  const auto gone = unique_name("gone");
  const auto branch = unique_name("branch");
  auto controller = tiphys_.start();
  tiphys_.apply(app(empty, "empty"));
  tiphys_.apply(app(gone, "gone"));
  auto released = app(branch, "branch");
  released.revision = "release";
  tiphys_.apply(released);
  for (const auto& name : {empty, gone, branch}) {
    tiphys_.wait_for(name, "Synced", "Healthy", first);
  }
  auto audit = plane_.audit();
  repo.git({"branch", "-D", "release"});
  repo.commit({{"empty/README.md", "nothing to render"}}, "readme");
  repo.remove({"empty/a.yaml", "gone/a.yaml"});
  for (const auto& name : {empty, gone, branch}) tiphys_.refresh(name);
  tiphys_.wait_for_condition(empty, "SyncError", "auto-sync will wipe out all resources");
  auto object =
      tiphys_.wait_for_condition(gone, "ComparisonError", "gone: app path does not exist");
  EXPECT_EQ(object.at({"status", "sync", "status"}).text(), "Unknown");
  object = tiphys_.wait_for_condition(branch, "ComparisonError", "release");
  EXPECT_EQ(object.at({"status", "sync", "status"}).text(), "Unknown");
  EXPECT_EQ(object.at({"status", "health", "status"}).text(), "Healthy");
  EXPECT_THAT(lines_with(writes(audit), "/namespaces/" + target_ + "/"), IsEmpty());
  for (const char* kept : {"of-empty", "of-gone", "of-branch"}) {
    EXPECT_TRUE(exists(config_map(kept))) << kept;
  }
}

TEST_F(Guards, TheProjectsRulesHold) {
  make_target();
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  const auto project = [&](const std::string& name, const std::string& repo,
                           const std::string& namespace_, const std::string& more) {
    plane_.apply("apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: " + name +
                     "\nspec:\n  sourceRepos: ['" + repo +
                     "']\n  destinations: [{server: '*', namespace: '" + namespace_ + "'}]\n" +
                     more,
                 tiphys_.namespace_());
  };
  project("repos", "https://example.org/only-this.git", "*", "");
  project("places", "*", "elsewhere-*", "");
  project("kinds", "*", "*", "  namespaceResourceBlacklist: [{group: '', kind: ConfigMap}]\n");
  project("listed", "*", "*", "  namespaceResourceWhitelist: [{group: '', kind: Service}]\n");
  std::map<std::string, std::string> names;
  for (const char* rule : {"repos", "places", "kinds", "listed"}) {
    names[rule] = unique_name(rule);
    auto object = app(names[rule], "plain");
    object.create_namespace = false;
    tiphys_.apply(object);
    plane_.merge_patch(tiphys_.path(names[rule]),
                       Value::object({{"spec", Value::object({{"project", rule}})}}));
  }
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  tiphys_.wait_for_condition(names["repos"], "InvalidSpecError",
                             "is not permitted in project 'repos'");
  tiphys_.wait_for_condition(names["places"], "InvalidSpecError",
                             "do not match any of the allowed destinations in project 'places'");
  for (const char* rule : {"kinds", "listed"}) {
    wait_for_operation(names[rule], "refused", [&](const Value& state) {
      return state["phase"].text() == "Failed" &&
             state["message"].text().find("resource :ConfigMap is not permitted in project " +
                                          std::string(rule)) != std::string_view::npos;
    });
  }
  EXPECT_THAT(lines_with(writes(audit), "/namespaces/" + target_ + "/"), IsEmpty());
}

}  // namespace
}  // namespace tiphys::test
