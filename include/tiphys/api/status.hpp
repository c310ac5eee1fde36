#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/k8s/names.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

enum class SyncCode : std::uint8_t { unknown, synced, out_of_sync };
std::string_view to_string(SyncCode code);  // "Unknown", "Synced", "OutOfSync"
SyncCode parse_sync_code(std::string_view text);

/// status.resources[]. `health` and `status` are Argo CD's words; empty ones are left out.
struct ResourceStatus {
  std::string group{};
  std::string version{};
  std::string kind{};
  std::string namespace_{};
  std::string name{};
  std::string status{};
  std::string health{};  ///< empty: no health (the field is left out)
  std::string health_message{};
  bool hook = false;
  bool requires_pruning = false;
  bool requires_deletion_confirmation = false;
  std::int64_t sync_wave = 0;

  /// status.resources is sorted by this: "group/kind/namespace/name".
  std::string sort_key() const;
};

struct Destination {
  std::string server{};
  std::string name{};
  std::string namespace_{};
  bool operator==(const Destination&) const = default;
};
value::Value to_value(const Destination& destination);

struct SyncStatus {
  SyncCode status = SyncCode::unknown;
  value::Value source;  ///< canonical; null: left out (several sources)
  std::vector<value::Value> sources;
  Destination destination;
  value::Value ignore_differences;  ///< as in spec
  std::string revision;
  std::vector<std::string> revisions;
};

struct AppHealth {
  std::string status{};
  std::string message{};
  std::optional<Time> last_transition_time{};
};

struct HistoryEntry {
  std::int64_t id = 0;
  std::string revision;
  std::vector<std::string> revisions;
  value::Value source;  ///< canonical; null writes Argo CD's empty source
  std::vector<value::Value> sources;
  Time deployed_at{};
  std::optional<Time> deploy_started_at;
  Initiator initiated_by;
};

/// Condition types, exact: DeletionError, InvalidSpecError, ComparisonError, SyncError,
/// UnknownError, SharedResourceWarning, RepeatedResourceWarning, ExcludedResourceWarning,
/// OrphanedResourceWarning.
struct Condition {
  std::string type{};
  std::string message{};
  std::optional<Time> last_transition_time{};
  /// Types that end in "Error".
  bool is_error() const;
};

struct Summary {
  std::vector<std::string> external_urls;
  std::vector<std::string> images;
  bool is_app_of_apps = false;
};

/// .status. Fields that we never write (sourceHydrator, observedAt) are not here; a merge patch
/// leaves them as they are.
struct Status {
  std::vector<ResourceStatus> resources;
  SyncStatus sync;
  AppHealth health;
  std::vector<HistoryEntry> history;
  std::vector<Condition> conditions;
  std::optional<Time> reconciled_at;
  std::optional<OperationState> operation_state;
  std::string source_type;
  std::vector<std::string> source_types;
  Summary summary;
  std::string resource_health_source;  ///< "appTree" or ""
  std::string controller_namespace;
};

/// Lenient: what is absent or of a wrong type reads as empty.
Status read_status(const value::Value& status);
/// The JSON that Argo CD's own types would give: field by field, with its omitempty rules,
/// resources sorted.
value::Value to_value(const Status& status);
/// Replaces the conditions whose type is in `owned` by `current`, keeps all others; a condition
/// whose type and message did not change keeps its lastTransitionTime, others get `now`. Sorted by
/// type, as Argo CD does. Messages of one type are one condition each.
std::vector<Condition> evaluate_conditions(const std::vector<Condition>& before,
                                           const std::vector<Condition>& current,
                                           const std::vector<std::string_view>& owned, Time now);
/// The JSON merge patch that turns `before` into `after` (maps recursively, all else replaced,
/// what is gone as null); null when they are equal.
value::Value merge_patch(const value::Value& before, const value::Value& after);
/// The merge patch of .status alone: from the status as it was read to `after`. Members that are
/// not ours (sourceHydrator, observedAt) are never touched. null when nothing changed.
value::Value status_patch(const value::Value& before, const Status& after);

}  // namespace tiphys::api
