#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/discovery.hpp"
#include "tiphys/live/cluster.hpp"
#include "tiphys/live/declared_cluster.hpp"
#include "tiphys/net/http_client.hpp"
#include "tiphys/sync/executor.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tiphys::controller {

/// One cluster that applications go to: what is looked through and written with.
struct Place {
  kube::Client& client;
  const kube::Discovery& discovery;
  live::Cluster& cluster;
  sync::Executor& executor;
};

class RemoteCluster;

/// The clusters that applications go to. The local one is given; every other has a client, watches
/// and back-off of its own from the first application that goes there to the last, and nobody waits
/// for one that doesn't answer. Any thread.
class Clusters {
 public:
  struct Parts {
    net::HttpClient& http;
    net::IoRuntime& io;
    const base::Clock& clock;
    base::Logger log;
    Place local;
    /// How the local API server is reached, for a Secret that logs in to it by itself.
    std::function<base::Result<kube::ClusterConfig>()> local_config;
    kube::Client::Options client;  ///< of every client
    /// Look at this application: its cluster shows a difference, answers (again) or doesn't any
    /// more.
    std::function<void(const k8s::NamespacedName&)> wake;
    std::string control_namespace;
    /// Looks at once at applications of one cluster, the local one left out: whoever hangs there
    /// must not take every worker.
    int most_looks = 4;
    std::chrono::milliseconds heartbeat{10'000};  ///< between two questions whether it answers
  };
  explicit Clusters(Parts parts);
  ~Clusters();

  struct Answer {
    enum class State : std::uint8_t {
      ready,
      connecting,  ///< woken when that is over
      down,        ///< `problem` says why; woken when it answers
      busy,        ///< most_looks are under way: look again soon
    } state = State::ready;
    std::shared_ptr<const Place> place;  ///< held for as long as the look takes
    std::optional<base::Error> problem;
  };
  /// The application goes to this cluster from now on, and to no other. Starts what isn't running,
  /// afresh where the Secret has changed. Never blocks. Errors: Invalid (certificates, server).
  base::Result<Answer> use(const k8s::NamespacedName& app, const live::DeclaredCluster& declared,
                           const Settings& settings);
  /// It goes nowhere any more.
  void release(const k8s::NamespacedName& app);
  /// Other settings.
  void reconfigure(const Settings& settings);
  /// Ends all watches; no one may call use() afterwards.
  void stop();

 private:
  struct Running {
    std::shared_ptr<RemoteCluster> cluster;
    std::set<k8s::NamespacedName> users;
  };
  struct State {
    std::map<std::string, Running> running;  ///< by server
    std::map<k8s::NamespacedName, std::string> server_of;
    std::vector<std::shared_ptr<RemoteCluster>> retired;
    std::condition_variable changed;
    bool stopping = false;
  };
  base::Result<std::shared_ptr<RemoteCluster>> make(const live::DeclaredCluster& declared,
                                                    const Settings& settings);
  static void release(State& state, const k8s::NamespacedName& app);
  void wake_users(const std::string& server);
  /// Destroys what is retired: that may wait for calls under way.
  void bury();

  Parts parts_;
  base::Guarded<State> state_;
  std::shared_ptr<const Place> local_;
  std::thread undertaker_;
};

}  // namespace tiphys::controller
