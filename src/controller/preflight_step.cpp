#include "look.hpp"
#include "operation_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace tiphys::controller {

namespace {

/// Takes the rows over; the reasons of what failed.
std::set<std::string> take_rows(Runtime& runtime, const sync::Report& report) {
  std::set<std::string> reasons;
  for (const auto& outcome : report.outcomes) {
    if (outcome.error) reasons.insert(outcome.row.message);
    add_outcome(runtime, outcome);
  }
  return reasons;
}

/// What went well gets its row when it is written.
sync::Report without_successes(const base::Logger& log, sync::Report report) {
  const auto is_untried = [](const sync::Outcome& o) { return o.row.status.empty(); };
  std::erase_if(report.outcomes,
                [&](const sync::Outcome& o) { return !o.error && !is_untried(o); });
  for (const auto& outcome : report.outcomes)
    if (is_untried(outcome))
      log.info("a write could not be tried", {{"kind", outcome.row.kind},
                                              {"name", outcome.row.name},
                                              {"reason", outcome.row.message}});
  return report;
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
                       fmt::join(take_rows(runtime, report), ", "));
  if (look.sync->self_heal_attempts == 0) {
    const auto reasons = take_rows(
        runtime, without_successes(look.log, executor.dry_run_all(plan, how, look.predictions)));
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
  auto reasons = take_rows(runtime, executor.missing_permissions(plan, how));
  if (reasons.empty()) {
    reasons = take_rows(runtime, executor.dry_run_all(plan, how, look.predictions));
    for (const auto& group : plan.groups) {
      plan::Group prunes = group;
      std::erase_if(prunes.tasks,
                    [](const plan::Task& task) { return task.action != plan::Action::prune; });
      reasons.merge(take_rows(runtime, executor.run(prunes, how)));
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
