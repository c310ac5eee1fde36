#include "writer.hpp"

#include "tiphys/api/names.hpp"

#include <algorithm>

namespace tiphys::sync {

namespace {

bool is_write(const plan::Task& task) {
  return task.target && task.action != plan::Action::prune && task.action != plan::Action::skip;
}

bool is_crd_of(const k8s::Object& object, const k8s::GroupKind& kind) {
  return object.kind() == "CustomResourceDefinition" &&
         object.spec()["group"].text() == kind.group &&
         object.spec().at({"names", "kind"}).text() == kind.kind;
}

bool makes_namespace(const plan::Task& task, const std::string& name) {
  return task.key.group.empty() && task.key.kind == "Namespace" && task.key.name == name &&
         !task.live;
}

template <typename Predicate>
bool any_write(const plan::Plan& plan, Predicate predicate) {
  return std::ranges::any_of(plan.groups, [&](const plan::Group& group) {
    return std::ranges::any_of(
        group.tasks, [&](const plan::Task& task) { return is_write(task) && predicate(task); });
  });
}

/// The API server's words where a webhook has side effects.
bool refuses_dry_runs(const base::Error& error) {
  return error.text().find("does not support dry run") != std::string::npos;
}

}  // namespace

std::optional<std::string> Executor::why_not_tried(const plan::Task& task, const plan::Plan& plan,
                                                   const WriteOptions& how) const {
  if (!task.key.namespace_.empty() && any_write(plan, [&](const plan::Task& other) {
        return makes_namespace(other, task.key.namespace_);
      }))
    return "its namespace " + task.key.namespace_ + " comes with this sync";
  if (any_write(plan, [&](const plan::Task& other) {
        return is_crd_of(*other.target, task.key.group_kind());
      }))
    return "its CustomResourceDefinition comes with this sync";
  const auto own = api::parse_sync_options_annotation(
      task.target->annotation(api::kSyncOptionsAnnotation).value_or(""));
  const bool skips =
      own.skip_dry_run_on_missing_resource || how.options.skip_dry_run_on_missing_resource;
  if (skips && !resource_of(task.key, task.version).ok())
    return "its kind isn't there yet (SkipDryRunOnMissingResource)";
  if (task.hook && task.live) return "its predecessor is deleted first";
  return std::nullopt;
}

Outcome Executor::try_write(const plan::Task& task, const WriteOptions& how) {
  WriteOptions dry = how;
  dry.dry_run = true;
  Outcome outcome = execute(task, dry);
  if (outcome.error && refuses_dry_runs(*outcome.error)) {
    Outcome skipped;
    skipped.row = row_of(task);
    skipped.row.message = "not tried: " + outcome.error->text();
    return skipped;
  }
  return outcome;
}

Report Executor::dry_run_all(const plan::Plan& plan, const WriteOptions& how) {
  Report report;
  if (how.options.has("ServerDryRun=false")) return report;
  std::vector<const plan::Task*> tried;
  for (const auto& group : plan.groups) {
    for (const auto& task : group.tasks) {
      if (!is_write(task)) continue;
      if (const auto why = why_not_tried(task, plan, how)) {
        Outcome outcome;
        outcome.row = row_of(task);
        outcome.row.message = "not tried: " + *why;
        report.outcomes.push_back(std::move(outcome));
      } else {
        tried.push_back(&task);
      }
    }
  }
  std::ranges::move(in_parallel(tried, how, &Executor::try_write),
                    std::back_inserter(report.outcomes));
  return report;
}

}  // namespace tiphys::sync
