#include "tiphys/controller/clusters.hpp"

#include "remote_cluster.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tiphys::controller {

namespace {

live::ClusterOptions options_of(const live::DeclaredCluster& declared, const Settings& settings) {
  live::ClusterOptions options;
  // Whose UID tells which cluster it is, where kube-system can't be read.
  options.control_namespace =
      declared.namespaces.empty() ? std::string("default") : declared.namespaces.front();
  options.namespaces = declared.namespaces;
  options.cluster_resources = declared.cluster_resources;
  options.limited_by = "the cluster Secret " + declared.secret;
  options.tracking = settings.tracking;
  options.health_scripts = settings.health_scripts;
  options.watches = [settings, server = declared.server](const k8s::GroupKind& kind) {
    return settings.watches(kind, server);
  };
  return options;
}

/// Nothing but another name for the local cluster.
bool is_plainly_local(const live::DeclaredCluster& declared) {
  return declared.is_local() && !declared.has_credentials() && declared.namespaces.empty();
}

}  // namespace

Clusters::Clusters(Parts parts)
    : parts_(std::move(parts)),
      local_(std::make_shared<const Place>(parts_.local)),
      undertaker_([this] { bury(); }) {}

Clusters::~Clusters() { stop(); }

void Clusters::stop() {
  {
    auto state = state_.lock();
    for (auto& [server, running] : state->running)
      state->retired.push_back(std::move(running.cluster));
    state->running.clear();
    state->server_of.clear();
    state->stopping = true;
    state->changed.notify_all();
  }
  if (undertaker_.joinable()) undertaker_.join();
}

void Clusters::bury() {
  while (true) {
    std::vector<std::shared_ptr<RemoteCluster>> dead;
    {
      auto state = state_.lock();
      while (!state->stopping && state->retired.empty()) state->changed.wait(state.handle());
      dead.swap(state->retired);
      if (dead.empty()) return;
    }
    dead.clear();  // without the lock: their watches may be waking somebody
  }
}

base::Result<std::shared_ptr<RemoteCluster>> Clusters::make(const live::DeclaredCluster& declared,
                                                            const Settings& settings) {
  kube::ClusterConfig config;
  if (declared.is_local()) {
    TRY_ASSIGN(config, parts_.local_config());
    if (declared.has_credentials()) {
      config.token = kube::TokenSource(declared.bearer_token);
      config.username = declared.username;
      config.password = declared.password;
    }
  } else {
    TRY_ASSIGN(config, live::config_of(declared));
  }
  TRY_ASSIGN(auto client, kube::Client::make(parts_.http, parts_.io, parts_.clock,
                                             std::move(config), parts_.client));
  return std::make_shared<RemoteCluster>(
      RemoteCluster::Setup{.declared = declared,
                           .client = std::move(client),
                           .options = options_of(declared, settings),
                           .clock = parts_.clock,
                           .log = parts_.log.with("cluster", declared.name),
                           .heartbeat = parts_.heartbeat,
                           .wake_users = [this, server = declared.server] { wake_users(server); },
                           .changed =
                               [this](const std::set<std::string>& apps) {
                                 for (const auto& app : apps)
                                   parts_.wake({parts_.control_namespace, app});
                               }});
}

void Clusters::wake_users(const std::string& server) {
  std::set<k8s::NamespacedName> users;
  {
    const auto state = state_.lock();
    const auto running = state->running.find(server);
    if (running != state->running.end()) users = running->second.users;
  }
  for (const auto& app : users) parts_.wake(app);
}

void Clusters::release(State& state, const k8s::NamespacedName& app) {
  const auto known = state.server_of.find(app);
  if (known == state.server_of.end()) return;
  const auto running = state.running.find(known->second);
  state.server_of.erase(known);
  if (running == state.running.end()) return;
  running->second.users.erase(app);
  if (!running->second.users.empty()) return;
  state.retired.push_back(std::move(running->second.cluster));
  state.running.erase(running);
  state.changed.notify_all();
}

void Clusters::release(const k8s::NamespacedName& app) {
  auto state = state_.lock();
  release(*state, app);
}

base::Result<Clusters::Answer> Clusters::use(const k8s::NamespacedName& app,
                                             const live::DeclaredCluster& declared,
                                             const Settings& settings) {
  auto state = state_.lock();
  const auto known = state->server_of.find(app);
  if (is_plainly_local(declared) ||
      (known != state->server_of.end() && known->second != declared.server))
    release(*state, app);
  if (is_plainly_local(declared)) return Answer{Answer::State::ready, local_, std::nullopt};
  auto& running = state->running[declared.server];
  if (!running.cluster || running.cluster->declared() != declared) {
    auto made = make(declared, settings);
    if (running.cluster) state->retired.push_back(std::move(running.cluster));
    running.cluster.reset();
    state->changed.notify_all();
    if (!made.ok()) {
      for (const auto& user : running.users) state->server_of.erase(user);
      state->running.erase(declared.server);
      return std::move(made).error();
    }
    running.cluster = *std::move(made);
  }
  running.users.insert(app);
  state->server_of[app] = declared.server;
  const auto& cluster = running.cluster;
  Answer answer{cluster->state(), std::shared_ptr<const Place>(cluster, &cluster->place()),
                cluster->problem()};
  // Besides ours and this answer's there is one reference a look.
  if (answer.state == Answer::State::ready && cluster.use_count() - 2 >= parts_.most_looks)
    answer.state = Answer::State::busy;
  return answer;
}

void Clusters::reconfigure(const Settings& settings) {
  std::vector<std::shared_ptr<RemoteCluster>> running;
  {
    const auto state = state_.lock();
    for (const auto& [server, item] : state->running) running.push_back(item.cluster);
  }
  for (const auto& cluster : running)
    cluster->cluster().reconfigure(options_of(cluster->declared(), settings));
  // Whichever was the last reference isn't dropped here: this may be an io thread.
  auto state = state_.lock();
  std::ranges::move(running, std::back_inserter(state->retired));
  state->changed.notify_all();
}

}  // namespace tiphys::controller
