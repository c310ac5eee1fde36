#include "look.hpp"
#include "operation_rows.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/plan/auto_sync.hpp"
#include "tiphys/plan/timeouts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tiphys::controller {

namespace {

using plan::Step;

/// While nothing happens in the cluster a running operation is looked at this often.
constexpr std::chrono::seconds kLookAtOperation{30};

std::string key_list(const std::vector<k8s::ObjectKey>& keys) {
  const auto& first = keys.front();
  std::string text = first.group + "/" + first.kind + "/" + first.name;
  if (keys.size() > 1) text += fmt::format(" and {} more resources", keys.size() - 1);
  return text;
}

void look_again_in(Observation& seen, std::chrono::milliseconds delay) {
  seen.look_again = std::min(seen.look_again.value_or(delay), delay);
}

/// Hooks are left out as in Argo CD: strategy apply, single resources, self-heal.
bool runs_hooks(const api::SyncOperation& sync) {
  return !sync.apply_strategy && sync.resources.empty() && sync.self_heal_attempts == 0;
}

/// The destination's namespace alone: nothing to resume at, and nothing to let settle.
bool only_makes_namespace(const Step& step) {
  return std::ranges::all_of(step.tasks, [](const plan::Task& task) {
    return task.action == plan::Action::create_namespace;
  });
}

bool is_automated(const api::OperationState& state) {
  return state.operation.at({"initiatedBy", "automated"}).boolean_or(false);
}

}  // namespace

void Reconciler::read_own_state(Look& look) {
  auto own = api::parse_own_state(look.app.annotation(api::kTiphysStateAnnotation));
  if (own.ok()) {
    look.own = *std::move(own);
  } else {
    // It is only ever a memory: without it everything is worked out again.
    look.log.warn("the annotation tiphys.io/state can't be read", {{"error", own.error().text()}});
  }
  look.own_before = look.own;
}

/// The revision that the operation is about: its own, or the one that it was begun with.
static std::string wanted_revision(const api::OperationState& state,
                                   const api::SyncOperation& sync) {
  const bool refreshed =
      state.operation.at({"retry", "refresh"}).boolean_or(false) && state.retry_count > 0;
  if (state.sync_result && !state.sync_result->revision.empty()) return state.sync_result->revision;
  return refreshed ? std::string() : sync.revision;
}

std::optional<plan::Comparison> Reconciler::comparison_of_operation(Look& look) {
  const std::string wanted = wanted_revision(*look.operation, *look.sync);
  if (wanted.empty() || wanted == look.seen.revision) {
    look.revision = look.seen.revision;
    return look.seen.comparison;
  }
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
  look.revision = look.seen.revision;
  look.seen = seen;
  if (!comparison) look.seen.conditions = std::move(conditions);
  return comparison;
}

void Reconciler::begin_operation(Look& look, const api::Operation& operation) {
  api::OperationState state;
  state.operation = operation.json;
  state.phase = api::OperationPhase::running;
  state.started_at = std::chrono::floor<std::chrono::seconds>(parts_.clock.wall());
  // Operations are told apart by when they began, in whole seconds: hooks carry it.
  if (const auto& last = look.app.status.operation_state)
    state.started_at = std::max(state.started_at, last->started_at + std::chrono::seconds(1));
  look.operation = std::move(state);
  look.sync = operation.sync;
}

void Reconciler::decide_operation(Look& look) {
  const auto& app = look.app;
  look.operation = app.status.operation_state;
  if (look.operation_running()) {
    auto parsed =
        api::parse_operation(look.operation->operation, "status.operationState.operation");
    if (parsed.ok() && parsed->sync) look.sync = parsed->sync;
    if (look.sync) return;
  }
  if (app.operation && app.operation->sync) return begin_operation(look, *app.operation);
  if (!look.seen.comparison) return;
  plan::AutoSyncInputs inputs;
  inputs.revision = look.seen.revision;
  inputs.now = parts_.clock.wall();
  const auto decision = plan::decide_auto_sync(app, *look.seen.comparison, inputs);
  if (!decision.sync_error.empty()) look.condition("SyncError", decision.sync_error);
  if (decision.retry_at) look.seen.look_again = *decision.retry_at - inputs.now;
  if (!decision.operation || !look.may_write) return;
  if (look.own.hold && look.own.hold->revision == look.seen.revision) {
    look.log.info("automated sync is held",
                  {{"revision", look.seen.revision}, {"reason", look.own.hold->reason}});
    return;
  }
  if (windows_forbid_start(look)) return;
  begin_operation(look, *decision.operation);
  look.log.info("automated sync starts", {{"revision", look.seen.revision}});
}

