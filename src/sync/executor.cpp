#include "tiphys/sync/executor.hpp"

#include "redaction.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/health/health.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

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

/// "deployment.apps/web": how kubectl and Argo CD name an object in messages.
std::string kubectl_name(const k8s::ObjectKey& key) {
  return lower(key.kind) + (key.group.empty() ? "" : "." + key.group) + "/" + key.name;
}

kube::CallOptions options_for(base::Deadline deadline) {
  kube::CallOptions options(deadline);
  options.field_manager = api::kFieldManager;
  return options;
}

}  // namespace

api::ResourceResult row_of(const plan::Task& task) {
  api::ResourceResult row;
  row.group = task.key.group;
  row.version = task.version;
  row.kind = task.key.kind;
  row.namespace_ = task.key.namespace_;
  row.name = task.key.name;
  row.sync_phase = to_string(task.phase);
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
      options_(options) {}

Result<kube::ResourceInfo> Executor::resource_of(const k8s::ObjectKey& key,
                                                 std::string_view version) const {
  const k8s::GroupVersionKind gvk{key.group, std::string(version), key.kind};
  auto resource = discovery_.resource(gvk);
  if (resource) return *std::move(resource);
  return Error(Code::NotFound, "the server could not find the requested resource " +
                                   gvk.api_version() + ", Kind=" + gvk.kind +
                                   ": is its CustomResourceDefinition installed?");
}

base::Status Executor::migrate(const kube::ResourceInfo& resource, const k8s::Object& target) {
  TRY_ASSIGN(const auto live,
             client_.get(resource, target.namespace_(), target.name(), options_for(deadline())));
  const auto fields =
      migrated_managed_fields(live, {std::string(api::kFieldManager), "kubectl-client-side-apply"});
  if (!fields) return {};
  // The resourceVersion makes the patch fail if anything came between, as csaupgrade does.
  const auto patch = value::Value::array(
      {value::Value::object(
           {{"op", "replace"}, {"path", "/metadata/managedFields"}, {"value", *fields}}),
       value::Value::object({{"op", "replace"},
                             {"path", "/metadata/resourceVersion"},
                             {"value", live.resource_version()}})});
  base::failpoint("sync.before-migrate");
  TRY(client_.json_patch(resource, target.namespace_(), target.name(), patch,
                         options_for(deadline())));
  base::failpoint("sync.after-migrate");
  return {};
}

Result<k8s::Object> Executor::apply(const plan::Task& task) {
  TRY_ASSIGN(const auto resource, resource_of(task.key, task.version));
  k8s::Object body = task.target->deep_copy();
  if (task.live) {
    if (needs_migration_(task.key)) TRY(migrate(resource, body));
    // With the uid of what was looked at, an object made anew in the meantime refuses the write.
    body.tree().set_at({"metadata", "uid"}, value::Value(task.live->uid));
  }
  base::failpoint("sync.before-apply");
  auto applied = client_.apply(resource, body, options_for(deadline()));
  base::failpoint("sync.after-apply");
  if (!applied.ok() && task.live && applied.error().code() == Code::Invalid &&
      applied.error().text().find("metadata.uid") != std::string::npos) {
    // The API server's word for "this is another object by now": look again, nothing is wrong with
    // ours.
    return Error(Code::Conflict, "it was made anew in the meantime");
  }
  if (!applied.ok()) return without_secret_values(std::move(applied).error(), body);
  return applied;
}

Result<Written> Executor::prune(const plan::Task& task) {
  Written written{task.key, task.live ? task.live->uid : "", "", true};
  if (task.live && task.live->deleting) return written;
  TRY_ASSIGN(const auto resource, resource_of(task.key, task.version));
  kube::DeleteOptions how;
  how.propagation = to_string(task.propagation);
  if (task.live) {
    how.uid = task.live->uid;
    how.resource_version = task.live->resource_version;
  }
  base::failpoint("sync.before-prune");
  auto deleted =
      client_.remove(resource, task.key.namespace_, task.key.name, how, options_for(deadline()));
  base::failpoint("sync.after-prune");
  if (!deleted.ok() && deleted.error().code() != Code::NotFound) return std::move(deleted).error();
  return written;
}

Outcome Executor::execute(const plan::Task& task) {
  Outcome outcome;
  outcome.row = row_of(task);
  if (task.target) outcome.row.images = health::images_of(*task.target);
  const auto fail = [&](Error error) {
    outcome.row.status = "SyncFailed";
    outcome.row.hook_phase = "Failed";
    outcome.row.message = error.text();
    outcome.error = std::move(error);
  };
  switch (task.action) {
    case plan::Action::skip:
      outcome.row.status = task.status;
      outcome.row.message = task.message;
      return outcome;
    case plan::Action::prune: {
      auto pruned = prune(task);
      if (!pruned.ok()) {
        fail(std::move(pruned).error());
        return outcome;
      }
      outcome.written = *std::move(pruned);
      outcome.row.status = "Pruned";
      outcome.row.message = "pruned";
      outcome.row.hook_phase = "Succeeded";
      return outcome;
    }
    case plan::Action::create_namespace:
    case plan::Action::apply: {
      auto applied = apply(task);
      if (!applied.ok()) {
        fail(std::move(applied).error());
        return outcome;
      }
      outcome.written = Written{task.key, std::string(applied->uid()),
                                std::string(applied->resource_version()), false};
      outcome.row.status = "Synced";
      outcome.row.message = kubectl_name(task.key) + " serverside-applied";
      outcome.row.hook_phase = "Running";
      return outcome;
    }
  }
  return outcome;
}

std::vector<Outcome> Executor::execute_parallel(std::vector<const plan::Task*> tasks) {
  std::vector<Outcome> outcomes(tasks.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) outcomes[i] = execute(*tasks[i]);
  };
  const auto helpers =
      std::min<std::size_t>(static_cast<std::size_t>(options_.parallelism), tasks.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // joins
  return outcomes;
}

Report Executor::run(const plan::Group& group) {
  Report report;
  for (auto first = group.tasks.begin(); first != group.tasks.end();) {
    const auto last = std::find_if(first, group.tasks.end(),
                                   [&](const plan::Task& task) { return task.run != first->run; });
    std::vector<const plan::Task*> tasks;
    for (auto task = first; task != last; ++task) tasks.push_back(&*task);
    std::ranges::move(execute_parallel(std::move(tasks)), std::back_inserter(report.outcomes));
    if (report.failed()) return report;
    first = last;
  }
  return report;
}

Report Executor::run_deletes(const std::vector<plan::Task>& tasks) {
  Report report;
  std::vector<const plan::Task*> pointers;
  pointers.reserve(tasks.size());
  for (const auto& task : tasks) pointers.push_back(&task);
  report.outcomes = execute_parallel(std::move(pointers));
  return report;
}

Result<k8s::Object> Executor::dry_run(const k8s::Object& target) {
  const auto gvk = target.gvk();
  TRY_ASSIGN(const auto resource, resource_of(target.key(), gvk.version));
  kube::CallOptions options = options_for(deadline());
  options.dry_run = true;
  auto applied = client_.apply(resource, target, options);
  if (!applied.ok()) return without_secret_values(std::move(applied).error(), target);
  return applied;
}

}  // namespace tiphys::sync
