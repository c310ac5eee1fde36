#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/discovery.hpp"
#include "tiphys/plan/deletion.hpp"
#include "tiphys/plan/plan.hpp"
#include "tiphys/sync/permissions.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::sync {

/// A write that the API server took. Until the watches have shown it (uid at resource_version or
/// later, or gone), what they show is older than what we did.
struct Written {
  k8s::ObjectKey key;
  std::string uid;
  std::string resource_version;
  bool deleted = false;
};

/// What became of one task: the row for status.operationState.syncResult.resources, the write, the
/// error.
struct Outcome {
  api::ResourceResult row;
  std::optional<Written> written;
  std::optional<base::Error> error;
};

struct Report {
  std::vector<Outcome> outcomes;
  bool failed() const;
  /// Something failed, and every failure is of a kind that may pass.
  bool may_be_retried() const;
  /// "one or more objects failed to apply, reason: a,b" in Argo CD's words.
  std::string failure_message() const;
};

/// How the objects of one operation are written; annotations of an object add to it.
struct WriteOptions {
  api::SyncOptions options{};  ///< of the operation, else of the application
  bool force = false;          ///< operation.sync.syncStrategy.*.force
  bool dry_run = false;        ///< operation.sync.dryRun: nothing is kept
  kube::Identity identity{};   ///< destinationServiceAccounts
};

/// What the API server said to a write that it was asked to try.
struct Prediction {
  plan::Task task;  ///< that was tried
  /// As of the write; `error` where it would be refused. With the status "" it could not be tried,
  /// for the reason in the message.
  Outcome outcome;
  std::optional<k8s::Object> object{};  ///< as it would be then
  std::optional<k8s::Object> before{};  ///< the live object that was read for it, if it was
  bool server_side = false;             ///< by an apply on the server
  /// With which it was tried.
  std::vector<std::string> options{};
  bool force = false;
};
using Predictions = std::map<k8s::ObjectKey, Prediction>;

struct WriteResult;
class Providers;

struct ExecutorOptions {
  int parallelism = 8;  ///< writes at once within one run
  std::chrono::milliseconds call_timeout{30'000};
  /// Replace and Force: how long a deleted object may take to go before it is made anew.
  std::chrono::milliseconds delete_timeout{120'000};
};

/// Executes plans through kube, one group a call; the only code that changes users' objects
/// (decision 8, 11). Writes by server-side apply as field manager argocd-controller with forced
/// conflicts; existing objects only at the uid that was looked at, deletions also at its
/// resourceVersion (decision 12). The options Replace, Force, ServerSideApply=false and Validate
/// change the way (docs/deviations.md). Blocking; any worker thread may call it, several at once
/// for different applications.
class Executor {
 public:
  /// Does another manager's Update entry have to be taken over before the first apply to this
  /// object?
  using NeedsMigration = std::function<bool(const k8s::ObjectKey&)>;

  Executor(kube::Client& client, const kube::Discovery& discovery, const base::Clock& clock,
           NeedsMigration needs_migration, ExecutorOptions options);

  /// Runs after one another, tasks of a run in parallel. A failed prune or run ends the group:
  /// later kinds may need what failed (docs/deviations.md).
  Report run(const plan::Group& group, const WriteOptions& how = {});

  /// What the API server would say to every write of `plan`, before the first one; asked in
  /// parallel, except for what `known` tells about the same write to the same live object. What
  /// could not be tried (see Prediction): objects whose Namespace or CustomResourceDefinition comes
  /// from this plan or which are refused for what it writes first, those whose
  /// webhook refuses dry runs, and those about which the server could not tell. Prunes, a new
  /// destination namespace and hooks that still have a predecessor aren't asked. Nothing at all
  /// with ServerDryRun=false.
  Report dry_run_all(const plan::Plan& plan, const WriteOptions& how = {},
                     const Predictions& known = {});

  /// What of `plan` the identity may not write, as failures that name verb, kind and namespace of
  /// each missing permission; asked before anything is touched. Empty: nothing is known to be
  /// missing.
  Report missing_permissions(const plan::Plan& plan, const WriteOptions& how = {});

  /// What the writes would make of their objects, in parallel (decision 8: the verdict is data for
  /// diff).
  Predictions predict(const std::vector<plan::Task>& tasks, const WriteOptions& how);

  /// Deletes on behalf of a deleted application.
  Report run_deletes(const std::vector<plan::Task>& tasks, const kube::Identity& identity = {});

 private:
  Outcome execute(const plan::Task& task, const WriteOptions& how);
  Prediction try_write(const plan::Task& task, const WriteOptions& how);
  static Outcome judged(Outcome outcome, const plan::Task& task, const plan::Plan& plan);
  base::Result<WriteResult> write(const plan::Task& task, const WriteOptions& how);
  std::optional<std::string> why_not_tried(const plan::Task& task, const Providers& providers,
                                           const WriteOptions& how) const;
  std::vector<Permission> needs_of(const plan::Task& task, const Providers& providers,
                                   const WriteOptions& how) const;
  base::Result<Written> prune(const plan::Task& task, const WriteOptions& how);
  base::Result<kube::ResourceInfo> resource_of(const k8s::ObjectKey& key,
                                               std::string_view version) const;
  std::vector<Outcome> in_parallel(const std::vector<const plan::Task*>& tasks,
                                   const WriteOptions& how);
  base::Deadline deadline() const { return base::Deadline::after(clock_, options_.call_timeout); }

  kube::Client& client_;
  const kube::Discovery& discovery_;
  const base::Clock& clock_;
  NeedsMigration needs_migration_;
  ExecutorOptions options_;
  Permissions permissions_;
};

/// The row of a task before anything is known of its outcome: which object, which phase.
api::ResourceResult row_of(const plan::Task& task);

/// The managedFields with the Update entries of the client-side managers moved into our Apply
/// entry, as client-go's csaupgrade does; nullopt when there is nothing to move.
std::optional<value::Value> migrated_managed_fields(const k8s::Object& live,
                                                    const std::vector<std::string>& from);

}  // namespace tiphys::sync
