#pragma once

#include "config.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/controller/clusters.hpp"
#include "tiphys/controller/metrics.hpp"
#include "tiphys/controller/reconciler.hpp"
#include "tiphys/controller/registry.hpp"
#include "tiphys/git/mirror.hpp"
#include "tiphys/git/poller.hpp"
#include "tiphys/kube/discovery.hpp"
#include "tiphys/live/cluster.hpp"
#include "tiphys/net/http_client.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/source/source.hpp"
#include "tiphys/sync/executor.hpp"
#include "tiphys/worker/pool.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tiphys::main {

/// Everything that a reconcile needs, wired: what `controller` runs and `check` looks through. Made
/// in the order of the members, stopped in reverse.
class Engine {
 public:
  struct Hooks {
    std::function<base::Status()> write_gate;
    /// Look at this application, at all of them. Any thread.
    std::function<void(const k8s::NamespacedName&)> wake;
    std::function<void()> wake_all;
    bool read_only = false;  ///< nothing is written, whatever anything says
  };

  Engine(const Config& config, const base::Clock& clock, Hooks hooks);
  ~Engine();

  /// Up to a connected client: enough to ask the API server something.
  base::Status connect();
  /// Everything else; starts the watches. After connect().
  base::Status start(base::Deadline deadline);
  /// Sends the Events that wait; after the reconciles have ended, before the Lease is given up.
  void flush_events();
  /// Ends what reads; whoever writes must have stopped.
  void stop();
  /// The watches have delivered what a comparison needs.
  bool ready() const { return registry_ && cluster_ && registry_->ready() && cluster_->listed(); }

  const base::Logger& log() const { return log_; }
  net::IoRuntime& io() { return io_; }
  kube::Client& client() { return *client_; }
  kube::Discovery& discovery() { return *discovery_; }
  controller::Metrics& metrics() { return metrics_; }
  controller::Registry& registry() { return *registry_; }
  live::Cluster& cluster() { return *cluster_; }
  /// A client of another cluster. Errors: Invalid (certificates, server).
  base::Result<std::unique_ptr<kube::Client>> client_of(const live::DeclaredCluster& declared);
  controller::Reconciler& reconciler() { return *reconciler_; }
  git::Transport& transport() { return *transport_; }

 private:
  void make_registry();
  base::Status open_git();
  kube::Client::Options client_options();
  void make_cluster();
  void make_clusters();
  void make_reconciler();
  git::Pace pace(const controller::Settings& settings) const;
  void reconfigure(const controller::Settings& settings);
  void set_render_limits(const controller::RenderSettings& settings);
  live::ClusterOptions cluster_options(const controller::Settings& settings) const;

  const Config& config_;
  const base::Clock& clock_;
  Hooks hooks_;
  std::shared_ptr<SpdlogSink> sink_;
  base::Logger log_;
  controller::Metrics metrics_;
  net::IoRuntime io_{2};
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<kube::Client> client_;
  std::unique_ptr<kube::Discovery> discovery_;
  std::unique_ptr<kube::ReflectorFactory> reflectors_;
  std::unique_ptr<git::Transport> transport_;
  base::Guarded<source::RenderLimits> render_limits_;
  std::unique_ptr<worker::Pool> render_pool_;
  std::unique_ptr<worker::Pool> pack_pool_;
  std::unique_ptr<worker::Pool> jq_pool_;
  std::unique_ptr<source::Renderer> renderer_;
  std::unique_ptr<controller::Registry> registry_;
  std::shared_ptr<git::MirrorStore> mirrors_;
  std::unique_ptr<git::Poller> poller_;
  std::unique_ptr<source::Sources> sources_;
  std::unique_ptr<live::Cluster> cluster_;
  std::unique_ptr<sync::Executor> executor_;
  std::unique_ptr<controller::Clusters> clusters_;
  std::unique_ptr<controller::EventRecorder> events_;
  std::unique_ptr<controller::Reconciler> reconciler_;
};

}  // namespace tiphys::main
