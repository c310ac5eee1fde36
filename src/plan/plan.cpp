#include "tiphys/plan/plan.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/k8s/kind_order.hpp"
#include "tiphys/plan/order.hpp"
#include "tiphys/plan/removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace tiphys::plan {

namespace {

using Drafts = std::vector<Draft>;

LiveRef live_ref(const k8s::Object& live) {
  return {.uid = std::string(live.uid()),
          .resource_version = std::string(live.resource_version()),
          .deleting = !live.deletion_timestamp().empty()};
}

Task task_of(const Resource& r, Action action) {
  Task task{.action = action,
            .wave = wave_of(r.target ? *r.target : r.live->object),
            .key = r.key,
            .version = r.version,
            .target = r.target};
  if (r.live) {
    task.live = live_ref(r.live->object);
    task.health = r.health;
  }
  return task;
}

Task skipped(const Resource& r, std::string_view status, std::string message) {
  Task task = task_of(r, Action::skip);
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
  if (std::ranges::any_of(options.hooks, [&](const Hook& h) { return h.object.key() == r.key; }))
    return "ignored (a hook has its name)";
  if (!r.denial.empty()) return fmt::format("ignored ({})", r.denial);
  return {};
}

Task prune_task(const Resource& r, const PlanOptions& options, Plan& plan) {
  if (std::string guard = prune_guard(r, options); !guard.empty())
    return skipped(r, "PruneSkipped", std::move(guard));
  const RemovalVerdict verdict = may_prune(r.live->object, options.sync_options);
  if (verdict.removal == api::Removal::never) {
    // Argo CD's own words for Prune=false; the others name their reason.
    const std::string why =
        verdict.reason == "Prune=false" ? "no prune" : "no prune: " + verdict.reason;
    return skipped(r, "PruneSkipped", fmt::format("ignored ({})", why));
  }
  if (verdict.removal == api::Removal::confirm && !options.deletion_approved)
    plan.unconfirmed.push_back(r.key);
  Task task = task_of(r, Action::prune);
  task.propagation = options.sync_options.propagation;
  return task;
}

Draft prune(const Resource& r, const PlanOptions& options, Plan& plan) {
  const auto own = api::parse_sync_options_annotation(
      r.live->object.annotation(api::kSyncOptionsAnnotation).value_or(""));
  return {.task = prune_task(r, options, plan),
          .prune = true,
          .prune_last = options.sync_options.prune_last || own.prune_last};
}

Draft apply(const Resource& r) {
  if (r.code == api::SyncCode::synced) return {.task = skipped(r, "Synced", "unchanged")};
  return {.task = task_of(r, Action::apply)};
}

/// A hook that has ended has ended, also while it is being deleted (ttlSecondsAfterFinished).
std::optional<health::HealthStatus> outcome_of(const Live& live) {
  if (live.object.deletion_timestamp().empty() && live.health) return live.health;
  k8s::Object object = live.object.deep_copy();
  if (value::Value& tree = object.tree(); tree["metadata"].is_map())
    tree.map()["metadata"].map().erase("deletionTimestamp");
  return health::health_of(object);
}

Draft hook_draft(const Hook& hook) {
  Task task{.action = Action::apply,
            .phase = hook.phase,
            .wave = wave_of(hook.object),
            .key = hook.object.key(),
            .version = hook.object.gvk().version,
            .target = hook.object,
            .hook = true,
            .policies = delete_policies(hook.object)};
  if (hook.live) {
    const k8s::Object& live = hook.live->object;
    task.live = live_ref(live);
    task.hook_started = live.annotation(kHookRunAnnotation).value_or("") ==
                        hook.object.annotation(kHookRunAnnotation).value_or("");
    task.health = outcome_of(*hook.live);
  }
  return {.task = std::move(task)};
}

bool names_namespace(const Resource& r, const std::string& name) {
  return r.target && r.key.group.empty() && r.key.kind == "Namespace" && r.key.name == name;
}

void set_texts(value::Value& metadata, const char* member,
               const std::map<std::string, std::string>& texts) {
  for (const auto& [name, text] : texts) metadata.set_at({member, name}, value::Value(text));
}

void add_namespace(const Comparison& comparison, const PlanOptions& options, Drafts& drafts) {
  const std::string& name = options.destination_namespace;
  if (!options.sync_options.create_namespace || name.empty()) return;
  if (options.destination_namespace_exists && !options.namespace_metadata) return;
  if (std::ranges::any_of(comparison.resources,
                          [&](const Resource& r) { return names_namespace(r, name); }))
    return;
  using value::Value;
  Task task{.action = Action::create_namespace,
            .phase = Phase::pre_sync,
            .key = {.group = "", .kind = "Namespace", .namespace_ = "", .name = name},
            .version = "v1"};
  if (options.destination_namespace_exists) task.live = options.live_namespace;
  Value metadata = Value::object({{"name", Value(name)}});
  if (const auto& managed = options.namespace_metadata) {
    set_texts(metadata, "labels", managed->labels);
    set_texts(metadata, "annotations", managed->annotations);
  }
  task.target = k8s::Object::trusted(Value::object({{"apiVersion", Value("v1")},
                                                    {"kind", Value("Namespace")},
                                                    {"metadata", std::move(metadata)}}));
  drafts.push_back({.task = std::move(task)});
}

bool is_selected(const k8s::ObjectKey& key, const PlanOptions& options) {
  return options.only.empty() ||
         std::ranges::any_of(options.only, [&](const api::OperationResource& wanted) {
           return wanted.group == key.group && wanted.kind == key.kind && wanted.name == key.name &&
                  (wanted.namespace_.empty() || wanted.namespace_ == key.namespace_);
         });
}

/// Prunes go first, in the reverse order of creation; the others keep their order.
void order_group(std::vector<Task>& tasks) {
  std::vector<Task> prunes;
  std::vector<Task> others;
  for (Task& task : tasks)
    (task.action == Action::prune ? prunes : others).push_back(std::move(task));
  std::ranges::sort(prunes, [](const Task& a, const Task& b) {
    const int left = -k8s::kind_rank(a.key.kind);
    const int right = -k8s::kind_rank(b.key.kind);
    return std::tie(left, a.key.name, a.key) < std::tie(right, b.key.name, b.key);
  });
  tasks = std::move(prunes);
  std::ranges::move(others, std::back_inserter(tasks));
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

/// With RespectIgnoreDifferences=true what is ignored is written as it is.
Draft apply_respecting(const Resource& r, const PlanOptions& options, Plan& plan) {
  Draft draft = apply(r);
  if (!options.sync_options.respect_ignore_differences || !r.live || r.ignored.empty())
    return draft;
  auto target =
      diff::respecting(r.ignored, *r.target, r.live->object, r.live->owned.get(), options.jq);
  if (target.ok())
    draft.task.target = *std::move(target);
  else
    plan.problems.push_back(target.error().text());
  return draft;
}

Drafts drafts_of(const Comparison& comparison, const PlanOptions& options, Plan& plan) {
  Drafts drafts;
  for (const Resource& r : comparison.resources) {
    if (r.hook || r.skip || !is_selected(r.key, options)) continue;
    if (r.target && !r.denial.empty())
      plan.problems.push_back(r.denial);
    else if (r.target)
      drafts.push_back(apply_respecting(r, options, plan));
    else if (r.requires_pruning())
      drafts.push_back(prune(r, options, plan));
  }
  for (const Hook& hook : options.hooks) {
    if (!hook.denial.empty())
      plan.problems.push_back(hook.denial);
    else
      drafts.push_back(hook_draft(hook));
  }
  add_namespace(comparison, options, drafts);
  put_in_order(drafts, options.destination_namespace);
  return drafts;
}

}  // namespace

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
  for (Draft& draft : drafts_of(comparison, options, plan)) {
    Task& task = draft.task;
    if (task.action == Action::skip) {
      plan.skipped.push_back(std::move(task));
      continue;
    }
    if (plan.groups.empty() || plan.groups.back().phase != task.phase ||
        plan.groups.back().wave != task.wave)
      plan.groups.push_back({.phase = task.phase, .wave = task.wave, .tasks = {}});
    plan.groups.back().tasks.push_back(std::move(task));
  }
  for (Group& group : plan.groups) order_group(group.tasks);
  std::ranges::sort(plan.skipped, {}, &Task::key);
  if (options.sync_options.fail_on_shared_resource)
    for (const std::string& shared : comparison.shared)
      plan.problems.push_back("Shared resource found: " + shared);
  sort_distinct(plan.problems);
  std::ranges::sort(plan.unconfirmed);
  return plan;
}

}  // namespace tiphys::plan