std::vector<plan::Hook> Reconciler::hooks_of_operation(const Look& look) const {
  if (!runs_hooks(*look.sync)) return {};
  const std::string& target = look.app.spec.destination.namespace_;
  auto hooks = plan::hooks_of(look.targets.hooks,
                              {.app = look.key.name,
                               .destination_namespace = target,
                               .tracking = look.settings.tracking,
                               .revision = look.revision,
                               .started_at = std::chrono::floor<std::chrono::seconds>(
                                                 look.operation->started_at.time_since_epoch())
                                                 .count(),
                               .run_id = run_id(*look.operation)});
  const auto store = look.place->cluster.store();
  for (auto& hook : hooks) {
    const auto key = hook.object.key();
    if (look.project) {
      const auto scope =
          look.place->cluster.scope_of(key.group_kind()).value_or(api::Scope::namespaced);
      if (!api::permitted_object(*look.project, key, scope, look.destination))
        hook.denial = fmt::format("resource {}:{} is not permitted in project {}", key.group,
                                  key.kind, look.project->key.name);
    }
    const auto entry = store->find(key);
    if (!entry) continue;
    auto live = live::to_live(*entry);
    if (live.ok()) hook.live = *std::move(live);
  }
  return hooks;
}

const api::SyncOptions& Reconciler::sync_options_of(const Look& look) {
  return look.sync->options.entries.empty() ? look.app.spec.sync_policy.options
                                            : look.sync->options;
}

plan::PlanOptions Reconciler::plan_options(const Look& look) const {
  plan::PlanOptions options;
  options.app = look.key.name;
  options.project = look.app.spec.project;
  options.destination_namespace = look.app.spec.destination.namespace_;
  options.tracking = look.settings.tracking;
  options.sync_options = sync_options_of(look);
  options.prune = look.sync->prune;
  options.destination_namespace_exists =
      look.place->cluster.namespace_exists(look.app.spec.destination.namespace_);
  options.namespace_metadata = look.app.spec.sync_policy.managed_namespace_metadata;
  const auto live = look.place->cluster.store()->find(
      {"", "Namespace", "", look.app.spec.destination.namespace_});
  if (live) options.live_namespace = {.uid = live->uid, .resource_version = live->resource_version};
  const auto approved = look.app.deletion_approved();
  options.deletion_approved = approved && *approved >= look.operation->started_at;
  options.unlistable = look.place->cluster.unlistable();
  options.hooks = hooks_of_operation(look);
  options.only = look.sync->resources;
  options.jq = jq_of(look);
  return options;
}

