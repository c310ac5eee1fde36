#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/plan/comparison.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::plan {

/// What automated sync does after a comparison (reference/argocd.md 2.10).
struct AutoSyncDecision {
  std::optional<api::Operation> operation;  ///< start this
  /// A SyncError with this text ("" clears the condition).
  std::string sync_error;
  /// Self-heal waits: look again then.
  std::optional<api::Time> retry_at;
  /// Why nothing starts, for the log.
  std::string reason;
};

struct AutoSyncInputs {
  std::string revision;                ///< resolved; for one source
  std::vector<std::string> revisions;  ///< for several
  api::Time now{};
  /// Self-heal is limited to the resources that differ, as Argo CD's; an empty list syncs all.
  bool partial_self_heal = false;
};

/// Pure. Starts nothing when: no automated policy, an operation is asked for or running, the
/// application is being deleted, it isn't OutOfSync, only prunes are left and prune is off, this
/// revision and source was tried already (failed: SyncError; succeeded: only with selfHeal, after
/// the back-off 0, 2, 6, 18, 54, 162, 300 s), or everything would be pruned without allowEmpty.
AutoSyncDecision decide_auto_sync(const api::Application& app, const Comparison& comparison,
                                  const AutoSyncInputs& inputs);

}  // namespace tiphys::plan
