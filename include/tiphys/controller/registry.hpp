#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/api/project.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/reflector.hpp"
#include "tiphys/live/declared_cluster.hpp"
#include "tiphys/source/repositories.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::controller {

/// The control namespace as the watches show it: Applications, AppProjects, repository Secrets,
/// Argo CD's ConfigMaps (certificates of git servers too), and whether an Argo CD application
/// controller is installed. Any thread.
class Registry {
 public:
  struct Options {
    std::string control_namespace;
    ConfigData flags;         ///< settings given on the command line
    bool take_over = false;   ///< --take-over: never in shadow mode
    net::ProxyRules proxies;  ///< of the environment
  };
  /// Called on io threads; must be quick.
  struct Listener {
    std::function<void(const k8s::NamespacedName&)> application_changed;
    /// A project, a repository, a setting or the shadow mode changed: look at every application.
    std::function<void()> everything_changed;
    /// Everything that was made with the settings before must follow.
    std::function<void(const Settings& before, const Settings& now)> settings_changed;
  };

  Registry(kube::Client& client, kube::ReflectorFactory& reflectors, const base::Clock& clock,
           base::Logger log, Options options, Listener listener);
  ~Registry();
  void start();
  void stop();

  /// Every watch of the control namespace has delivered its first list (workloads may be
  /// forbidden).
  bool ready() const;
  /// Why one of them has not, as far as it is known; workloads left out.
  std::optional<base::Error> problem() const;
  std::vector<k8s::NamespacedName> applications() const;
  std::optional<k8s::Object> application(const k8s::NamespacedName& key) const;
  std::optional<k8s::Object> project(std::string_view name) const;
  /// Fills in the clusters whose Secret names the project, where its rules ask for them.
  void add_clusters(api::Project& project) const;
  /// As the Secrets declare them; never null.
  std::shared_ptr<const source::Repositories> repositories() const;
  std::shared_ptr<const live::DeclaredClusters> clusters() const;
  Settings settings() const;
  /// The last ConfigMap that could not be read, if any; the settings before it hold.
  std::optional<base::Error> settings_error() const;

  /// An Argo CD application controller is installed here, or it isn't known whether one is.
  bool shadow() const;

  /// A write of ours to an Application: until the watch has shown it, application() is older than
  /// that.
  void wrote(const k8s::NamespacedName& key, std::string_view uid, std::string_view version);
  /// False while a write of ours has not come back. After 10 s the object is read once and taken
  /// over.
  bool caught_up(const k8s::NamespacedName& key);

 private:
  struct State;
  void watch(std::string_view what, kube::WatchRequest request);
  void on_event(std::string_view what, const kube::WatchEvent& event);
  void read_secrets();
  void resolve();

  kube::Client& client_;
  kube::ReflectorFactory& reflectors_;
  const base::Clock& clock_;
  base::Logger log_;
  Options options_;
  Listener listener_;
  std::unique_ptr<base::Guarded<State>> state_;
  std::vector<std::unique_ptr<kube::Reflector>> running_;
};

}  // namespace tiphys::controller