Action Reconciler::step_operation(Look& look) {
  auto& state = *look.operation;
  auto& runtime = *look.runtime;
  if (auto stop = between_attempts(look)) return *stop;
  if (auto stop = await_window(look)) return *stop;
  if (!look.identity_problem.empty())
    return finish_operation(look, api::OperationPhase::error, look.identity_problem);
  const auto comparison = comparison_of_operation(look);
  if (!comparison) {
    std::string why = "application can't be compared";
    for (const auto& condition : look.seen.conditions) {
      if (condition.is_error()) why = condition.type + ": " + condition.message;
    }
    return finish_operation(look, api::OperationPhase::error, std::move(why));
  }
  resume_attempt(runtime, state, look.own);
  const auto plan = plan::make_plan(*comparison, plan_options(look));
  if (end_if_late(look)) state.phase = api::OperationPhase::terminating;
  if (state.phase == api::OperationPhase::terminating) return terminate_operation(look, plan);
  if (!plan.problems.empty()) {
    return finish_operation(look, api::OperationPhase::failed,
                            fmt::format("one or more synchronization tasks are not valid: {}",
                                        fmt::join(plan.problems, "; ")));
  }
  if (look.sync->dry_run) {
    add_rows(runtime, plan.skipped);
    return try_operation(look, plan);
  }
  if (!plan.unconfirmed.empty()) {
    // Nobody is asked before the start (which may be moved on by a second): an answer to the
    // question must not look older than it.
    if (const auto early = state.started_at - parts_.clock.wall(); early.count() > 0) {
      look_again_in(look.seen, std::chrono::ceil<std::chrono::milliseconds>(early));
      return finish(look);
    }
    // As Argo CD: nothing at all is written while somebody is asked.
    state.message = "waiting for pruning confirmation of " + key_list(plan.unconfirmed);
    look.seen.operation = state;
    return finish(look);
  }
  add_rows(runtime, plan.skipped);
  runtime.progress.apply_out_of_sync_only = sync_options_of(look).apply_out_of_sync_only;
  const Step step = plan::next_step(plan, runtime.progress);
  update_rows(runtime, step.views);
  return take_step(look, plan, step);
}

Action Reconciler::take_step(Look& look, const plan::Plan& plan, const Step& step) {
  auto& progress = look.runtime->progress;
  const bool superseded = is_automated(*look.operation) && !look.seen.revision.empty() &&
                          look.seen.revision != look.revision && !step.hook_runs;
  switch (step.kind) {
    case Step::Kind::done:
      return finish_operation(look, api::OperationPhase::succeeded,
                              "successfully synced (all tasks run)");
    case Step::Kind::failed:
      return fail_operation(look, plan);
    case Step::Kind::run:
    case Step::Kind::remove_hooks:
    case Step::Kind::wait:
      break;
  }
  if (superseded && progress.position && progress.position->phase != plan::Phase::sync_fail &&
      (step.kind == Step::Kind::wait || *progress.position != step.position)) {
    return finish_operation(look, api::OperationPhase::failed,
                            "superseded by the newer revision " + look.seen.revision);
  }
  if (step.kind == Step::Kind::wait && is_wave_late(look, step)) return fail_operation(look, plan);
  if (step.kind == Step::Kind::wait) return wait_in_operation(look, step);
  const auto now = parts_.clock.now();
  if (look.runtime->next_group_at > now) {
    look_again_in(look.seen,
                  std::chrono::ceil<std::chrono::milliseconds>(look.runtime->next_group_at - now));
    return finish(look);
  }
  const bool fresh = !look.app.status.operation_state ||
                     look.app.status.operation_state->started_at != look.operation->started_at ||
                     api::is_completed(look.app.status.operation_state->phase);
  const bool single = step.last && !progress.position;
  const bool moves = !single && !only_makes_namespace(step) && progress.position != step.position;
  if (const auto refused = try_all(look, plan)) {
    if (fresh) start_event(look);
    return fail_attempt(look, *refused);
  }
  const auto before = progress.position;
  if (moves) {
    progress.position = step.position;
    look.own.operation_id = look.runtime->run;
    look.own.phase = to_string(step.position.phase);
    look.own.wave = step.position.wave;
    look.own.wave_started_at = std::chrono::floor<std::chrono::seconds>(parts_.clock.wall());
  }
  // Where it stands is written before the first write to the cluster: a crash resumes, it never
  // forgets.
  if (fresh || moves) {
    base::failpoint("controller.before-operation-start");
    if (!save_operation(look, "one or more tasks are running")) {
      progress.position = before;  // what isn't written down isn't begun
      return Action::retry_later();
    }
    base::failpoint("controller.after-operation-start");
  }
  if (fresh) start_event(look);
  if (step.kind == Step::Kind::remove_hooks) return remove_hooks(look, step.tasks);
  return run_group(look, step);
}

bool Reconciler::end_if_late(Look& look) const {
  const auto limit = plan::timeouts_of(sync_options_of(look)).sync;
  if (!limit) return false;
  const auto left = look.operation->started_at + *limit - parts_.clock.wall();
  if (left.count() <= 0) return true;
  look_again_in(look.seen, std::chrono::ceil<std::chrono::milliseconds>(left));
  return false;
}

