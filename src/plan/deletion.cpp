#include "tiphys/plan/deletion.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/k8s/kind_order.hpp"
#include "tiphys/plan/removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tiphys::plan {

namespace {

Task task_of(const Live& live, Action action, std::string message) {
  const k8s::Object& object = live.object;
  return {.action = action,
          .key = object.key(),
          .version = object.gvk().version,
          .live = LiveRef{.uid = std::string(object.uid()),
                          .resource_version = std::string(object.resource_version()),
                          .deleting = !object.deletion_timestamp().empty()},
          .message = std::move(message)};
}

bool is_application_itself(const k8s::ObjectKey& key, const DeletionOptions& options) {
  return key.group == api::kGroup && key.kind == api::kApplicationKind &&
         key.namespace_ == options.app_key.namespace_ && key.name == options.app_key.name;
}

/// Why an object stays; "" when it goes.
std::string reason_to_keep(const Live& live, const DeletionOptions& options) {
  const api::Ownership owner = api::owner_of(live.object, options.tracking);
  const k8s::ObjectKey key = live.object.key();
  if (owner.foreign_installation) return "belongs to another installation";
  if (owner.app != options.app)
    return owner.app.empty() ? "not tracked" : fmt::format("belongs to application {}", owner.app);
  if (!owner.self_referenced) return "its tracking id names another object";
  if (is_application_itself(key, options)) return "the application itself";
  const api::Scope scope = key.namespace_.empty() ? api::Scope::cluster : api::Scope::namespaced;
  if (options.project != nullptr &&
      !api::permitted_object(*options.project, key, scope, options.destination))
    return fmt::format("not permitted in project {}", options.project->key.name);
  return may_delete(live.object, options.sync_options).reason;
}

/// Reverse order of creation: what was made last goes first.
auto order(const Task& task) {
  return std::tuple(-k8s::kind_rank(task.key.kind), task.key.name, task.key);
}

}  // namespace

DeletionPlan make_deletion_plan(const std::vector<Live>& live, const DeletionOptions& options) {
  DeletionPlan plan;
  for (const Live& item : live) {
    // The garbage collector takes what another object owns.
    if (!item.object.owners().empty()) continue;
    if (std::string why = reason_to_keep(item, options); !why.empty()) {
      plan.kept.push_back(task_of(item, Action::skip, std::move(why)));
      continue;
    }
    if (!item.object.deletion_timestamp().empty()) {
      plan.terminating.push_back(item.object.key());
      continue;
    }
    if (may_delete(item.object, options.sync_options).removal == api::Removal::confirm &&
        !options.deletion_approved)
      plan.unconfirmed.push_back(item.object.key());
    Task task = task_of(item, Action::prune, "");
    task.propagation = options.propagation;
    plan.deletes.push_back(std::move(task));
  }
  // One object that waits for a person holds all of them back, as with Argo CD.
  if (!plan.unconfirmed.empty()) plan.deletes.clear();
  const auto before = [](const Task& a, const Task& b) { return order(a) < order(b); };
  std::ranges::sort(plan.deletes, before);
  std::ranges::sort(plan.kept, before);
  std::ranges::sort(plan.terminating);
  std::ranges::sort(plan.unconfirmed);
  int run = 0;
  for (std::size_t i = 0; i < plan.deletes.size(); ++i) {
    if (i > 0 && plan.deletes[i].key.kind != plan.deletes[i - 1].key.kind) ++run;
    plan.deletes[i].run = run;
  }
  return plan;
}

}  // namespace tiphys::plan
