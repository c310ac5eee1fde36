#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/api/sync_policy.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/plan/comparison.hpp"
#include "tiphys/plan/hooks.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The whole decision of a sync as data: what is written, in which order, and why not.
namespace tiphys::plan {

enum class Action : std::uint8_t {
  create_namespace,
  apply,
  prune,
  skip,  ///< nothing is written; status and message go to the result row as they are
};
std::string_view to_string(Action action);

/// The live object that a task is about: what a write must be conditional on (decision 12).
struct LiveRef {
  std::string uid{};
  std::string resource_version{};
  bool deleting = false;  ///< already has a deletionTimestamp: no second delete
};

struct Task {
  Action action = Action::skip;
  Phase phase = Phase::sync;
  std::int64_t wave = 0;
  /// Tasks of one group with the same run may be executed in parallel; runs one after another.
  int run = 0;
  k8s::ObjectKey key{};
  std::string version{};
  std::optional<k8s::Object> target{};
  std::optional<LiveRef> live{};
  api::Propagation propagation = api::Propagation::foreground;
  /// skip only: "Synced", "PruneSkipped"; else "".
  std::string status{};
  std::string message{};
  /// Of the live object; nullopt: none, or its kind has no rule.
  std::optional<health::HealthStatus> health{};

  /// A hook of `phase`; the rest is about hooks alone.
  bool hook = false;
  /// The live object was made by this very attempt of the operation: it runs, or has run.
  bool hook_started = false;
  DeletePolicies policies{};
};

/// Tasks of one (phase, wave) in the order of execution: prunes, then applies in runs of one kind.
/// The next group starts when all of this one are completed.
struct Group {
  Phase phase = Phase::sync;
  std::int64_t wave = 0;
  std::vector<Task> tasks;
};

struct Plan {
  std::vector<Group> groups;
  /// Objects that get a result row without a write: in sync already ("unchanged"), prune refused.
  /// With the phase and wave they would have had: a later wave waits for their health too.
  std::vector<Task> skipped;
  /// Not empty: the sync is invalid, nothing may be written; sorted and distinct, e.g.
  /// "resource :Namespace is not permitted in project p".
  std::vector<std::string> problems;
  /// Objects whose Prune=confirm waits for argocd.argoproj.io/deletion-approved. While not empty
  /// the operation stays Running, "waiting for pruning confirmation of G/K/N[ and N more
  /// resources]".
  std::vector<k8s::ObjectKey> unconfirmed;

  bool empty() const { return groups.empty(); }
  std::size_t writes() const;
};

struct PlanOptions {
  std::string app{};
  std::string project{};  ///< for messages
  std::string destination_namespace{};
  api::TrackingSettings tracking{};
  api::SyncOptions sync_options{};  ///< of the operation
  bool prune = false;               ///< operation.sync.prune
  bool destination_namespace_exists = true;
  /// managedNamespaceMetadata: with CreateNamespace=true each sync applies it to the namespace.
  std::optional<api::ManagedNamespaceMetadata> namespace_metadata{};
  std::optional<LiveRef> live_namespace{};  ///< where it exists and can be seen
  /// deletion-approved is set and not older than the operation's start.
  bool deletion_approved = false;
  /// Nothing of these kinds is pruned; each refused prune says so.
  std::set<k8s::GroupKind> unlistable{};
  /// By hooks_of(), with their live objects; empty where the operation runs none.
  std::vector<Hook> hooks{};
  diff::JqDelete jq{};  ///< for what is ignored, with RespectIgnoreDifferences=true
  /// operation.sync.resources: only these are synced; empty: all.
  std::vector<api::OperationResource> only{};
};

/// Pure and deterministic. Order: phase, wave, Argo CD's kind order, name; a Namespace or
/// CustomResourceDefinition moves to the group of the first task that needs it; prunes use the
/// waves of creation the other way round, and come first inside a group. Only what is not known to
/// be equal is applied (decision 8). Guards on every prune: operation.prune, Prune=false|confirm
/// (live annotation, else application), helm.sh/resource-policy keep, Delete=false|confirm, another
/// application's or installation's mark, a copy (not self-referenced), unlistable kind, project
/// rules, an object that is owned by another one.
Plan make_plan(const Comparison& comparison, const PlanOptions& options);

/// One line a task, groups and reasons named; for tests, logs and `tiphys`. Stable.
std::string print(const Plan& plan);

}  // namespace tiphys::plan
