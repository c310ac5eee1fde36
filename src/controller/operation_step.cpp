#include "look.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/plan/auto_sync.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::controller {

namespace {

// Argo CD's defaults for an automated operation without a retry policy: 5 tries, 5 s doubled up to
// 3 min (reference/argocd.md 2.4).
constexpr std::int64_t kRetryLimit = 5;
constexpr std::chrono::seconds kRetryBase{5};
constexpr std::chrono::seconds kRetryMax{180};

std::chrono::milliseconds retry_delay(std::int64_t attempt) {
  return std::min<std::chrono::milliseconds>(
      kRetryMax, kRetryBase * (1LL << std::min<std::int64_t>(attempt, 10)));
}

/// What of an operation is left to do, given what this run of it has applied already.
plan::Plan remaining(plan::Plan plan, const std::set<k8s::ObjectKey>& applied) {
  for (auto& group : plan.groups) {
    std::erase_if(group.tasks, [&](const plan::Task& task) { return applied.contains(task.key); });
  }
  std::erase_if(plan.groups, [](const plan::Group& group) { return group.tasks.empty(); });
  return plan;
}

std::string key_list(const std::vector<k8s::ObjectKey>& keys) {
  const auto& first = keys.front();
  std::string text = first.group + "/" + first.kind + "/" + first.name;
  if (keys.size() > 1) text += fmt::format(" and {} more resources", keys.size() - 1);
  return text;
}

/// Rows of what needs no write: in sync already, or refused by a guard.
void add_rows(Runtime& runtime, const std::vector<plan::Task>& skipped) {
  for (const auto& task : skipped) {
    if (runtime.rows.contains(task.key)) continue;
    api::ResourceResult row = sync::row_of(task);
    row.status = task.status;
    row.message = task.message;
    row.hook_phase = "Succeeded";
    runtime.rows.emplace(task.key, std::move(row));
  }
}

}  // namespace

std::optional<plan::Comparison> Reconciler::comparison_of_operation(Look& look) {
  const std::string& wanted = look.sync->revision;
  if (wanted.empty() || wanted == look.seen.revision) return look.seen.comparison;
  // The operation names a revision of its own: compare with that one, and leave what the status
  // shows alone.
  const auto resolved =
      parts_.sources.resolve_at(*parts_.registry.repositories(), look.app.all_sources().front(),
                                wanted, look.app.spec.project);
  if (resolved.kind != source::Resolved::Kind::ready) {
    if (resolved.error) look.condition("SyncError", resolved.error->text());
    return std::nullopt;
  }
  const Observation seen = look.seen;
  look.seen.comparison.reset();
  (void)render_and_compare(look, resolved.sources.front());
  auto comparison = std::move(look.seen.comparison);
  auto conditions = std::move(look.seen.conditions);
  look.seen = seen;
  if (!comparison) look.seen.conditions = std::move(conditions);
  return comparison;
}

void Reconciler::decide_operation(Look& look) {
  const auto& app = look.app;
  look.operation = app.status.operation_state;
  const api::Time now = parts_.clock.wall();
  if (look.operation_running()) {
    auto parsed =
        api::parse_operation(look.operation->operation, "status.operationState.operation");
    if (parsed.ok() && parsed->sync) look.sync = parsed->sync;
    if (look.sync) return;
  }
  const auto start = [&](const api::Operation& operation) {
    api::OperationState state;
    state.operation = operation.json;
    state.phase = api::OperationPhase::running;
    state.started_at = now;
    look.operation = std::move(state);
    look.sync = operation.sync;
  };
  if (app.operation && app.operation->sync) return start(*app.operation);
  if (!look.seen.comparison) return;
  plan::AutoSyncInputs inputs;
  inputs.revision = look.seen.revision;
  inputs.now = now;
  const auto decision = plan::decide_auto_sync(app, *look.seen.comparison, inputs);
  if (!decision.sync_error.empty()) look.condition("SyncError", decision.sync_error);
  if (decision.retry_at) look.seen.look_again = *decision.retry_at - now;
  if (decision.operation && look.may_write && !windows_forbid_start(look)) {
    start(*decision.operation);
    look.log.info("automated sync starts", {{"revision", look.seen.revision}});
  }
}

plan::PlanOptions Reconciler::plan_options(const Look& look) const {
  plan::PlanOptions options;
  options.app = look.key.name;
  options.project = look.app.spec.project;
  options.destination_namespace = look.app.spec.destination.namespace_;
  options.tracking = look.settings.tracking;
  options.sync_options =
      look.sync->options.entries.empty() ? look.app.spec.sync_policy.options : look.sync->options;
  options.prune = look.sync->prune;
  options.destination_namespace_exists =
      parts_.cluster.namespace_exists(look.app.spec.destination.namespace_);
  const auto approved = look.app.deletion_approved();
  options.deletion_approved = approved && *approved >= look.operation->started_at;
  options.unlistable = parts_.cluster.unlistable();
  return options;
}

