#pragma once

#include "tiphys/controller/clusters.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

namespace tiphys::controller {

/// A cluster that a Secret declares: client, discovery, watches, executor, and a thread that
/// connects and then asks again and again whether it still answers. Any thread.
class RemoteCluster {
 public:
  struct Setup {
    live::DeclaredCluster declared;
    std::unique_ptr<kube::Client> client;
    live::ClusterOptions options;
    const base::Clock& clock;
    base::Logger log;
    std::chrono::milliseconds heartbeat;
    std::function<void()> wake_users;
    std::function<void(const std::set<std::string>& apps)> changed;
  };
  explicit RemoteCluster(Setup setup);
  /// May wait for a call that is under way.
  ~RemoteCluster();
  RemoteCluster(const RemoteCluster&) = delete;
  RemoteCluster& operator=(const RemoteCluster&) = delete;

  const live::DeclaredCluster& declared() const { return setup_.declared; }
  const Place& place() const { return place_; }
  live::Cluster& cluster() { return cluster_; }
  Clusters::Answer::State state() const;
  /// Set while state() is `down`.
  std::optional<base::Error> problem() const;

 private:
  struct State {
    bool started = false;  ///< identity and discovery were read, the watches run
    bool asked = false;    ///< `problem` is known
    bool stopping = false;
    bool ask_now = false;
    std::optional<base::Error> problem;
    std::condition_variable changed;
  };
  void run();
  base::Status ask();
  void take(const base::Status& status);
  /// Until it is time to ask again; false: the end.
  bool wait(int failures);
  void on_kinds_changed();

  Setup setup_;
  kube::Discovery discovery_;
  std::unique_ptr<kube::ReflectorFactory> reflectors_;
  live::Cluster cluster_;
  sync::Executor executor_;
  Place place_;
  base::Guarded<State> state_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace tiphys::controller
