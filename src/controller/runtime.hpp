#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/git/poller.hpp"
#include "tiphys/sync/executor.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::controller {

/// What is remembered of one application between two looks, in memory only: everything here can be
/// lost at any moment and is worked out again. Touched by the one worker that has the application's
/// key.
struct Runtime {
  std::string uid;  ///< of the Application that this is about; another uid starts afresh

  std::unique_ptr<git::Poller::Subscription> subscription;
  std::string repository;
  /// Issued for the refresh annotation that is being answered; 0: none.
  git::Ticket ticket = 0;
  std::string ticket_for;  ///< resourceVersion of the Application that carried the annotation

  /// Writes of ours that the watches have not shown yet, and since when we wait.
  std::map<k8s::ObjectKey, sync::Written> unseen;
  base::SteadyTime unseen_since{};

  /// What dry-run applies said, by object; the key inside tells what it was about.
  std::map<k8s::ObjectKey, diff::DryRunVerdict> verdicts;

  /// The running operation: result rows so far, what was applied in it, failed attempts.
  std::string operation_started;  ///< startedAt of the operation that the rows are about
  std::map<k8s::ObjectKey, api::ResourceResult> rows;
  std::set<k8s::ObjectKey> applied;

  void begin_operation(std::string started) {
    if (operation_started == started) return;
    operation_started = std::move(started);
    rows.clear();
    applied.clear();
  }
};

}  // namespace tiphys::controller
