#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/plan/comparison.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::controller {

/// What one look at an application found: everything that its status is made of. Pure data.
struct Observation {
  /// The comparison; absent when there was none (spec error, render error).
  std::optional<plan::Comparison> comparison;
  /// Resolved revision; "" keeps the one that the status shows.
  std::string revision;
  std::string source_type;
  /// Conditions found now. Of the types that were looked at, what isn't here goes away.
  std::vector<api::Condition> conditions;
  /// spec or project is wrong, or something is refused: health is Unknown as well.
  bool spec_error = false;
  /// Set when an operation was started, went on or ended.
  std::optional<api::OperationState> operation;
  std::optional<api::HistoryEntry> history;
  /// A refresh annotation was answered, or an operation ended: reconciledAt moves even if nothing
  /// else does.
  bool answered_refresh = false;
  /// Look again after this long even if nothing changes (self-heal's back-off, the next attempt).
  std::optional<std::chrono::milliseconds> look_again;
};

/// Where the health of each object is told (Argo CD's controller.resource.health.persist): by the
/// tree of the API only, or in status.resources as well.
enum class ResourceHealth { in_tree, in_status };

/// What a status holds beside what was found.
struct StatusContext {
  std::string control_namespace;
  api::Time now{};
  ResourceHealth resource_health = ResourceHealth::in_tree;
};

/// The status that follows from `before` and what was found (reference/argocd.md 2.20):
/// reconciledAt moves only with a change (docs/deviations.md 6), health.lastTransitionTime only
/// with the health's status, conditions keep their time while type and message stay.
api::Status build_status(const api::Application& app, const Observation& seen,
                         const StatusContext& context);

/// Entry for status.history: the next id; trimmed to `limit` from the oldest by build_status.
api::HistoryEntry make_history_entry(const api::Status& before,
                                     const api::OperationState& operation, api::Time deployed_at);

/// "Updated sync status: a -> b" and the same of health, for what really changed.
std::vector<std::string> changes_between(const api::Status& before, const api::Status& after);

/// The end of an operation that was requested (`.operation`) or is running, of an application that
/// can't be compared: phase Error, with the conditions that say why, as Argo CD's SyncAppState.
/// nullopt where there is no such operation.
std::optional<api::OperationState> end_refused_operation(
    const value::Value& requested, const std::optional<api::OperationState>& shown,
    const std::vector<api::Condition>& conditions, api::Time now);

}  // namespace tiphys::controller
