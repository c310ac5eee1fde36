#include "look.hpp"
#include "operation_rows.hpp"

#include "tiphys/base/failpoint.hpp"
#include "tiphys/plan/retry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::controller {

namespace {

/// As Argo CD leaves it: still Running, but with an end.
bool waits_for_retry(const api::OperationState& state) {
  return state.phase == api::OperationPhase::running && state.finished_at;
}

api::Retry retry_of(const api::OperationState& state) {
  auto retry = api::parse_retry(state.operation["retry"], "operation.retry");
  return retry.ok() ? *retry : api::Retry();
}

/// A hook that some attempt of an operation made.
bool is_run(const k8s::Object& object) {
  return object.annotation(plan::kHookRunAnnotation).has_value();
}

}  // namespace

Reconciler::Stop Reconciler::between_attempts(Look& look) {
  auto& state = *look.operation;
  if (!waits_for_retry(state)) return std::nullopt;
  const auto delay = plan::retry_delay(retry_of(state), state.retry_count - 1);
  const api::Time due = *state.finished_at + (delay.ok() ? *delay : std::chrono::milliseconds(0));
  const api::Time now = parts_.clock.wall();
  if (due > now) {
    look.seen.look_again = std::chrono::ceil<std::chrono::milliseconds>(due - now);
    return finish(look);
  }
  const bool refresh = retry_of(state).refresh;
  state.message = fmt::format("Retrying operation{}. Attempt #{}",
                              refresh ? " with latest revisions" : "", state.retry_count);
  state.finished_at.reset();
  if (state.sync_result) {
    state.sync_result->resources.clear();
    if (refresh) state.sync_result->revision.clear();
  }
  look.seen.operation = state;
  const auto written = write_status(look);
  if (!written.ok()) return Action::retry_later();
  return std::nullopt;
}

Action Reconciler::fail_operation(Look& look, const plan::Plan& plan) {
  auto& runtime = *look.runtime;
  auto& position = runtime.progress.position;
  const bool failing = position && position->phase == plan::Phase::sync_fail;
  if (!failing && plan::has_sync_fail_hooks(plan)) {
    const auto before = position;
    position = plan::Position{plan::Phase::sync_fail, 0};
    look.own.operation_id = runtime.run;
    look.own.phase = to_string(plan::Phase::sync_fail);
    look.own.wave = 0;
    look.own.wave_started_at = std::chrono::floor<std::chrono::seconds>(parts_.clock.wall());
    runtime.next_group_at = {};
    if (!save_operation(look, failure_message(runtime))) {
      position = before;
      return Action::retry_later();
    }
    parts_.wake(look.key);
    return Action::await_change();
  }
  return fail_attempt(look, failure_message(runtime));
}

Action Reconciler::fail_attempt(Look& look, const std::string& message) {
  auto& runtime = *look.runtime;
  auto& state = *look.operation;
  const api::Retry retry = retry_of(state);
  // A policy that somebody wrote is followed to the letter; the default one isn't wasted on what
  // will be refused again (docs/deviations.md).
  const bool automated = state.operation.at({"initiatedBy", "automated"}).boolean_or(false);
  const bool asked = !automated || look.app.spec.sync_policy.retry.has_value();
  if (!plan::may_retry(retry, state.retry_count) || (!asked && runtime.refused_for_good))
    return finish_operation(look, api::OperationPhase::failed, message);
  const auto delay = plan::retry_delay(retry, state.retry_count);
  if (!delay.ok())
    return finish_operation(look, api::OperationPhase::failed,
                            message + "; " + delay.error().text());
  state.finished_at = std::chrono::floor<std::chrono::seconds>(parts_.clock.wall());
  state.retry_count += 1;
  if (!save_operation(look,
                      fmt::format("{}. Retrying attempt #{} at {}.", message, state.retry_count,
                                  base::format_rfc3339(*state.finished_at + *delay))))
    return Action::retry_later();
  return Action::requeue_after(*delay);
}

