#pragma once

#include "tiphys/plan/plan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Where a sync stands and what comes next: one group at a time, worked out anew at every look from
/// the plan (which knows what is live) and what is remembered.
namespace tiphys::plan {

struct Position {
  Phase phase = Phase::pre_sync;
  std::int64_t wave = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// A task as rows of syncResult name it: an object can be a hook of several phases.
using TaskKey = std::pair<k8s::ObjectKey, Phase>;

/// What is remembered of an attempt. All of it may be lost but `position`: then what is equal by
/// now counts as done, hooks are found by their mark, and the rest is written again.
struct Progress {
  /// The group that was begun last; those before it are done. In phase sync_fail: the sync has
  /// failed, only those hooks are left.
  std::optional<Position> position;
  std::set<TaskKey> written;              ///< applied, pruned, or made as a hook
  std::map<TaskKey, std::string> failed;  ///< whose write was refused, with the reason
  std::set<TaskKey> succeeded;            ///< hooks that are known to have ended well
  bool apply_out_of_sync_only = false;    ///< what is equal isn't waited for
};

enum class TaskState : std::uint8_t { pending, running, succeeded, failed };

/// A task that this attempt has touched, as it is now: what its row says.
struct TaskView {
  TaskKey key;
  TaskState state = TaskState::pending;
  std::string message;
};

struct Step {
  enum class Kind : std::uint8_t {
    run,           ///< write `tasks`
    remove_hooks,  ///< delete `tasks`, hooks of earlier runs that are in the way
    wait,          ///< `message` says for what
    failed,        ///< something failed: SyncFail hooks come next; in phase sync_fail: it is over
    done,
  };
  Kind kind = Kind::done;
  Position position;  ///< of the group that it is about
  std::vector<Task> tasks;
  std::string message;                   ///< wait: in Argo CD's words
  std::vector<k8s::ObjectKey> blockers;  ///< wait
  bool hook_runs = false;                ///< nothing may come between now
  bool last = false;                     ///< no group comes after this one
  std::vector<TaskView> views;           ///< of the groups up to this one
};

/// Pure. reference/argocd.md 2.1: a group is run when all of the groups before it are written,
/// their objects healthy and their hooks ended; the last one isn't waited for, except for hooks.
Step next_step(const Plan& plan, const Progress& progress);

/// For tests and logs; stable.
std::string print(const Step& step);

/// Does it have SyncFail hooks?
bool has_sync_fail_hooks(const Plan& plan);

}  // namespace tiphys::plan
