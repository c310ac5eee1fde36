#include "look.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/api/support.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/plan/deletion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::controller {

namespace {

bool is_ours(std::string_view finalizer) {
  return finalizer == api::kResourcesFinalizer || finalizer == api::kResourcesFinalizerForeground ||
         finalizer == api::kResourcesFinalizerBackground;
}

std::string names_of(const std::vector<k8s::ObjectKey>& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.push_back(key.text());
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Action Reconciler::delete_application(Look& look) {
  const auto& app = look.app;
  if (!app.cascades() || !look.may_write) return Action::await_change();
  const auto problem = [&](std::string message) {
    look.condition("DeletionError", std::move(message));
    return finish(look);
  };
  const auto refused = api::refused_fields(look.object);
  if (!refused.empty()) return problem(fmt::format("{}", fmt::join(refused, "; ")));
  const auto project_object = parts_.registry.project(app.spec.project);
  if (project_object) {
    auto project = api::parse_project(*project_object);
    if (!project.ok()) return problem(project.error().text());
    look.project = *std::move(project);
    parts_.registry.add_clusters(*look.project);
  }
  if (auto stop = await_deletion(look)) return *stop;
  // Every kind of which something is tracked must be known in full: the guards read annotations.
  if (!look.place->cluster.use(look.place->cluster.store()->tracked_kinds()))
    return Action::await_change();

  plan::DeletionOptions options;
  options.app = look.key.name;
  options.app_key = look.key;
  options.tracking = look.settings.tracking;
  options.sync_options = app.spec.sync_policy.options;
  options.propagation = app.deletion_propagation();
  const auto approved = app.deletion_approved();
  options.deletion_approved = approved && *approved >= *app.deletion_timestamp;
  options.project = look.project ? &*look.project : nullptr;
  options.destination = look.destination;
  std::vector<plan::Live> live;
  for (const auto& entry : look.place->cluster.store()->objects_of(look.key.name)) {
    auto object = live::to_live(*entry);
    if (!object.ok()) return problem(object.error().text());
    live.push_back(*std::move(object));
  }
  const auto plan = plan::make_deletion_plan(live, options);
  if (!plan.unconfirmed.empty()) {
    return problem("waiting for deletion confirmation of " + names_of(plan.unconfirmed));
  }
  if (!plan.deletes.empty()) {
    const auto report = look.place->executor.run_deletes(plan.deletes, look.identity);
    for (const auto& outcome : report.outcomes) {
      if (outcome.written)
        look.runtime->unseen.insert_or_assign(outcome.written->key, *outcome.written);
    }
    look.runtime->unseen_since = parts_.clock.now();
    if (!report.failed()) {
      parts_.wake(look.key);
      return Action::await_change();
    }
    (void)problem(report.failure_message());
    return Action::retry_later();
  }
  if (!plan.terminating.empty()) return Action::await_change();
  return drop_finalizer(look);
}

Action Reconciler::drop_finalizer(Look& look) {
  value::List kept;
  for (const auto& finalizer : look.app.finalizers) {
    if (!is_ours(finalizer)) kept.emplace_back(finalizer);
  }
  auto metadata = value::Value::object({{"finalizers", value::Value(std::move(kept))},
                                        {"resourceVersion", look.app.resource_version}});
  base::failpoint("controller.before-finalizer");
  const auto patched =
      patch_application(look, value::Value::object({{"metadata", std::move(metadata)}}));
  base::failpoint("controller.after-finalizer");
  if (!patched.ok()) {
    if (patched.error().code() == base::Code::NotFound) return Action::await_change();
    look.log.warn("the finalizer could not be removed", {{"error", patched.error().text()}});
    return Action::retry_later();
  }
  look.log.info("the application's objects are gone, its finalizer is removed");
  return Action::await_change();
}

}  // namespace tiphys::controller
