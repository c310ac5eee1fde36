#pragma once

#include "tiphys/api/source.hpp"
#include "tiphys/api/sync_policy.hpp"
#include "tiphys/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

using Time = base::WallTime;  ///< written as RFC 3339 with whole seconds

struct Info {
  std::string name;
  std::string value;
};

struct Initiator {
  std::string username{};
  bool automated = false;
};

struct OperationResource {
  std::string group{};
  std::string kind{};
  std::string name{};
  std::string namespace_{};
};

/// .operation.sync. Fields that are refused are still read: the whole operation is copied into
/// status.operationState.
struct SyncOperation {
  std::string revision;
  std::vector<std::string> revisions;
  bool prune = false;
  bool dry_run = false;
  bool force = false;           ///< syncStrategy.{apply,hook}.force
  bool apply_strategy = false;  ///< syncStrategy.apply is set: hooks are skipped
  std::vector<OperationResource> resources;
  std::optional<Source> source;
  std::vector<Source> sources;
  SyncOptions options;
  std::int64_t self_heal_attempts = 0;
};

/// .operation, also the automated ones that the controller makes up. `json` is what was read and
/// what is written back; for an operation of our own it is made by make_operation().
struct Operation {
  std::optional<SyncOperation> sync;
  Initiator initiated_by;
  std::vector<Info> info;
  Retry retry;
  value::Value json;
};

/// Errors: Invalid naming the field, e.g. "operation.sync.prune".
base::Result<Operation> parse_operation(const value::Value& operation, std::string_view field);
/// Fills json from the fields (source and sources by their own json; refused fields that only json
/// can hold, e.g. manifests, are not made up).
Operation make_operation(SyncOperation sync, Initiator initiated_by, Retry retry);

enum class OperationPhase : std::uint8_t { running, terminating, failed, error, succeeded };
std::string_view to_string(OperationPhase phase);
std::optional<OperationPhase> parse_operation_phase(std::string_view text);
/// Failed, Error and Succeeded.
bool is_completed(OperationPhase phase);

/// status.operationState.syncResult.resources[]. `status` is one of Synced, SyncFailed, Pruned,
/// PruneSkipped; empty fields of the second block are left out of the JSON.
struct ResourceResult {
  std::string group{};
  std::string version{};
  std::string kind{};
  std::string namespace_{};
  std::string name{};

  std::string status{};
  std::string message{};
  std::string hook_type{};
  std::string hook_phase{};  ///< Running, Failed, Error, Succeeded also for ordinary objects
  std::string sync_phase{};  ///< PreSync, Sync, PostSync, SyncFail
  std::vector<std::string> images{};
};

struct SyncResult {
  std::vector<ResourceResult> resources;
  std::string revision;
  std::vector<std::string> revisions;
  value::Value source;  ///< canonical; null writes Argo CD's empty source
  std::vector<value::Value> sources;
  std::optional<ManagedNamespaceMetadata> managed_namespace_metadata;
};

struct OperationState {
  value::Value operation;  ///< Operation::json
  OperationPhase phase = OperationPhase::running;
  std::string message;
  std::optional<SyncResult> sync_result;
  Time started_at{};
  std::optional<Time> finished_at;
  std::int64_t retry_count = 0;
};

/// Lenient: what can't be read is left out. nullopt for anything but a map with a known phase.
std::optional<OperationState> read_operation_state(const value::Value& state);
value::Value to_value(const OperationState& state);
value::Value to_value(const ResourceResult& result);

}  // namespace tiphys::api