Action Reconciler::terminate_operation(Look& look, const plan::Plan& plan) {
  std::vector<plan::Task> running;
  for (const auto& group : plan.groups) {
    for (const auto& task : group.tasks) {
      if (task.hook && task.hook_started && task.live && !task.live->deleting && task.health &&
          (task.health->code == health::Code::progressing ||
           task.health->code == health::Code::suspended))
        running.push_back(task);
    }
  }
  if (!running.empty()) {
    if (delete_hooks(look, running).failed())
      return finish_operation(look, api::OperationPhase::error, "Operation termination had errors");
  }
  // Without somebody who asked it was the clock, in Argo CD's words.
  const auto& shown = look.app.status.operation_state;
  const bool asked = shown && shown->phase == api::OperationPhase::terminating;
  return finish_operation(look, api::OperationPhase::failed,
                          asked ? "Operation terminated"
                                : "Operation terminated, triggered by controller sync timeout");
}

Action Reconciler::finish_operation(Look& look, api::OperationPhase phase, std::string message) {
  auto& state = *look.operation;
  const api::Time now = parts_.clock.wall();
  const bool good = phase == api::OperationPhase::succeeded;
  state.phase = phase;
  state.message = std::move(message);
  if (state.retry_count > 0 && !good)
    state.message += fmt::format(" (retried {} times).", state.retry_count);
  state.finished_at = now;
  for (auto& [key, row] : look.runtime->rows) {
    // The last group isn't waited for: what was applied has succeeded.
    if (good && row.status != "SyncFailed") row.hook_phase = "Succeeded";
  }
  if (look.revision.empty())
    look.revision =
        look.sync && !look.sync->revision.empty() ? look.sync->revision : look.seen.revision;
  state.sync_result = result_of(*look.runtime, look.revision, look.app.spec);
  look.seen.operation = state;
  look.clear_operation = look.app.operation.has_value();
  look.seen.answered_refresh = true;  // reconciledAt must not be older than finishedAt
  const bool whole = look.sync && look.sync->resources.empty();
  const bool deployed = good && whole && !look.sync->dry_run;
  if (deployed) look.seen.history = make_history_entry(look.app.status, state, now);
  look.own.operation_id.clear();
  look.own.phase.clear();
  look.own.wave = 0;
  look.own.wave_started_at.reset();
  if (deployed) hold_if_rolled_back(look);
  base::failpoint("controller.before-operation-end");
  const Action action = finish(look);
  base::failpoint("controller.after-operation-end");
  if (action.kind == Action::Kind::retry) return action;
  emit_event(look, good ? "Normal" : "Warning", "OperationCompleted",
             std::string(whole ? "Sync operation to " : "Partial sync operation to ") +
                 state.sync_result->revision + (good ? " succeeded" : " failed: " + state.message));
  parts_.metrics.operation_finished(look.key, look.app.spec.project, to_string(phase),
                                    now - state.started_at);
  look.runtime->run.clear();
  parts_.wake(look.key);
  return action;
}

void Reconciler::hold_if_rolled_back(Look& look) {
  const bool automated =
      look.operation->operation.at({"initiatedBy", "automated"}).boolean_or(false);
  if (automated || look.revision == look.seen.revision || look.seen.revision.empty()) {
    look.own.hold.reset();
    return;
  }
  look.own.hold =
      api::OwnState::Hold{.revision = look.seen.revision,
                          .reason = fmt::format("rolled back to {} by hand", look.revision)};
}

Reconciler::Stop Reconciler::clean_up_hooks(Look& look) {
  if (!look.may_write || look.operation_running() || !look.identity_problem.empty())
    return std::nullopt;
  std::vector<plan::Task> done;
  const auto store = look.place->cluster.store();
  for (const auto& entry : store->objects_of(look.key.name)) {
    if (entry->deleting || entry->json.find(plan::kHookRunAnnotation) == std::string::npos)
      continue;
    const auto live = live::to_live(*entry);
    if (!live.ok() || !is_run(live->object) || !plan::is_hook(live->object)) continue;
    const auto policies = plan::delete_policies(live->object);
    const auto code = entry->health ? entry->health->code : health::Code::healthy;
    const bool failed = code == health::Code::degraded || code == health::Code::unknown;
    if (!(policies.succeeded && code == health::Code::healthy) && !(policies.failed && failed))
      continue;
    done.push_back(
        {.action = plan::Action::prune,
         .key = entry->key,
         .version = entry->version,
         .live = plan::LiveRef{.uid = entry->uid, .resource_version = entry->resource_version},
         .propagation = api::Propagation::foreground,
         .hook = true});
  }
  if (done.empty()) return std::nullopt;
  // The status first: what ended is written down before what shows it goes.
  if (const auto written = write_status(look); !written.ok()) return Action::retry_later();
  return remove_hooks(look, done);
}

}  // namespace tiphys::controller
