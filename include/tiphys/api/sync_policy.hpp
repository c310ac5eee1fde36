#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

/// A three-valued option of prune and delete: allowed, never, or only after
/// argocd.argoproj.io/deletion-approved.
enum class Removal : std::uint8_t { allow, never, confirm };

enum class Propagation : std::uint8_t { foreground, background, orphan };
std::string_view to_string(Propagation propagation);  // "Foreground", ...: the API's words

/// `syncOptions` entries, parsed. Unknown and malformed entries are kept apart: the support table
/// refuses them by name (decision 18).
struct SyncOptions {
  std::vector<std::string> entries;  ///< as written, in order
  std::vector<std::string> unknown;

  bool create_namespace = false;
  bool prune_last = false;
  bool apply_out_of_sync_only = false;
  bool fail_on_shared_resource = false;
  bool respect_ignore_differences = false;
  bool skip_dry_run_on_missing_resource = false;
  bool validate = true;
  bool replace = false;
  bool force = false;
  bool client_side_apply_migration = true;
  bool server_dry_run = true;             ///< before the first write of a sync
  bool helm_lookup = false;               ///< the application's charts ask the cluster
  std::optional<bool> server_side_apply;  ///< absent: our default, server-side
  std::optional<Removal> prune;           ///< absent: not said here, a wider scope decides
  std::optional<Removal> remove;          ///< Delete=...
  Propagation propagation = Propagation::foreground;

  /// Argo CD's HasOption: the exact entry is there.
  bool has(std::string_view entry) const;
};

SyncOptions parse_sync_options(const std::vector<std::string>& entries);
/// The comma separated annotation argocd.argoproj.io/sync-options of an object; blanks around
/// entries are dropped.
SyncOptions parse_sync_options_annotation(std::string_view annotation);

struct Automated {
  bool prune = false;
  bool self_heal = false;
  bool allow_empty = false;
  bool enabled = true;
};

struct Backoff {
  std::string duration{};
  std::optional<std::int64_t> factor{};
  std::string max_duration{};
};

struct Retry {
  std::int64_t limit = 0;  ///< below 0: no limit
  std::optional<Backoff> backoff{};
  bool refresh = false;
};

struct ManagedNamespaceMetadata {
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  bool operator==(const ManagedNamespaceMetadata&) const = default;
};

struct SyncPolicy {
  std::optional<Automated> automated;  ///< present and enabled: automated sync
  SyncOptions options;
  std::optional<Retry> retry;
  std::optional<ManagedNamespaceMetadata> managed_namespace_metadata;

  bool is_automated() const { return automated && automated->enabled; }
};

/// Errors: Invalid naming the field.
base::Result<SyncPolicy> parse_sync_policy(const value::Value& policy, std::string_view field);
base::Result<Retry> parse_retry(const value::Value& retry, std::string_view field);

}  // namespace tiphys::api
