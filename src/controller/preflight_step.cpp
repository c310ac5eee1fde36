#include "look.hpp"
#include "operation_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace tiphys::controller {

namespace {

const plan::Task* task_of(const plan::Plan& plan, const api::ResourceResult& row) {
  for (const auto& group : plan.groups) {
    const auto found = std::ranges::find_if(group.tasks, [&](const plan::Task& task) {
      return task.key.kind == row.kind && task.key.group == row.group &&
             task.key.name == row.name && task.key.namespace_ == row.namespace_ &&
             to_string(task.phase) == row.sync_phase;
    });
    if (found != group.tasks.end()) return &*found;
  }
  return nullptr;
}

/// Takes the rows over; the reasons of what failed.
std::set<std::string> take_rows(const base::Logger& log, Runtime& runtime, const plan::Plan& plan,
                                const sync::Report& report) {
  std::set<std::string> reasons;
  for (const auto& outcome : report.outcomes) {
    const bool untried = outcome.row.status.empty();
    if (!outcome.error && !untried) continue;
    if (outcome.error) reasons.insert(outcome.row.message);
    if (untried)
      log.info("a write could not be tried", {{"kind", outcome.row.kind},
                                              {"name", outcome.row.name},
                                              {"reason", outcome.row.message}});
    if (const auto* task = task_of(plan, outcome.row)) add_outcome(runtime, *task, outcome);
  }
  return reasons;
}

/// The same, of what went well too.
std::set<std::string> take_all(Runtime& runtime, const plan::Plan& plan,
                               const sync::Report& report) {
  std::set<std::string> reasons;
  for (const auto& outcome : report.outcomes) {
    if (outcome.error) reasons.insert(outcome.row.message);
    if (const auto* task = task_of(plan, outcome.row)) add_outcome(runtime, *task, outcome);
  }
  return reasons;
}

}  // namespace

std::optional<std::string> Reconciler::try_all(Look& look, const plan::Plan& plan) {
  auto& runtime = *look.runtime;
  // Before the first write of an attempt, and once.
  if (runtime.progress.position || runtime.tried_run == runtime.run) return std::nullopt;
  auto& executor = look.place->executor;
  const auto how = write_options(look);
  if (const auto report = executor.missing_permissions(plan, how); report.failed())
    return fmt::format("nothing was written{}: {}",
                       how.identity.user.empty() ? "" : " as " + how.identity.user,
                       fmt::join(take_rows(look.log, runtime, plan, report), ", "));
  if (look.sync->self_heal_attempts == 0) {
    const auto reasons =
        take_rows(look.log, runtime, plan, executor.dry_run_all(plan, how, look.predictions));
    if (!reasons.empty())
      return fmt::format(
          "one or more objects failed to apply (dry run), nothing was written, "
          "reason: {}",
          fmt::join(reasons, ","));
  }
  runtime.tried_run = runtime.run;
  return std::nullopt;
}

Action Reconciler::try_operation(Look& look, const plan::Plan& plan) {
  auto& runtime = *look.runtime;
  auto& executor = look.place->executor;
  auto how = write_options(look);
  how.options.server_dry_run = true;  // it is what was asked for
  how.dry_run = true;
  const auto missing = executor.missing_permissions(plan, how);
  auto reasons = take_rows(look.log, runtime, plan, missing);
  if (!missing.failed()) {
    const auto tried = executor.dry_run_all(plan, how, look.predictions);
    reasons = take_all(runtime, plan, tried);
    for (const auto& group : plan.groups) {
      plan::Group prunes = group;
      std::erase_if(prunes.tasks,
                    [](const plan::Task& task) { return task.action != plan::Action::prune; });
      reasons.merge(take_all(runtime, plan, executor.run(prunes, how)));
    }
  }
  start_event(look);
  if (reasons.empty())
    return finish_operation(look, api::OperationPhase::succeeded, "successfully synced (dry run)");
  return finish_operation(look, api::OperationPhase::failed,
                          fmt::format("one or more objects failed to apply (dry run), reason: {}",
                                      fmt::join(reasons, ",")));
}

}  // namespace tiphys::controller
