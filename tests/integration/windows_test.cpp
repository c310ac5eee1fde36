// Sync windows and orphaned resources of a project, end to end.
#include "integration/guards_bed.hpp"

#include <gmock/gmock.h>

namespace tiphys::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using value::Value;

constexpr milliseconds kLimit{60'000};

class Windows : public GuardsBed {
 protected:
  void project(const std::string& more) {
    plane_.apply(
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: team}\nspec:\n"
        "  sourceRepos: ['*']\n  destinations: [{server: '*', namespace: '*'}]\n" +
            more,
        tiphys_.namespace_());
  }
  std::string in_project(const std::string& prefix) {
    const auto name = unique_name(prefix);
    auto object = app(name, "plain");
    object.create_namespace = false;
    tiphys_.apply(object);
    plane_.merge_patch(tiphys_.path(name),
                       Value::object({{"spec", Value::object({{"project", "team"}})}}));
    return name;
  }
};

TEST_F(Windows, ADenyWindowHoldsUpSyncsUntilItIsGone) {
  make_target();
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  project(
      "  syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1h, namespaces: ['*']}]\n");
  const auto automatic = in_project("auto");
  auto audit = plane_.audit();
  auto controller = tiphys_.start();
  plane_.wait_for(
      tiphys_.path(automatic), "compared",
      [](const Value& object) {
        return object.at({"status", "sync", "status"}).text() == "OutOfSync";
      },
      kLimit);
  // One asked for by hand waits, Running, and says why.
  plane_.merge_patch(
      tiphys_.path(automatic),
      Value::object({{"operation", Value::object({{"sync", Value::object({{"prune", false}})}})}}));
  const auto held = plane_.wait_for(
      tiphys_.path(automatic), "held up",
      [](const Value& object) {
        return object.at({"status", "operationState", "message"})
            .text()
            .starts_with("Sync operation blocked by sync window");
      },
      kLimit);
  EXPECT_EQ(held.at({"status", "operationState", "phase"}).text(), "Running");
  EXPECT_THAT(std::string(held.at({"status", "operationState", "message"}).text()),
              HasSubstr("deny window '* * * * *' for 1h"));
  EXPECT_THAT(lines_with(writes(audit), "/namespaces/" + target_ + "/"), IsEmpty());
  project("");
  plane_.merge_patch(
      "/apis/argoproj.io/v1alpha1/namespaces/" + tiphys_.namespace_() + "/appprojects/team",
      Value::object({{"spec", Value::object({{"syncWindows", nullptr}})}}));
  plane_.wait_for(
      tiphys_.path(automatic), "synced",
      [](const Value& object) {
        return object.at({"status", "operationState", "phase"}).text() == "Succeeded";
      },
      kLimit);
  EXPECT_TRUE(exists(config_map("a")));
}

TEST_F(Windows, OrphanedResourcesAreWarnedOf) {
  make_target();
  git_.repo("gitops").commit({{"plain/a.yaml", config_map_yaml("a")}}, "first");
  project("  orphanedResources: {warn: true, ignore: [{kind: ConfigMap, name: 'ignored-*'}]}\n");
  plane_.apply(config_map_yaml("left-over"), target_);
  plane_.apply(config_map_yaml("ignored-1"), target_);
  const auto name = in_project("orphans");
  auto controller = tiphys_.start();
  tiphys_.wait_for_condition(name, "OrphanedResourceWarning",
                             "Application has 1 orphaned resources");
}

}  // namespace
}  // namespace tiphys::test
