#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/controller/action.hpp"
#include "tiphys/controller/event_recorder.hpp"
#include "tiphys/controller/metrics.hpp"
#include "tiphys/controller/registry.hpp"
#include "tiphys/controller/status_builder.hpp"
#include "tiphys/live/cluster.hpp"
#include "tiphys/source/source.hpp"
#include "tiphys/sync/executor.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tiphys::controller {

struct Runtime;

/// Everything that a reconcile reads from or writes to; all outlive the Reconciler.
struct ReconcilerParts {
  const base::Clock& clock;
  base::Logger log;
  std::string control_namespace;
  bool read_only;  ///< compared, nothing written: `tiphys check`
  Registry& registry;
  live::Cluster& cluster;
  git::Poller& poller;
  source::Sources& sources;
  sync::Executor& executor;
  kube::Client& client;
  EventRecorder& events;
  const kube::Discovery& discovery;
  Metrics& metrics;
  /// Puts an application back into the queue, now.
  std::function<void(const k8s::NamespacedName&)> wake;
};

/// One look at one application (ARCHITECTURE.md, the data's way): resolve, render, compare, decide,
/// take at most one step of a sync, write the status once. Blocking; called by workers, never twice
/// at once for one key (the WorkQueue sees to that).
class Reconciler {
 public:
  explicit Reconciler(ReconcilerParts parts);
  ~Reconciler();

  Action reconcile(const k8s::NamespacedName& key);
  /// Forgets all that is remembered between looks: after leadership was won.
  void forget_all();

 private:
  struct Look;  ///< one reconcile in progress
  enum class Outcome : std::uint8_t {
    compared,
    failed,  ///< the conditions say why
    wait,    ///< a kind is still being listed
  };
  Outcome render_and_compare(Look& look, const source::ResolvedSource& resolved);
  Outcome compare(Look& look);

  std::shared_ptr<Runtime> runtime_of(const k8s::NamespacedName& key, const std::string& uid);
  /// False in shadow mode, unless the application was handed over to us.
  bool may_write(const api::Application& app) const;
  Action look(Look& look);
  /// Set: the reconcile ends with that Action.
  using Stop = std::optional<Action>;
  Stop await_own_writes(Look& look);
  bool find_problems(Look& look);
  bool create_default_project(Look& look);
  Stop subscribe(Look& look);
  Stop resolve(Look& look);
  void ask_dry_runs(Look& look);
  void warn_of_orphans(Look& look);
  void decide_operation(Look& look);
  /// A sync window keeps automated sync from starting now; the look is repeated when that changes.
  bool windows_forbid_start(Look& look);
  /// Ends the look while a sync window holds up the operation, which stays Running.
  Stop await_window(Look& look);
  std::optional<plan::Comparison> comparison_of_operation(Look& look);
  plan::PlanOptions plan_options(const Look& look) const;
  Action step_operation(Look& look);
  Action run_group(Look& look, const plan::Group& group);
  Action finish_operation(Look& look, api::OperationPhase phase, std::string message);
  Action fail_step(Look& look, const sync::Report& report);
  Action delete_application(Look& look);
  Action drop_finalizer(Look& look);
  Action finish(Look& look);
  /// Ends a look at what can't be compared, or whose operation can't run: answers the operation.
  Action finish_refused(Look& look);
  base::Status write_status(Look& look);
  base::Status patch_application(Look& look, const value::Value& body);
  void report(Look& look, const api::Status& before, const api::Status& after);
  void emit_event(const Look& look, std::string_view type, std::string_view reason,
                  const std::string& message);

  ReconcilerParts parts_;
  base::Guarded<std::map<k8s::NamespacedName, std::shared_ptr<Runtime>>> runtimes_;
};

}  // namespace tiphys::controller
