#include "tiphys/controller/reconciler.hpp"

#include "look.hpp"
#include "resources.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/api/support.hpp"
#include "tiphys/plan/auto_sync.hpp"

#include <algorithm>

namespace tiphys::controller {

Reconciler::Reconciler(ReconcilerParts parts) : parts_(std::move(parts)) {}
Reconciler::~Reconciler() = default;

std::shared_ptr<Runtime> Reconciler::runtime_of(const k8s::NamespacedName& key,
                                                const std::string& uid) {
  auto runtimes = runtimes_.lock();
  auto& runtime = (*runtimes)[key];
  if (!runtime || runtime->uid != uid) {
    runtime = std::make_shared<Runtime>();
    runtime->uid = uid;
  }
  return runtime;
}

void Reconciler::forget_all() { runtimes_.lock()->clear(); }

Action Reconciler::reconcile(const k8s::NamespacedName& key) {
  auto object = parts_.registry.application(key);
  if (!object) {
    runtimes_.lock()->erase(key);
    parts_.clusters.release(key);
    parts_.metrics.forget(key);
    return Action::await_change();
  }
  if (!parts_.registry.caught_up(key)) return Action::requeue_after(kOwnWriteLimit);
  Look look;
  look.key = key;
  look.log = parts_.log.with("application", key.name).with("app-namespace", key.namespace_);
  look.object = *std::move(object);
  look.runtime = runtime_of(key, std::string(look.object.uid()));
  look.settings = parts_.registry.settings();
  look.app = api::read_bare_application(look.object);
  if (look.app.skips_reconcile()) return Action::await_change();
  auto app = api::parse_application(look.object);
  if (!app.ok()) {
    // Nothing of the spec can be trusted; what the status says stays readable.
    look.may_write = may_write(look.app);
    look.refresh = look.app.refresh();
    look.refresh_answered = true;
    look.condition("InvalidSpecError", app.error().text());
    look.seen.spec_error = true;
    return finish_refused(look);
  }
  look.app = *std::move(app);
  read_own_state(look);
  look.log = look.log.with("project", look.app.spec.project);
  return this->look(look);
}

bool Reconciler::may_write(const api::Application& app) const {
  const bool handed_over = app.annotation(api::kTiphysReconcileAnnotation) == "true" &&
                           app.annotation(api::kSkipReconcileAnnotation) == "true";
  return !parts_.read_only && (!parts_.registry.shadow() || handed_over);
}

Action Reconciler::look(Look& look) {
  const auto& app = look.app;
  look.may_write = may_write(app);
  find_place(look);
  if (auto stop = await_own_writes(look)) return *stop;
  look.refresh = app.refresh();
  if (app.deleting()) return delete_application(look);
  if (find_problems(look)) {
    if (look.await_project) return Action::await_change();
    look.refresh_answered = true;
    return finish_refused(look);
  }
  if (auto stop = await_place(look)) return *stop;
  find_identity(look);
  if (auto stop = subscribe(look)) return *stop;
  if (auto stop = resolve(look)) return *stop;
  if (app.operation && !app.operation->sync) return finish_refused(look);
  decide_operation(look);
  if (look.operation_running() && look.may_write) return step_operation(look);
  if (auto stop = clean_up_hooks(look)) return *stop;
  return finish(look);
}

Reconciler::Stop Reconciler::await_own_writes(Look& look) {
  auto& runtime = *look.runtime;
  if (!look.place || look.place_state != Clusters::Answer::State::ready) return std::nullopt;
  const auto store = look.place->cluster.store();
  std::erase_if(runtime.unseen, [&](const auto& item) {
    const sync::Written& written = item.second;
    const auto entry = store->find(item.first);
    if (written.deleted) return !entry || entry->uid != written.uid || entry->deleting;
    return entry &&
           (entry->uid != written.uid || live::version_number(entry->resource_version) >=
                                             live::version_number(written.resource_version));
  });
  if (runtime.unseen.empty()) return std::nullopt;
  const auto waited = parts_.clock.now() - runtime.unseen_since;
  if (waited < kOwnWriteLimit) {
    return Action::requeue_after(
        std::chrono::ceil<std::chrono::milliseconds>(kOwnWriteLimit - waited));
  }
  look.log.warn("watches do not show what was written; reading it",
                {{"objects", std::to_string(runtime.unseen.size())}});
  for (const auto& [key, written] : runtime.unseen) look.place->cluster.read_again(key);
  runtime.unseen.clear();
  return std::nullopt;
}

bool Reconciler::find_problems(Look& look) {
  const auto& app = look.app;
  for (auto& message : api::refused_fields(look.object)) {
    look.condition("InvalidSpecError", std::move(message));
  }
  auto problems = api::spec_problems(app);
  if (problems.empty() && !look.place) problems.push_back(look.place_problem->text());
  for (auto& message : problems) look.condition("InvalidSpecError", std::move(message));
  auto project = parts_.registry.project(app.spec.project);
  if (!project && app.spec.project == api::kDefaultProject) {
    if (look.may_write) return create_default_project(look);
    project = api::default_project(parts_.control_namespace);  // what it would be
  }
  if (!project) {
    look.condition("InvalidSpecError",
                   "Application referencing project " + app.spec.project + " which does not exist");
  } else {
    for (auto& message : api::refused_project_fields(*project)) {
      look.condition("InvalidSpecError", message + " (project " + app.spec.project + ")");
    }
    auto parsed = api::parse_project(*project);
    if (!parsed.ok()) {
      look.condition("InvalidSpecError",
                     "project " + app.spec.project + ": " + parsed.error().text());
    } else {
      look.project = *std::move(parsed);
      parts_.registry.add_clusters(*look.project);
      for (auto& message : api::project_problems(*look.project, app, look.destination)) {
        look.condition("InvalidSpecError", std::move(message));
      }
    }
  }
  if (look.place) {
    const auto problem = look.place->cluster.scope_problem(
        app.spec.destination.namespace_, app.spec.sync_policy.options.create_namespace);
    if (problem) look.condition("InvalidSpecError", *problem);
  }
  look.seen.spec_error = !look.seen.conditions.empty();
  return look.seen.spec_error;
}

bool Reconciler::create_default_project(Look& look) {
  const auto created =
      parts_.client.create(project_resource(), api::default_project(parts_.control_namespace),
                           base::Deadline::after(parts_.clock, kOwnCallTimeout));
  // What is created comes back through the watch and puts every application into the queue again.
  if (created.ok() || created.error().code() == base::Code::AlreadyExists) {
    look.await_project = true;
    return true;
  }
  look.condition("InvalidSpecError",
                 "the project default can't be created: " + created.error().text());
  look.seen.spec_error = true;
  return true;
}

Reconciler::Stop Reconciler::subscribe(Look& look) {
  auto& runtime = *look.runtime;
  const auto repository = parts_.sources.repository(
      *parts_.registry.repositories(), look.app.all_sources().front(), look.app.spec.project);
  if (!repository.ok()) {
    look.condition("InvalidSpecError", repository.error().text());
    look.seen.spec_error = true;
    look.refresh_answered = true;
    return finish_refused(look);
  }
  const auto wake = [wake = parts_.wake, key = look.key] { wake(key); };
  if (!runtime.subscription || runtime.repository != repository->key()) {
    runtime.subscription = parts_.poller.subscribe(*repository, wake);
    runtime.repository = repository->key();
    runtime.ticket = 0;
  }
  if (look.refresh != api::Refresh::none && runtime.ticket_for != look.app.resource_version) {
    runtime.ticket = parts_.poller.request_refresh(*repository);
    runtime.ticket_for = look.app.resource_version;
    if (look.refresh == api::Refresh::hard) runtime.verdicts.clear();
  }
  return std::nullopt;
}

Reconciler::Stop Reconciler::resolve(Look& look) {
  const auto sources = look.app.all_sources();
  const auto resolved =
      parts_.sources.resolve(*parts_.registry.repositories(), sources, look.app.spec.project,
                             look.refresh == api::Refresh::none ? 0 : look.runtime->ticket);
  if (resolved.kind == source::Resolved::Kind::pending) return Action::await_change();
  look.refresh_answered = true;
  if (resolved.kind == source::Resolved::Kind::failed) {
    look.condition("ComparisonError", std::string(kLoadFailed) + resolved.error->text());
    return finish_refused(look);
  }
  if (resolved.sources.front().stale) {
    look.condition("ComparisonError",
                   "Failed to poll the repository, the last known revision is kept: " +
                       resolved.sources.front().stale->text());
  }
  switch (render_and_compare(look, resolved.sources.front())) {
    case Outcome::failed:
      return finish_refused(look);
    case Outcome::wait:
      return Action::await_change();
    case Outcome::compared:
      break;
  }
  return std::nullopt;
}

Action Reconciler::finish_refused(Look& look) {
  const auto& requested = look.object.tree()["operation"];
  auto ended = end_refused_operation(requested, look.app.status.operation_state,
                                     look.seen.conditions, parts_.clock.wall());
  if (!ended) return finish(look);
  const auto took = *ended->finished_at - ended->started_at;
  const std::string failure = "Sync operation failed: " + ended->message;
  look.seen.operation = *std::move(ended);
  look.clear_operation = requested.is_map();
  look.seen.answered_refresh = true;  // reconciledAt must not be older than finishedAt
  const Action action = finish(look);
  if (action.kind != Action::Kind::retry && look.may_write) {
    emit_event(look, "Warning", "OperationCompleted", failure);
    parts_.metrics.operation_finished(look.key, look.app.spec.project,
                                      to_string(api::OperationPhase::error), took);
  }
  return action;
}

Action Reconciler::finish(Look& look) {
  const auto status = write_status(look);
  if (status.ok()) {
    return look.seen.look_again ? Action::requeue_after(*look.seen.look_again)
                                : Action::await_change();
  }
  look.log.warn("the status could not be written", {{"error", status.error().text()}});
  return Action::retry_later();
}

}  // namespace tiphys::controller
