#include "tiphys/controller/status_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::controller {

namespace {

constexpr std::array<std::string_view, 7> kOwnedConditions = {
    "ComparisonError",         "InvalidSpecError",        "SyncError",   "SharedResourceWarning",
    "RepeatedResourceWarning", "ExcludedResourceWarning", "UnknownError"};

void set_health(api::AppHealth& health, std::string_view status, std::string message,
                api::Time now) {
  // The message is that of the last transition, as in Argo CD: it would else change at every pod.
  if (health.status == status) return;
  health.status = status;
  health.message = std::move(message);
  health.last_transition_time = now;
}

void set_sync(api::Status& status, const api::Application& app, const Observation& seen) {
  auto& sync = status.sync;
  sync.status = seen.comparison ? seen.comparison->code : api::SyncCode::unknown;
  if (!seen.revision.empty()) sync.revision = seen.revision;
  sync.source = app.spec.source ? app.spec.source->json : value::Value();
  sync.destination = app.spec.destination;
  sync.ignore_differences = app.spec.ignore_differences;
}

void set_resources(api::Status& status, const plan::Comparison& comparison, ResourceHealth health) {
  status.resources = comparison.statuses;
  status.resource_health_source.clear();
  if (health == ResourceHealth::in_status) return;
  // A rollout changes an object's health message with every pod: kept out of the Application, as
  // Argo CD does since 3.0, it costs no write.
  status.resource_health_source = "appTree";
  for (auto& row : status.resources) {
    row.health.clear();
    row.health_message.clear();
  }
}

void add_history(api::Status& status, const api::HistoryEntry& entry, std::int64_t limit) {
  status.history.push_back(entry);
  const auto keep = static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
  if (status.history.size() > keep) {
    status.history.erase(status.history.begin(),
                         status.history.end() - static_cast<std::ptrdiff_t>(keep));
  }
}

}  // namespace

api::Status build_status(const api::Application& app, const Observation& seen,
                         const StatusContext& context) {
  const api::Time now = context.now;
  api::Status status = app.status;
  set_sync(status, app, seen);
  if (seen.comparison) {
    const auto& comparison = *seen.comparison;
    set_resources(status, comparison, context.resource_health);
    status.summary.images = comparison.images;
    status.summary.external_urls = comparison.external_urls;
    set_health(status.health, to_string(comparison.health.code), comparison.health.message, now);
  } else if (seen.spec_error || status.health.status.empty()) {
    set_health(status.health, to_string(health::Code::unknown), "", now);
  }
  if (!seen.source_type.empty()) status.source_type = seen.source_type;
  status.controller_namespace = context.control_namespace;
  status.conditions =
      api::evaluate_conditions(app.status.conditions, seen.conditions,
                               {kOwnedConditions.begin(), kOwnedConditions.end()}, now);
  if (seen.operation) status.operation_state = seen.operation;
  if (seen.history) add_history(status, *seen.history, app.spec.revision_history_limit);
  const bool changed =
      !api::merge_patch(api::to_value(app.status), api::to_value(status)).is_null();
  if (changed || seen.answered_refresh || !status.reconciled_at) status.reconciled_at = now;
  return status;
}

api::HistoryEntry make_history_entry(const api::Status& before,
                                     const api::OperationState& operation, api::Time deployed_at) {
  api::HistoryEntry entry;
  entry.id = before.history.empty() ? 0 : before.history.back().id + 1;
  if (operation.sync_result) {
    entry.revision = operation.sync_result->revision;
    entry.source = operation.sync_result->source;
  }
  entry.deployed_at = deployed_at;
  entry.deploy_started_at = operation.started_at;
  entry.initiated_by.username = operation.operation.at({"initiatedBy", "username"}).text();
  entry.initiated_by.automated =
      operation.operation.at({"initiatedBy", "automated"}).boolean_or(false);
  return entry;
}

std::vector<std::string> changes_between(const api::Status& before, const api::Status& after) {
  std::vector<std::string> changes;
  if (before.sync.status != after.sync.status) {
    changes.push_back(fmt::format("Updated sync status: {} -> {}", to_string(before.sync.status),
                                  to_string(after.sync.status)));
  }
  if (before.health.status != after.health.status) {
    changes.push_back(
        fmt::format("Updated health status: {} -> {}", before.health.status, after.health.status));
  }
  return changes;
}

std::optional<api::OperationState> end_refused_operation(
    const value::Value& requested, const std::optional<api::OperationState>& shown,
    const std::vector<api::Condition>& conditions, api::Time now) {
  api::OperationState state;
  if (shown && !api::is_completed(shown->phase)) {
    state = *shown;
  } else if (requested.is_map()) {
    state.operation = requested;
    state.started_at = now;
  } else {
    return std::nullopt;
  }
  std::vector<std::string> reasons;
  for (const auto& condition : conditions) {
    if (condition.is_error()) reasons.push_back(condition.type + ": " + condition.message);
  }
  state.phase = api::OperationPhase::error;
  state.message = state.operation["sync"].is_map()
                      ? fmt::format("{}", fmt::join(reasons, ";"))
                      : "Invalid operation request: no operation specified";
  state.finished_at = now;
  return state;
}

}  // namespace tiphys::controller