bool Reconciler::is_wave_late(Look& look, const Step& step) const {
  const auto limit = plan::timeouts_of(sync_options_of(look)).wave;
  if (!limit) return false;
  auto& progress = look.runtime->progress;
  const bool known = look.own.operation_id == look.runtime->run && look.own.wave_started_at;
  const api::Time since = known ? *look.own.wave_started_at : look.operation->started_at;
  const auto left = since + *limit - parts_.clock.wall();
  if (left.count() > 0) {
    look_again_in(look.seen, std::chrono::ceil<std::chrono::milliseconds>(left));
    return false;
  }
  const std::string why = fmt::format("{} since {}, longer than WaveTimeout allows", step.message,
                                      base::format_rfc3339(since));
  for (const auto& key : step.blockers) {
    const plan::TaskKey task(key, step.position.phase);
    progress.failed[task] = why;
    if (const auto row = look.runtime->rows.find(task); row != look.runtime->rows.end()) {
      row->second.hook_phase = "Failed";
      row->second.message = why;
    }
  }
  return true;
}

bool Reconciler::save_operation(Look& look, std::string message) {
  auto& state = *look.operation;
  state.message = std::move(message);
  state.sync_result = result_of(*look.runtime, look.revision, look.app.spec);
  look.seen.operation = state;
  look.clear_operation = false;
  return write_status(look).ok();
}

Action Reconciler::wait_in_operation(Look& look, const Step& step) {
  look_again_in(look.seen, kLookAtOperation);
  const sync::Explainer explainer(look.place->client, look.place->discovery, parts_.clock);
  auto& reason = look.runtime->wait_reason;
  const std::string why = reason.after(step.blockers, explainer, parts_.clock.now());
  if (!reason.asked()) look_again_in(look.seen, WaitReason::kLate);
  if (!save_operation(look, step.message + why)) return Action::retry_later();
  return Action::requeue_after(*look.seen.look_again);
}

void Reconciler::start_event(Look& look) {
  emit_event(look, "Normal", "OperationStarted", "sync operation to " + look.revision + " started");
}

sync::WriteOptions Reconciler::write_options(const Look& look) {
  sync::WriteOptions how;
  how.options = sync_options_of(look);
  how.force = look.sync->force;
  how.identity = look.identity;
  return how;
}

Action Reconciler::run_group(Look& look, const Step& step) {
  auto& runtime = *look.runtime;
  const auto report = look.place->executor.run(
      {.phase = step.position.phase, .wave = step.position.wave, .tasks = step.tasks},
      write_options(look));
  for (const auto& outcome : report.outcomes) add_outcome(runtime, outcome);
  runtime.unseen_since = parts_.clock.now();
  if (!step.last && !only_makes_namespace(step))
    runtime.next_group_at = parts_.clock.now() + parts_.wave_delay;
  // The watches may have shown everything before it was recorded here: look once more by itself.
  parts_.wake(look.key);
  return Action::await_change();
}

sync::Report Reconciler::delete_hooks(const Look& look, std::vector<plan::Task> hooks) {
  for (auto& hook : hooks) {
    hook.action = plan::Action::prune;
    hook.propagation = api::Propagation::foreground;
  }
  base::failpoint("controller.before-hook-delete");
  auto report = look.place->executor.run_deletes(hooks, look.identity);
  base::failpoint("controller.after-hook-delete");
  return report;
}

Action Reconciler::remove_hooks(Look& look, const std::vector<plan::Task>& hooks) {
  auto& runtime = *look.runtime;
  const auto report = delete_hooks(look, hooks);
  for (const auto& outcome : report.outcomes) {
    if (outcome.written) runtime.unseen.insert_or_assign(outcome.written->key, *outcome.written);
    if (outcome.error)
      look.log.warn("a hook can't be deleted",
                    {{"hook", outcome.row.name}, {"error", outcome.error->text()}});
  }
  runtime.unseen_since = parts_.clock.now();
  if (report.failed()) return Action::retry_later();
  parts_.wake(look.key);
  return Action::await_change();
}

}  // namespace tiphys::controller
