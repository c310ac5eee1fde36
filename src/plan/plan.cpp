#include "tiphys/plan/plan.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/k8s/kind_order.hpp"
#include "tiphys/plan/removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace tiphys::plan {

namespace {

using GroupKey = std::pair<Phase, std::int64_t>;
using Groups = std::map<GroupKey, std::vector<Task>>;

std::optional<LiveRef> live_ref(const Resource& r) {
  if (!r.live) return std::nullopt;
  const k8s::Object& live = r.live->object;
  return LiveRef{.uid = std::string(live.uid()),
                 .resource_version = std::string(live.resource_version()),
                 .deleting = !live.deletion_timestamp().empty()};
}

Task task_of(const Resource& r, Action action) {
  return {.action = action,
          .key = r.key,
          .version = r.version,
          .target = r.target,
          .live = live_ref(r)};
}

Task skipped(const Resource& r, std::string_view status, std::string message) {
  Task task = task_of(r, Action::skip);
  task.target.reset();
  task.status = status;
  task.message = std::move(message);
  return task;
}

/// Why a prune is refused whatever the object's options say; "" when it isn't.
std::string prune_guard(const Resource& r, const PlanOptions& options) {
  if (!options.prune) return "ignored (requires pruning)";
  if (r.owner.foreign_installation) return "ignored (belongs to another installation)";
  if (r.owner.app != options.app)
    return fmt::format("ignored (belongs to application {})", r.owner.app);
  if (options.unlistable.contains(r.key.group_kind()))
    return "ignored (objects of this kind can't be listed)";
  if (!r.live->object.owners().empty()) return "ignored (owned by another object)";
  if (!r.denial.empty()) return fmt::format("ignored ({})", r.denial);
  return {};
}

void plan_prune(const Resource& r, const PlanOptions& options, Plan& plan, Groups& groups) {
  if (std::string guard = prune_guard(r, options); !guard.empty()) {
    plan.skipped.push_back(skipped(r, "PruneSkipped", std::move(guard)));
    return;
  }
  const RemovalVerdict verdict = may_prune(r.live->object, options.sync_options);
  if (verdict.removal == api::Removal::never) {
    // Argo CD's own words for Prune=false; the others name their reason.
    const std::string why =
        verdict.reason == "Prune=false" ? "no prune" : "no prune: " + verdict.reason;
    plan.skipped.push_back(skipped(r, "PruneSkipped", fmt::format("ignored ({})", why)));
    return;
  }
  if (verdict.removal == api::Removal::confirm && !options.deletion_approved)
    plan.unconfirmed.push_back(r.key);
  Task task = task_of(r, Action::prune);
  task.propagation = options.sync_options.propagation;
  const auto own = api::parse_sync_options_annotation(
      r.live->object.annotation(api::kSyncOptionsAnnotation).value_or(""));
  if (options.sync_options.prune_last || own.prune_last) task.wave = 1;
  groups[{Phase::sync, task.wave}].push_back(std::move(task));
}

void plan_apply(const Resource& r, Plan& plan, Groups& groups) {
  if (!r.denial.empty()) {
    plan.problems.push_back(r.denial);
    return;
  }
  if (r.code == api::SyncCode::synced) {
    plan.skipped.push_back(skipped(r, "Synced", "unchanged"));
    return;
  }
  groups[{Phase::sync, 0}].push_back(task_of(r, Action::apply));
}

bool names_namespace(const Resource& r, const std::string& name) {
  return r.target && r.key.group.empty() && r.key.kind == "Namespace" && r.key.name == name;
}

void plan_namespace(const Comparison& comparison, const PlanOptions& options, Groups& groups) {
  const std::string& name = options.destination_namespace;
  if (!options.sync_options.create_namespace || options.destination_namespace_exists ||
      name.empty())
    return;
  if (std::ranges::any_of(comparison.resources,
                          [&](const Resource& r) { return names_namespace(r, name); }))
    return;
  using value::Value;
  Task task{.action = Action::create_namespace,
            .phase = Phase::pre_sync,
            .key = {.group = "", .kind = "Namespace", .namespace_ = "", .name = name},
            .version = "v1"};
  task.target =
      k8s::Object::trusted(Value::object({{"apiVersion", Value("v1")},
                                          {"kind", Value("Namespace")},
                                          {"metadata", Value::object({{"name", Value(name)}})}}));
  groups[{Phase::pre_sync, 0}].push_back(std::move(task));
}

/// Prunes first, in reverse order of creation; then kind rank, name, and the key where those tie.
auto order(const Task& task) {
  const int rank = k8s::kind_rank(task.key.kind);
  const bool prune = task.action == Action::prune;
  return std::tuple(!prune, prune ? -rank : rank, task.key.name, task.key);
}

void number_runs(std::vector<Task>& tasks) {
  int run = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    // All prunes of a group go at once; applies in runs of one kind.
    const bool same =
        i > 0 && tasks[i].action == tasks[i - 1].action &&
        (tasks[i].action == Action::prune || tasks[i].key.kind == tasks[i - 1].key.kind);
    if (i > 0 && !same) ++run;
    tasks[i].run = run;
  }
}

void sort_distinct(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  texts.erase(std::ranges::unique(texts).begin(), texts.end());
}

}  // namespace

std::string_view to_string(Phase phase) {
  constexpr std::array<std::string_view, 4> kNames = {"PreSync", "Sync", "PostSync", "SyncFail"};
  return kNames.at(static_cast<std::size_t>(phase));
}

std::string_view to_string(Action action) {
  constexpr std::array<std::string_view, 4> kNames = {"create namespace", "apply", "prune", "skip"};
  return kNames.at(static_cast<std::size_t>(action));
}

std::size_t Plan::writes() const {
  std::size_t count = 0;
  for (const Group& group : groups) count += group.tasks.size();
  return count;
}

Plan make_plan(const Comparison& comparison, const PlanOptions& options) {
  Plan plan;
  Groups groups;
  for (const Resource& r : comparison.resources) {
    if (r.target)
      plan_apply(r, plan, groups);
    else if (r.requires_pruning())
      plan_prune(r, options, plan, groups);
  }
  plan_namespace(comparison, options, groups);
  if (options.sync_options.fail_on_shared_resource)
    for (const std::string& shared : comparison.shared)
      plan.problems.push_back("Shared resource found: " + shared);
  sort_distinct(plan.problems);
  for (auto& [key, tasks] : groups) {
    std::ranges::sort(tasks, [](const Task& a, const Task& b) { return order(a) < order(b); });
    number_runs(tasks);
    plan.groups.push_back({.phase = key.first, .wave = key.second, .tasks = std::move(tasks)});
  }
  return plan;
}

}  // namespace tiphys::plan
