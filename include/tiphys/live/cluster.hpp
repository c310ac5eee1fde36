#pragma once

#include "tiphys/api/project.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/discovery.hpp"
#include "tiphys/kube/reflector.hpp"
#include "tiphys/live/identity.hpp"
#include "tiphys/live/object_store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::live {

struct ClusterOptions {
  /// Tells which cluster it is, where kube-system can't be read.
  std::string control_namespace;
  /// Empty: the whole cluster. Else only these namespaces are watched and written to.
  std::vector<std::string> namespaces;
  /// With `namespaces`: cluster-scoped kinds too.
  bool cluster_resources = false;
  std::string limited_by;  ///< whoever gave `namespaces`: for messages
  api::TrackingSettings tracking;
  health::ScriptTable health_scripts;
  /// False for kinds that settings exclude; may be empty.
  std::function<bool(const k8s::GroupKind&)> watches;
};

/// One cluster as its watches show it (decision 9): full objects of the kinds in use and of Pods,
/// metadata of every other listable kind, one watch a kind (and namespace, where namespaces are
/// given). Any thread.
class Cluster {
 public:
  struct Listener {
    /// These applications see a difference. On io threads; must be quick.
    std::function<void(const std::set<std::string>& apps)> changed;
    /// A kind became known, listed or unlistable: every application may look different. Any thread.
    std::function<void()> kinds_changed;
  };

  /// All outlive it. Nothing happens before start().
  Cluster(kube::Client& client, kube::Discovery& discovery, kube::ReflectorFactory& reflectors,
          const base::Clock& clock, base::Logger log, ClusterOptions options, Listener listener);
  ~Cluster();

  /// Asks which cluster this is, discovers, and starts the watches. Blocks for the first two alone.
  /// Errors: the API server's.
  base::Status start(base::Deadline deadline);
  /// Known once start() was ok, and the same from then on.
  ClusterIdentity identity() const;
  void stop();
  /// Each watched kind was listed, or can't be.
  bool listed() const;
  /// Other settings: the watches are started afresh and every mark is read again.
  void reconfigure(ClusterOptions options);

  /// As of the last reconfigure().
  std::shared_ptr<const ObjectStore> store() const { return *store_.lock(); }

  /// Watches these kinds in full. True when each is listed in full, or can't be listed at all (then
  /// it is among unlistable()); false while that is under way (kinds_changed follows).
  bool use(const std::set<k8s::GroupKind>& kinds);
  /// Kinds that the API server serves, or may serve, but does not let us list.
  std::set<k8s::GroupKind> unlistable() const;
  /// The unlistable among `kinds`, with the reason.
  std::vector<std::pair<k8s::GroupKind, std::string>> blocked_kinds(
      const std::set<k8s::GroupKind>& kinds) const;

  std::optional<api::Scope> scope_of(const k8s::GroupKind& kind) const;
  bool namespace_exists(const std::string& name) const;
  /// Why an application with this destination can't be served by this installation, if so.
  std::optional<std::string> scope_problem(const std::string& destination_namespace,
                                           bool create_namespace) const;
  /// The same for single objects: "namespace x is not managed", cluster-scoped kinds.
  std::vector<std::string> outside_problems(const std::vector<k8s::Object>& objects) const;
  /// Reads one object and takes it over, when a watch is late. Blocks.
  void read_again(const k8s::ObjectKey& key);

 private:
  struct Watch;
  struct State;
  void sync_watches();
  void start_watch(State& state, const kube::ResourceInfo& resource, kube::Detail detail);
  void on_event(const std::shared_ptr<Watch>& watch, std::size_t part,
                const kube::WatchEvent& event);
  void on_status(const std::shared_ptr<Watch>& watch, std::size_t part,
                 const kube::ReflectorStatus& status);
  void maintain();
  void ask_maintenance(bool discover);

  kube::Client& client_;
  kube::Discovery& discovery_;
  kube::ReflectorFactory& reflectors_;
  const base::Clock& clock_;
  base::Logger log_;
  Listener listener_;
  base::Guarded<std::shared_ptr<ObjectStore>> store_;
  std::unique_ptr<base::Guarded<State>> state_;
};

}  // namespace tiphys::live
