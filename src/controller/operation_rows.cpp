#include "operation_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace tiphys::controller {

namespace {

plan::TaskKey key_of(const api::ResourceResult& row) {
  return {{row.group, row.kind, row.namespace_, row.name},
          plan::parse_phase(row.sync_phase).value_or(plan::Phase::sync)};
}

/// What a row says about a hook is as good as its object, which may be gone.
void remember_hook(plan::Progress& progress, const api::ResourceResult& row) {
  const plan::TaskKey key = key_of(row);
  if (row.hook_phase == "Succeeded") progress.succeeded.insert(key);
  if (row.hook_phase == "Running") progress.written.insert(key);
  if (row.hook_phase == "Failed" || row.hook_phase == "Error") progress.failed[key] = row.message;
}

std::string_view word(plan::TaskState state) {
  switch (state) {
    case plan::TaskState::succeeded:
      return "Succeeded";
    case plan::TaskState::failed:
      return "Failed";
    default:
      return "Running";
  }
}

/// The same object will be refused again, whatever happens in the cluster.
bool is_final(base::Code code) {
  return code == base::Code::Invalid || code == base::Code::Forbidden ||
         code == base::Code::Unimplemented;
}

bool failed(const api::ResourceResult& row) {
  return row.status == "SyncFailed" || row.hook_phase == "Failed" || row.hook_phase == "Error";
}

}  // namespace

std::string run_id(const api::OperationState& state) {
  return fmt::format("{}.{}", base::format_rfc3339(state.started_at), state.retry_count);
}

void resume_attempt(Runtime& runtime, const api::OperationState& state, const api::OwnState& own) {
  const std::string run = run_id(state);
  if (runtime.run == run) return;
  runtime.run = run;
  runtime.rows.clear();
  runtime.progress = {};
  runtime.refused_for_good = false;
  runtime.next_group_at = {};
  if (own.operation_id == run)
    if (const auto phase = plan::parse_phase(own.phase))
      runtime.progress.position = plan::Position{*phase, own.wave};
  if (!state.sync_result) return;
  for (const auto& row : state.sync_result->resources) {
    runtime.rows.insert_or_assign(key_of(row), row);
    if (!row.hook_type.empty()) remember_hook(runtime.progress, row);
  }
}

void add_rows(Runtime& runtime, const std::vector<plan::Task>& skipped) {
  for (const auto& task : skipped) {
    const plan::TaskKey key(task.key, task.phase);
    if (runtime.rows.contains(key)) continue;
    api::ResourceResult row = sync::row_of(task);
    row.status = task.status;
    row.message = task.message;
    row.hook_phase = "Succeeded";
    runtime.rows.emplace(key, std::move(row));
  }
}

void add_outcome(Runtime& runtime, const sync::Outcome& outcome) {
  const plan::TaskKey key = key_of(outcome.row);
  runtime.rows.insert_or_assign(key, outcome.row);
  if (outcome.error) {
    runtime.progress.failed[key] = outcome.row.message;
    if (is_final(outcome.error->code())) runtime.refused_for_good = true;
  }
  if (!outcome.written) return;
  runtime.progress.written.insert(key);
  runtime.unseen.insert_or_assign(key.first, *outcome.written);
  runtime.verdicts.erase(key.first);
}

void update_rows(Runtime& runtime, const std::vector<plan::TaskView>& views) {
  for (const auto& view : views) {
    const auto row = runtime.rows.find(view.key);
    if (row == runtime.rows.end()) continue;
    api::ResourceResult& shown = row->second;
    if (shown.status == "SyncFailed" || shown.status == "Pruned") continue;
    shown.hook_phase = word(view.state);
    const bool hook = !shown.hook_type.empty();
    if (hook && view.state == plan::TaskState::succeeded)
      runtime.progress.succeeded.insert(view.key);
    if (!view.message.empty() && (hook || view.state == plan::TaskState::failed))
      shown.message = view.message;
  }
}

api::SyncResult result_of(const Runtime& runtime, const std::string& revision,
                          const api::Spec& spec) {
  api::SyncResult result;
  result.revision = revision;
  if (spec.source) result.source = spec.source->json;
  result.managed_namespace_metadata = spec.sync_policy.managed_namespace_metadata;
  for (const auto& [key, row] : runtime.rows) result.resources.push_back(row);
  return result;
}

std::string failure_message(const Runtime& runtime) {
  bool refused = false;
  std::set<std::string> reasons;
  std::set<std::string> of_hooks;
  for (const auto& [key, row] : runtime.rows) {
    if (!failed(row)) continue;
    const bool sync_fail = key.second == plan::Phase::sync_fail;
    (sync_fail ? of_hooks : reasons).insert(row.message);
    if (!sync_fail && row.status == "SyncFailed") refused = true;
  }
  std::string text = refused ? "one or more objects failed to apply"
                             : "one or more synchronization tasks completed unsuccessfully";
  if (!reasons.empty()) text += fmt::format(", reason: {}", fmt::join(reasons, ","));
  if (!of_hooks.empty())
    text +=
        fmt::format("\none or more SyncFail hooks failed, reason: {}", fmt::join(of_hooks, ","));
  return text;
}

}  // namespace tiphys::controller
