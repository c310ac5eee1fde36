#include "tiphys/sync/executor.hpp"

#include "parallel.hpp"
#include "writer.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/health/health.hpp"

#include <algorithm>
#include <set>

namespace tiphys::sync {

namespace {

using base::Code;
using base::Error;
using base::Result;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

kube::CallOptions options_for(base::Deadline deadline) {
  kube::CallOptions options(deadline);
  options.field_manager = api::kFieldManager;
  return options;
}

}  // namespace

Mode mode_of(const plan::Task& task, const WriteOptions& how) {
  if (task.action == plan::Action::create_namespace) return {};
  return plan::write_mode_of(*task.target, how.options,
                             how.force ? plan::Force::yes : plan::Force::no);
}

std::string kubectl_name(const k8s::ObjectKey& key) {
  return lower(key.kind) + (key.group.empty() ? "" : "." + key.group) + "/" + key.name;
}

Outcome failed_outcome(const plan::Task& task, Error error) {
  Outcome outcome;
  outcome.row = row_of(task);
  if (task.target) outcome.row.images = health::images_of(*task.target);
  outcome.row.status = "SyncFailed";
  outcome.row.hook_phase = "Failed";
  outcome.row.message = error.text();
  outcome.error = std::move(error);
  return outcome;
}

api::ResourceResult row_of(const plan::Task& task) {
  api::ResourceResult row;
  row.group = task.key.group;
  row.version = task.version;
  row.kind = task.key.kind;
  row.namespace_ = task.key.namespace_;
  row.name = task.key.name;
  row.sync_phase = to_string(task.phase);
  if (task.hook) row.hook_type = row.sync_phase;
  return row;
}

bool Report::failed() const {
  return std::ranges::any_of(outcomes, [](const Outcome& o) { return o.error.has_value(); });
}

bool Report::may_be_retried() const {
  return failed() && std::ranges::all_of(outcomes, [](const Outcome& o) {
           return !o.error || base::is_retryable(o.error->code());
         });
}

std::string Report::failure_message() const {
  std::set<std::string> reasons;
  for (const auto& outcome : outcomes) {
    if (outcome.error) reasons.insert(outcome.row.message);
  }
  std::string text;
  for (const auto& reason : reasons) text += (text.empty() ? "" : ",") + reason;
  return "one or more objects failed to apply, reason: " + text;
}

Executor::Executor(kube::Client& client, const kube::Discovery& discovery, const base::Clock& clock,
                   NeedsMigration needs_migration, ExecutorOptions options)
    : client_(client),
      discovery_(discovery),
      clock_(clock),
      needs_migration_(std::move(needs_migration)),
      options_(options),
      permissions_(client, clock, options.parallelism) {}

Result<kube::ResourceInfo> Executor::resource_of(const k8s::ObjectKey& key,
                                                 std::string_view version) const {
  const k8s::GroupVersionKind gvk{key.group, std::string(version), key.kind};
  auto resource = discovery_.resource(gvk);
  if (resource) return *std::move(resource);
  return Error(Code::NotFound, "the server could not find the requested resource " +
                                   gvk.api_version() + ", Kind=" + gvk.kind +
                                   ": is its CustomResourceDefinition installed?");
}

Result<Written> Executor::prune(const plan::Task& task, const WriteOptions& how) {
  Written written{task.key, task.live ? task.live->uid : "", "", true};
  if (task.live && task.live->deleting) return written;
  TRY_ASSIGN(const auto resource, resource_of(task.key, task.version));
  kube::DeleteOptions removal;
  removal.propagation = to_string(task.propagation);
  if (task.live) {
    removal.uid = task.live->uid;
    removal.resource_version = task.live->resource_version;
  }
  kube::CallOptions options = options_for(deadline());
  options.dry_run = how.dry_run;
  options.identity = how.identity;
  if (!how.dry_run) base::failpoint("sync.before-prune");
  auto deleted = client_.remove(resource, task.key.namespace_, task.key.name, removal, options);
  if (!how.dry_run) base::failpoint("sync.after-prune");
  if (!deleted.ok() && deleted.error().code() != Code::NotFound) return std::move(deleted).error();
  return written;
}

Result<WriteResult> Executor::write(const plan::Task& task, const WriteOptions& how) {
  TRY_ASSIGN(auto resource, resource_of(task.key, task.version));
  const Write write{
      .client = client_,
      .clock = clock_,
      .resource = std::move(resource),
      .task = task,
      .how = how,
      .mode = mode_of(task, how),
      .needs_migration = task.live && (needs_migration_(task.key) ||
                                       task.target->annotation(api::kMigrationManagerAnnotation)),
      .call_timeout = options_.call_timeout,
      .delete_timeout = options_.delete_timeout};
  return write.run();
}

Outcome Executor::execute(const plan::Task& task, const WriteOptions& how) {
  Outcome outcome;
  outcome.row = row_of(task);
  if (task.target) outcome.row.images = health::images_of(*task.target);
  const std::string suffix = how.dry_run ? " (dry run)" : "";
  switch (task.action) {
    case plan::Action::skip:
      outcome.row.status = task.status;
      outcome.row.message = task.message;
      return outcome;
    case plan::Action::prune: {
      auto pruned = prune(task, how);
      if (!pruned.ok()) return failed_outcome(task, std::move(pruned).error());
      if (!how.dry_run) outcome.written = *std::move(pruned);
      outcome.row.status = "Pruned";
      outcome.row.message = "pruned" + suffix;
      outcome.row.hook_phase = "Succeeded";
      return outcome;
    }
    case plan::Action::create_namespace:
    case plan::Action::apply: {
      auto written = write(task, how);
      if (!written.ok()) return failed_outcome(task, std::move(written).error());
      if (!how.dry_run)
        outcome.written = Written{task.key, std::string(written->object.uid()),
                                  std::string(written->object.resource_version()), false};
      outcome.row.status = "Synced";
      outcome.row.message = kubectl_name(task.key) + " " + written->verb + suffix;
      if (!written->warning.empty()) outcome.row.message += " (" + written->warning + ")";
      outcome.row.hook_phase = "Running";
      return outcome;
    }
  }
  return outcome;
}

std::vector<Outcome> Executor::in_parallel(const std::vector<const plan::Task*>& tasks,
                                           const WriteOptions& how) {
  std::vector<Outcome> outcomes(tasks.size());
  for_each_parallel(tasks.size(), options_.parallelism,
                    [&](std::size_t i) { outcomes[i] = execute(*tasks[i], how); });
  return outcomes;
}

Report Executor::run(const plan::Group& group, const WriteOptions& how) {
  Report report;
  for (auto first = group.tasks.begin(); first != group.tasks.end();) {
    const auto last = std::find_if(first, group.tasks.end(),
                                   [&](const plan::Task& task) { return task.run != first->run; });
    std::vector<const plan::Task*> tasks;
    for (auto task = first; task != last; ++task) tasks.push_back(&*task);
    std::ranges::move(in_parallel(tasks, how), std::back_inserter(report.outcomes));
    if (report.failed()) return report;
    first = last;
  }
  return report;
}

Report Executor::run_deletes(const std::vector<plan::Task>& tasks, const kube::Identity& identity) {
  Report report;
  WriteOptions how;
  how.identity = identity;
  std::vector<const plan::Task*> pointers;
  pointers.reserve(tasks.size());
  for (const auto& task : tasks) pointers.push_back(&task);
  report.outcomes = in_parallel(pointers, how);
  return report;
}

}  // namespace tiphys::sync
