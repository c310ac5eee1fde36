// Recorded by tests/oracle/argocd from gitops-engine v3.6.1.
#include "unit/plan/objects.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/plan/plan.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>

namespace tiphys::plan {
namespace {

using value::Value;

int for_each_vector(const std::string& topic,
                    const std::function<void(const Value& in, const Value& want)>& check) {
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/vectors/argocd/" + topic + ".jsonl");
  EXPECT_TRUE(file.is_open());
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const auto vector = value::parse_json(line);
    EXPECT_TRUE(vector.ok()) << line;
    SCOPED_TRACE((*vector)["id"].text());
    check((*vector)["in"], (*vector)["want"]);
  }
  return count;
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) out.emplace_back(item.text());
  return out;
}

TEST(PlanVectors, HooksAreReadAsArgoCdReadsThem) {
  const int count = for_each_vector("hooks", [](const Value& in, const Value& want) {
    const auto object = k8s::Object::trusted(in);
    EXPECT_EQ(is_hook(object), want["isHook"].boolean_or(false));
    EXPECT_EQ(is_skipped(object), want["skip"].boolean_or(false));
    EXPECT_EQ(is_ignored_hook(object), want["ignored"].boolean_or(false));
    std::vector<std::string> phases;
    for (const Phase phase : phases_of(object)) phases.emplace_back(to_string(phase));
    auto wanted = texts(want["phases"]);
    std::ranges::sort(phases);
    std::ranges::sort(wanted);
    EXPECT_EQ(phases, wanted);
    const DeletePolicies policies = delete_policies(object);
    const auto says = [&](const char* name) {
      const auto names = texts(want["deletePolicies"]);
      return std::ranges::find(names, name) != names.end();
    };
    EXPECT_EQ(policies.before_creation, says("BeforeHookCreation"));
    EXPECT_EQ(policies.succeeded, says("HookSucceeded"));
    EXPECT_EQ(policies.failed, says("HookFailed"));
    EXPECT_EQ(wave_of(object), want["wave"].integer_or(-99));
  });
  EXPECT_GE(count, 200);
}

api::Scope scope_in_vectors(const k8s::GroupKind& kind) {
  static const std::set<std::string> kCluster = {"Namespace",
                                                 "PersistentVolume",
                                                 "IngressClass",
                                                 "ClusterRole",
                                                 "ClusterRoleBinding",
                                                 "StorageClass",
                                                 "CustomResourceDefinition",
                                                 "APIService",
                                                 "MutatingWebhookConfiguration",
                                                 "Zone",
                                                 "ClusterWidget"};
  return kCluster.contains(kind.kind) ? api::Scope::cluster : api::Scope::namespaced;
}

Comparison comparison_of(const Value& in, const Targets& targets) {
  std::vector<Live> live;
  for (const Value& tree : in["live"].items()) {
    Live item;
    item.object = k8s::Object::trusted(tree.deep_copy());
    // By hand: set_tracking() leaves CustomResourceDefinitions alone.
    const k8s::ObjectKey key = item.object.key();
    item.object.set_annotation(
        api::kTrackingIdAnnotation,
        fmt::format("web:{}/{}:{}/{}", key.group, key.kind,
                    key.namespace_.empty() ? "shop" : key.namespace_, key.name));
    live.push_back(std::move(item));
  }
  CompareInputs inputs = compare_inputs();
  inputs.scope_of = scope_in_vectors;
  return compare(targets.objects, live, inputs);
}

/// "PreSync 0 batch/Job shop/migrate prune", one a task.
std::vector<std::string> planned(const Value& in) {
  const Value& asked = in["options"];
  TargetContext context = target_context();
  context.destination_namespace = in["namespace"].text();
  context.scope_of = scope_in_vectors;
  std::vector<k8s::Object> rendered;
  for (const Value& tree : in["targets"].items()) rendered.push_back(k8s::Object::trusted(tree));
  const Targets targets = prepare_targets(rendered, context);
  PlanOptions options{.app = "web", .destination_namespace = context.destination_namespace};
  options.prune = true;
  options.deletion_approved = true;
  // The recorded engine was told to change the namespace's metadata also where it exists.
  options.destination_namespace_exists = false;
  options.sync_options.create_namespace = asked["createNamespace"].boolean_or(false);
  options.sync_options.prune_last = asked["pruneLast"].boolean_or(false);
  if (!asked["skipHooks"].boolean_or(false))
    options.hooks = hooks_of(targets.hooks, {.app = "web",
                                             .destination_namespace = context.destination_namespace,
                                             .revision = std::string(in["revision"].text()),
                                             .started_at = in["startedAt"].integer_or(0),
                                             .run_id = "run"});
  for (const std::string& only : texts(asked["onlyResources"])) {
    const auto slash = only.find('/');
    options.only.push_back({.kind = only.substr(0, slash), .name = only.substr(slash + 1)});
  }
  Comparison comparison = comparison_of(in, targets);
  // Argo CD applies what is equal as well; here all of it is to have a place.
  for (Resource& r : comparison.resources) r.code = api::SyncCode::out_of_sync;
  const Plan plan = make_plan(comparison, options);
  std::vector<Task> all;
  for (const Group& group : plan.groups) std::ranges::copy(group.tasks, std::back_inserter(all));
  std::ranges::copy(plan.skipped, std::back_inserter(all));
  std::vector<std::string> out;
  for (const Task& task : all) {
    const bool prunes = task.action == Action::prune || task.status == "PruneSkipped";
    out.push_back(fmt::format("{} {} {}/{} {}/{}{}{}", to_string(task.phase), task.wave,
                              task.key.group, task.key.kind, task.key.namespace_, task.key.name,
                              task.hook ? " hook" : "", prunes ? " prune" : ""));
  }
  return out;
}

std::string wanted_line(const Value& task) {
  return fmt::format("{} {} {}/{} {}/{}{}{}", task["phase"].text(), task["wave"].integer_or(0),
                     task["group"].text(), task["kind"].text(), task["namespace"].text(),
                     task["name"].text(), task["hook"].boolean_or(false) ? " hook" : "",
                     task["prune"].boolean_or(false) ? " prune" : "");
}

/// Which phase and wave each task is in, and the order of the writes; the order between a prune and
/// a write of one group is ours.
struct Order {
  std::vector<std::string> places;
  std::vector<std::string> writes;
};

Order order_of(const std::vector<std::string>& lines) {
  Order out{.places = lines, .writes = {}};
  std::ranges::sort(out.places);
  for (const std::string& line : lines)
    if (!line.ends_with(" prune")) out.writes.push_back(line);
  return out;
}

TEST(PlanVectors, TasksHaveThePlaceAndOrderOfArgoCd) {
  const int count = for_each_vector("task-order", [](const Value& in, const Value& want) {
    std::vector<std::string> lines;
    for (const Value& task : want["tasks"].items()) lines.push_back(wanted_line(task));
    const Order wanted = order_of(lines);
    const Order got = order_of(planned(in));
    EXPECT_EQ(got.places, wanted.places);
    EXPECT_EQ(got.writes, wanted.writes);
  });
  EXPECT_GE(count, 250);
}

}  // namespace
}  // namespace tiphys::plan