Action Reconciler::step_operation(Look& look) {
  auto& runtime = *look.runtime;
  auto& state = *look.operation;
  const bool fresh = !look.app.status.operation_state ||
                     look.app.status.operation_state->started_at != state.started_at ||
                     api::is_completed(look.app.status.operation_state->phase);
  runtime.begin_operation(base::format_rfc3339(state.started_at) + look.seen.revision);
  if (state.phase == api::OperationPhase::terminating) {
    return finish_operation(look, api::OperationPhase::failed, "Operation terminated");
  }
  if (const auto retry = state.finished_at; retry && *retry > parts_.clock.wall()) {
    look.seen.look_again = *retry - parts_.clock.wall();  // between two attempts
    return finish(look);
  }
  if (auto stop = await_window(look)) return *stop;
  const auto comparison = comparison_of_operation(look);
  if (!comparison) {
    std::string why = "application can't be compared";
    for (const auto& condition : look.seen.conditions) {
      if (condition.is_error()) why = condition.type + ": " + condition.message;
    }
    return finish_operation(look, api::OperationPhase::error, std::move(why));
  }
  const auto whole = plan::make_plan(*comparison, plan_options(look));
  if (!whole.problems.empty()) {
    return finish_operation(look, api::OperationPhase::failed,
                            fmt::format("one or more synchronization tasks are not valid: {}",
                                        fmt::join(whole.problems, "; ")));
  }
  if (!whole.unconfirmed.empty()) {
    // As Argo CD: nothing at all is written while somebody is asked.
    state.message = "waiting for pruning confirmation of " + key_list(whole.unconfirmed);
    look.seen.operation = state;
    return finish(look);
  }
  add_rows(runtime, whole.skipped);
  const auto plan = remaining(whole, runtime.applied);
  if (plan.empty()) {
    return finish_operation(look, api::OperationPhase::succeeded,
                            "successfully synced (all tasks run)");
  }
  if (fresh) {
    // Where it stands is written before the first write to the cluster: a crash resumes, it never
    // forgets.
    state.message = "one or more tasks are running";
    look.seen.operation = state;
    look.clear_operation = false;
    base::failpoint("controller.before-operation-start");
    const auto written = write_status(look);
    if (!written.ok()) return Action::retry_later();
    base::failpoint("controller.after-operation-start");
    emit_event(look, "Normal", "OperationStarted",
               "sync operation to " + look.seen.revision + " started");
  }
  return run_group(look, plan.groups.front());
}

Action Reconciler::run_group(Look& look, const plan::Group& group) {
  auto& runtime = *look.runtime;
  const auto report = parts_.executor.run(group);
  for (const auto& outcome : report.outcomes) {
    const k8s::ObjectKey key{outcome.row.group, outcome.row.kind, outcome.row.namespace_,
                             outcome.row.name};
    runtime.rows.insert_or_assign(key, outcome.row);
    if (!outcome.written) continue;
    runtime.applied.insert(key);
    runtime.unseen.insert_or_assign(key, *outcome.written);
    runtime.verdicts.erase(key);
  }
  runtime.unseen_since = parts_.clock.now();
  if (report.failed()) return fail_step(look, report);
  // The watches may have shown everything before it was recorded here: look once more by itself.
  parts_.wake(look.key);
  return Action::await_change();
}

Action Reconciler::fail_step(Look& look, const sync::Report& report) {
  auto& state = *look.operation;
  const bool automated = state.operation.at({"initiatedBy", "automated"}).boolean_or(false);
  const std::string message = report.failure_message();
  if (!automated || !report.may_be_retried() || state.retry_count >= kRetryLimit) {
    return finish_operation(look, api::OperationPhase::failed, message);
  }
  const auto delay = retry_delay(state.retry_count);
  state.retry_count += 1;
  state.finished_at = parts_.clock.wall() + delay;
  state.message = fmt::format("{}. Retrying attempt #{} at {}.", message, state.retry_count,
                              base::format_rfc3339(*state.finished_at));
  look.runtime->applied.clear();
  look.seen.operation = state;
  look.seen.look_again = delay;
  return finish(look);
}

Action Reconciler::finish_operation(Look& look, api::OperationPhase phase, std::string message) {
  auto& state = *look.operation;
  const api::Time now = parts_.clock.wall();
  state.phase = phase;
  state.message = std::move(message);
  if (state.retry_count > 0)
    state.message += fmt::format(" (retried {} times).", state.retry_count);
  state.finished_at = now;
  api::SyncResult result;
  result.revision =
      look.sync && !look.sync->revision.empty() ? look.sync->revision : look.seen.revision;
  result.source = look.app.spec.source ? look.app.spec.source->json : value::Value();
  for (const auto& [key, row] : look.runtime->rows) result.resources.push_back(row);
  for (auto& row : result.resources) {
    if (row.hook_phase == "Running") row.hook_phase = "Succeeded";
  }
  state.sync_result = std::move(result);
  look.seen.operation = state;
  look.clear_operation = look.app.operation.has_value();
  look.seen.answered_refresh = true;  // reconciledAt must not be older than finishedAt
  if (phase == api::OperationPhase::succeeded) {
    look.seen.history = make_history_entry(look.app.status, state, now);
  }
  base::failpoint("controller.before-operation-end");
  const Action action = finish(look);
  base::failpoint("controller.after-operation-end");
  if (action.kind == Action::Kind::retry) return action;
  const bool good = phase == api::OperationPhase::succeeded;
  emit_event(look, good ? "Normal" : "Warning", "OperationCompleted",
             "Sync operation to " + state.sync_result->revision +
                 (good ? " succeeded" : " failed: " + state.message));
  parts_.metrics.operation_finished(look.key, look.app.spec.project, to_string(phase),
                                    now - state.started_at);
  look.runtime->begin_operation("");
  parts_.wake(look.key);
  return action;
}

}  // namespace tiphys::controller
