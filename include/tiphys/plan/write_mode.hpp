#pragma once

#include "tiphys/api/sync_policy.hpp"
#include "tiphys/k8s/object.hpp"

#include <cstdint>
#include <string>

namespace tiphys::plan {

enum class Force : std::uint8_t { no, yes };

/// The way in which one object is written, and by that what counts as a difference.
struct WriteMode {
  bool replace = false;
  bool force = false;
  bool client_side = false;
  bool validate = true;
  bool migrate = true;  ///< fields of client-side applies move into ours before an apply
  /// Whose fields these are, beside our own (client-side-apply-migration-manager).
  std::string migrated_manager;
};

/// By the target's own options (its annotation), then `options`: of the operation or of the
/// application; `force` is the operation's strategy. reference/argocd.md 2.6. Pure.
WriteMode write_mode_of(const k8s::Object& target, const api::SyncOptions& options,
                        Force force = Force::no);

}  // namespace tiphys::plan
