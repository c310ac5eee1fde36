#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/controller/action.hpp"
#include "tiphys/controller/clusters.hpp"
#include "tiphys/controller/event_recorder.hpp"
#include "tiphys/controller/metrics.hpp"
#include "tiphys/controller/registry.hpp"
#include "tiphys/controller/status_builder.hpp"
#include "tiphys/diff/ignore.hpp"
#include "tiphys/jq/jq.hpp"
#include "tiphys/plan/progress.hpp"
#include "tiphys/source/source.hpp"

#include <chrono>
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
  Clusters& clusters;
  git::Poller& poller;
  source::Sources& sources;
  kube::Client& client;  ///< of the control namespace
  EventRecorder& events;
  Metrics& metrics;
  /// Puts an application back into the queue, now.
  std::function<void(const k8s::NamespacedName&)> wake;
  /// Between two groups of a sync: ARGOCD_SYNC_WAVE_DELAY.
  std::chrono::milliseconds wave_delay{2'000};
  /// For jqPathExpressions; the scope is the project.
  jq::Delete jq;
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
  /// With HelmLookup=true the charts' lookup asks the destination's cluster, as whoever syncs.
  base::Result<source::RenderedSource> render(Look& look, const source::ResolvedSource& resolved);
  Outcome compare(Look& look);
  diff::JqDelete jq_of(const Look& look) const;
  /// Adds the managedFields that managedFieldsManagers need, one GET an object and version. `live`
  /// is sorted by key.
  base::Status read_field_managers(Look& look, const std::vector<diff::IgnoreRule>& rules,
                                   std::vector<plan::Live>& live);

  std::shared_ptr<Runtime> runtime_of(const k8s::NamespacedName& key, const std::string& uid);
  /// False in shadow mode, unless the application was handed over to us.
  bool may_write(const api::Application& app) const;
  Action look(Look& look);
  /// Set: the reconcile ends with that Action.
  using Stop = std::optional<Action>;
  /// Finds the cluster of the destination and whom to write as.
  void find_place(Look& look);
  static void find_identity(Look& look);
  /// Ends the look while the cluster can't be looked at.
  Stop await_place(Look& look);
  Stop await_own_writes(Look& look);
  bool find_problems(Look& look);
  bool create_default_project(Look& look);
  Stop subscribe(Look& look);
  Stop resolve(Look& look);
  void ask_dry_runs(Look& look);
  void warn_of_orphans(Look& look);
  static void read_own_state(Look& look);
  void decide_operation(Look& look);
  void begin_operation(Look& look, const api::Operation& operation);
  /// A sync window keeps automated sync from starting now; the look is repeated when that changes.
  bool windows_forbid_start(Look& look);
  /// Ends the look while a sync window holds up the operation, which stays Running.
  Stop await_window(Look& look);
  std::optional<plan::Comparison> comparison_of_operation(Look& look);
  static const api::SyncOptions& sync_options_of(const Look& look);
  plan::PlanOptions plan_options(const Look& look) const;
  std::vector<plan::Hook> hooks_of_operation(const Look& look) const;
  Action step_operation(Look& look);
  Action take_step(Look& look, const plan::Plan& plan, const plan::Step& step);
  Action wait_in_operation(Look& look, const plan::Step& step);
  /// Before the first write of a sync: why nothing at all is written; nullopt: it may begin.
  static std::optional<std::string> try_all(Look& look, const plan::Plan& plan);
  /// operation.sync.dryRun: all is tried, nothing written, and the rows say what would happen.
  Action try_operation(Look& look, const plan::Plan& plan);
  static sync::WriteOptions write_options(const Look& look);
  void start_event(Look& look);
  Action run_group(Look& look, const plan::Step& step);
  static sync::Report delete_hooks(const Look& look, std::vector<plan::Task> hooks);
  Action remove_hooks(Look& look, const std::vector<plan::Task>& hooks);
  /// SyncTimeout is over: the operation is ended as if somebody had asked for it.
  bool end_if_late(Look& look) const;
  /// WaveTimeout is over: what is waited for counts as failed.
  bool is_wave_late(Look& look, const plan::Step& step) const;
  Action terminate_operation(Look& look, const plan::Plan& plan);
  Stop between_attempts(Look& look);
  /// Writes where the operation stands before what follows is done; false: not written.
  bool save_operation(Look& look, std::string message);
  Action finish_operation(Look& look, api::OperationPhase phase, std::string message);
  Action fail_operation(Look& look, const plan::Plan& plan);
  /// Ends the attempt: another one is due, or the operation has failed.
  Action fail_attempt(Look& look, const std::string& message);
  /// A newer revision than the one that somebody went back to isn't synced by itself.
  static void hold_if_rolled_back(Look& look);
  /// Deletes hooks of ended operations, by their policies. The last thing of a look.
  Stop clean_up_hooks(Look& look);
  Action delete_application(Look& look);
  /// Set: the application's objects can't be deleted now, or are nowhere.
  Stop await_deletion(Look& look);
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
