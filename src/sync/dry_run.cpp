#include "parallel.hpp"
#include "untried.hpp"
#include "writer.hpp"

#include "tiphys/api/names.hpp"

#include <algorithm>

namespace tiphys::sync {

namespace {

Outcome untried(const plan::Task& task, const std::string& why) {
  Outcome outcome;
  outcome.row = row_of(task);
  outcome.row.message = "not tried: " + why;
  return outcome;
}

/// The same write, to the same object as it was.
bool is_about(const Prediction& known, const plan::Task& task, const WriteOptions& how) {
  const auto& live = known.task.live;
  return live && task.live && live->uid == task.live->uid &&
         live->resource_version == task.live->resource_version && known.force == how.force &&
         known.options == how.options.entries &&
         value::equal(known.task.target->tree(), task.target->tree());
}

/// A new namespace is written before all else and by itself: if it is refused, nothing was written
/// either. A dry run that somebody asked for shows it too.
bool is_first_anyway(const plan::Task& task, const WriteOptions& how) {
  return task.action == plan::Action::create_namespace && !task.live && !how.dry_run;
}

}  // namespace

std::optional<std::string> Executor::why_not_tried(const plan::Task& task,
                                                   const Providers& providers,
                                                   const WriteOptions& how) const {
  if (auto why = providers.needed_by(task)) return why;
  const auto own = api::parse_sync_options_annotation(
      task.target->annotation(api::kSyncOptionsAnnotation).value_or(""));
  if (!own.server_dry_run) return "ServerDryRun=false";
  const bool skips =
      own.skip_dry_run_on_missing_resource || how.options.skip_dry_run_on_missing_resource;
  if (skips && !resource_of(task.key, task.version).ok())
    return "its kind isn't there yet (SkipDryRunOnMissingResource)";
  if (task.hook && task.live) return "its predecessor is deleted first";
  return std::nullopt;
}

Prediction Executor::try_write(const plan::Task& task, const WriteOptions& how) {
  WriteOptions dry = how;
  dry.dry_run = true;
  Prediction out{.task = task, .outcome = {}, .options = how.options.entries, .force = how.force};
  auto written = write(task, dry);
  if (!written.ok()) {
    out.outcome = failed_outcome(task, std::move(written).error());
    return out;
  }
  out.outcome.row = row_of(task);
  out.outcome.row.status = "Synced";
  out.outcome.row.message = kubectl_name(task.key) + " " + written->verb + " (dry run)";
  out.object = std::move(written->object);
  out.before = std::move(written->before);
  out.server_side = written->server_side;
  return out;
}

Predictions Executor::predict(const std::vector<plan::Task>& tasks, const WriteOptions& how) {
  std::vector<std::optional<Prediction>> made(tasks.size());
  for_each_parallel(tasks.size(), options_.parallelism,
                    [&](std::size_t i) { made[i] = try_write(tasks[i], how); });
  Predictions out;
  for (std::size_t i = 0; i < made.size(); ++i)
    out.insert_or_assign(tasks[i].key, *std::move(made[i]));
  return out;
}

Report Executor::dry_run_all(const plan::Plan& plan, const WriteOptions& how,
                             const Predictions& known) {
  Report report;
  if (!how.options.server_dry_run) return report;
  const Providers providers(plan);
  std::vector<const plan::Task*> asked;
  for (const auto& group : plan.groups) {
    for (const auto& task : group.tasks) {
      if (!is_write(task) || is_first_anyway(task, how)) continue;
      const auto found = known.find(task.key);
      if (const auto why = why_not_tried(task, providers, how)) {
        report.outcomes.push_back(untried(task, *why));
      } else if (found != known.end() && is_about(found->second, task, how)) {
        report.outcomes.push_back(judged(found->second.outcome, task, plan));
      } else {
        asked.push_back(&task);
      }
    }
  }
  std::vector<Outcome> answers(asked.size());
  for_each_parallel(asked.size(), options_.parallelism, [&](std::size_t i) {
    answers[i] = judged(try_write(*asked[i], how).outcome, *asked[i], plan);
  });
  std::ranges::move(answers, std::back_inserter(report.outcomes));
  return report;
}

/// A refusal that the sync itself would lift by then, or that says nothing of the object, is none.
Outcome Executor::judged(Outcome outcome, const plan::Task& task, const plan::Plan& plan) {
  if (!outcome.error) return outcome;
  if (const auto why = explain_untried(*outcome.error, task, plan)) return untried(task, *why);
  outcome.row = failed_outcome(task, *outcome.error).row;
  return outcome;
}

}  // namespace tiphys::sync
