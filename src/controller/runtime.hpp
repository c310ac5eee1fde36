#pragma once

#include "wait_reason.hpp"

#include "tiphys/api/operation.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/git/poller.hpp"
#include "tiphys/plan/progress.hpp"
#include "tiphys/sync/executor.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::controller {

/// metadata.managedFields of a live object, for managedFieldsManagers.
struct FieldManagers {
  std::string resource_version;  ///< of the object as the watch shows it
  value::Value fields;
};

/// What is remembered of one application between two looks, in memory only: everything here can be
/// lost at any moment and is worked out again. Touched by the one worker that has the application's
/// key.
struct Runtime {
  std::string uid;  ///< of the Application that this is about; another uid starts afresh

  std::string server;  ///< that what follows about objects is about

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
  std::map<k8s::ObjectKey, FieldManagers> field_managers;

  /// The running attempt of an operation (see run_id()): its rows, and what was done in it.
  std::string run;
  std::string tried_run;  ///< the one whose writes were tried before the first of them
  std::map<plan::TaskKey, api::ResourceResult> rows;
  plan::Progress progress;
  /// A refused write that will be refused again: another attempt is of no use.
  bool refused_for_good = false;
  /// Why the group that was begun last isn't done.
  WaitReason wait_reason;
  /// The next group isn't begun before this (Argo CD's delay between waves).
  base::SteadyTime next_group_at{};
};

}  // namespace tiphys::controller
