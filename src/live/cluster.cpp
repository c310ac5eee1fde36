#include "tiphys/live/cluster.hpp"

#include <algorithm>
#include <condition_variable>
#include <thread>

namespace tiphys::live {

namespace {

/// A CRD is served a little after it says so: discovery is asked again this long after the last
/// change.
constexpr std::chrono::milliseconds kDiscoveryDelay{100};
constexpr std::chrono::milliseconds kDiscoveryAgain{1500};
constexpr std::chrono::seconds kCallTimeout{30};

std::shared_ptr<ObjectStore> make_store(const ClusterOptions& options, const base::Clock& clock) {
  health::ScriptLimits limits;
  limits.clock = &clock;
  return std::make_shared<ObjectStore>(options.tracking,
                                       health::Scripts(options.health_scripts, limits));
}

bool changes_discovery(const k8s::GroupKind& kind) {
  return (kind.group == "apiextensions.k8s.io" && kind.kind == "CustomResourceDefinition") ||
         (kind.group == "apiregistration.k8s.io" && kind.kind == "APIService");
}

bool cannot_list(const base::Error& error) {
  using base::Code;
  return error.code() == Code::Forbidden || error.code() == Code::NotFound ||
         error.code() == Code::Invalid || error.code() == Code::Unimplemented;
}

}  // namespace

/// The watches of one kind: one part for each namespace, or one for all.
struct Cluster::Watch {
  kube::ResourceInfo resource;
  kube::Detail detail = kube::Detail::metadata;
  std::shared_ptr<ObjectStore> store;
  struct Part {
    std::string namespace_;
    std::set<k8s::ObjectKey> listed;  ///< of the list under way; touched by its reflector alone
    bool synced = false;
    std::optional<base::Error> problem;
  };
  std::vector<Part> parts;
  std::vector<std::unique_ptr<kube::Reflector>> reflectors;

  bool synced() const { return std::ranges::all_of(parts, &Part::synced); }
  const base::Error* refusal() const {
    for (const auto& part : parts) {
      if (!part.synced && part.problem && cannot_list(*part.problem)) return &*part.problem;
    }
    return nullptr;
  }
};

struct Cluster::State {
  ClusterOptions options;
  ClusterIdentity identity;
  std::map<k8s::GroupKind, std::shared_ptr<Watch>> watches;
  std::set<k8s::GroupKind> wanted_full;
  std::optional<base::SteadyTime> discover_at;
  bool discover_twice = false;
  bool resync = false;  ///< watches have to be brought in line with what is wanted
  bool stopping = false;
  std::condition_variable changed;
  std::thread maintenance;
};

Cluster::Cluster(kube::Client& client, kube::Discovery& discovery,
                 kube::ReflectorFactory& reflectors, const base::Clock& clock, base::Logger log,
                 ClusterOptions options, Listener listener)
    : client_(client),
      discovery_(discovery),
      reflectors_(reflectors),
      clock_(clock),
      log_(std::move(log)),
      listener_(std::move(listener)),
      store_(make_store(options, clock)),
      state_(std::make_unique<base::Guarded<State>>()) {
  state_->lock()->options = std::move(options);
}

Cluster::~Cluster() { stop(); }

base::Status Cluster::start(base::Deadline deadline) {
  std::string control_namespace;
  auto serves = Serves::cluster;
  {
    const auto state = state_->lock();
    control_namespace = state->options.control_namespace;
    if (!state->options.namespaces.empty()) serves = Serves::single_namespaces;
  }
  TRY_ASSIGN(auto identity, read_identity(client_, serves, control_namespace, deadline));
  state_->lock()->identity = std::move(identity);
  TRY(discovery_.refresh(deadline).context("discovery"));
  sync_watches();
  state_->lock()->maintenance = std::thread([this] { maintain(); });
  return {};
}

ClusterIdentity Cluster::identity() const { return state_->lock()->identity; }

void Cluster::stop() {
  std::thread maintenance;
  {
    auto state = state_->lock();
    state->stopping = true;
    state->changed.notify_all();
    maintenance = std::move(state->maintenance);
  }
  if (maintenance.joinable()) maintenance.join();
  std::map<k8s::GroupKind, std::shared_ptr<Watch>> watches;
  {
    auto state = state_->lock();
    watches.swap(state->watches);
  }
  for (auto& [kind, watch] : watches) watch->reflectors.clear();
}

void Cluster::ask_maintenance(bool discover) {
  auto state = state_->lock();
  if (discover) {
    state->discover_at = clock_.now() + kDiscoveryDelay;
    state->discover_twice = true;
  } else {
    state->resync = true;
  }
  state->changed.notify_all();
}

void Cluster::maintain() {
  while (true) {
    bool discover = false;
    {
      auto state = state_->lock();
      while (!state->stopping && !state->resync &&
             !(state->discover_at && *state->discover_at <= clock_.now())) {
        if (state->discover_at) {
          state->changed.wait_for(state.handle(), *state->discover_at - clock_.now());
        } else {
          state->changed.wait(state.handle());
        }
      }
      if (state->stopping) return;
      discover = state->discover_at && *state->discover_at <= clock_.now();
      state->resync = false;
      if (discover) {
        state->discover_at.reset();
        if (state->discover_twice) state->discover_at = clock_.now() + kDiscoveryAgain;
        state->discover_twice = false;
      }
    }
    if (discover) {
      const auto refreshed = discovery_.refresh(base::Deadline::after(clock_, kCallTimeout));
      if (!refreshed.ok()) log_.warn("discovery failed", {{"error", refreshed.error().text()}});
    }
    sync_watches();
    if (listener_.kinds_changed) listener_.kinds_changed();
  }
}

void Cluster::sync_watches() {
  std::vector<std::shared_ptr<Watch>>
      ended;  // destroyed without the lock: their sinks may wait for it
  {
    auto state = state_->lock();
    if (state->stopping) return;
    std::set<k8s::GroupKind> served;
    for (const auto& resource : discovery_.preferred()) {
      const auto kind = resource.group_kind();
      const bool listable = resource.can("list") && resource.can("watch");
      const bool inside = state->options.namespaces.empty() || resource.namespaced ||
                          state->options.cluster_resources;
      const bool wanted = !state->options.watches || state->options.watches(kind);
      if (!listable || !inside || !wanted) continue;
      served.insert(kind);
      const bool pods = kind.group.empty() && kind.kind == "Pod";
      const bool full = pods || state->wanted_full.contains(kind);
      const auto detail = full ? kube::Detail::full : kube::Detail::metadata;
      auto known = state->watches.find(kind);
      if (known != state->watches.end()) {
        const bool same = known->second->resource.version == resource.version &&
                          known->second->resource.plural == resource.plural;
        if (same && known->second->detail == detail) continue;
        ended.push_back(std::move(known->second));
        state->watches.erase(known);
      }
      start_watch(*state, resource, detail);
    }
    for (auto it = state->watches.begin(); it != state->watches.end();) {
      if (served.contains(it->first) || discovery_.stale(it->first.group)) {
        ++it;
        continue;
      }
      it->second->store->forget_kind(it->first);
      ended.push_back(std::move(it->second));
      it = state->watches.erase(it);
    }
  }
  for (const auto& watch : ended) watch->reflectors.clear();
}

void Cluster::start_watch(State& state, const kube::ResourceInfo& resource, kube::Detail detail) {
  auto watch = std::make_shared<Watch>();
  watch->resource = resource;
  watch->detail = detail;
  watch->store = *store_.lock();
  if (state.options.namespaces.empty() || !resource.namespaced) {
    watch->parts.emplace_back();
  } else {
    for (const auto& name : state.options.namespaces) watch->parts.push_back({name, {}, false, {}});
  }
  state.watches[resource.group_kind()] = watch;
  for (std::size_t part = 0; part < watch->parts.size(); ++part) {
    kube::WatchRequest request;
    request.resource = resource;
    request.namespace_ = watch->parts[part].namespace_;
    request.detail = detail;
    const std::weak_ptr<Watch> weak =
        watch;  // the watch owns the reflector, not the other way round
    watch->reflectors.push_back(reflectors_.start(
        std::move(request),
        [this, weak, part](const kube::WatchEvent& event) {
          if (const auto owner = weak.lock()) on_event(owner, part, event);
        },
        [this, weak, part](const kube::ReflectorStatus& status) {
          if (const auto owner = weak.lock()) on_status(owner, part, status);
        }));
  }
}

void Cluster::on_event(const std::shared_ptr<Watch>& watch, std::size_t part,
                       const kube::WatchEvent& event) {
  using Type = kube::WatchEvent::Type;
  auto& listed = watch->parts[part].listed;
  const auto detail = watch->detail == kube::Detail::full ? ObjectStore::Detail::full
                                                          : ObjectStore::Detail::metadata;
  const auto kind = watch->resource.group_kind();
  std::set<std::string> apps;
  switch (event.type) {
    case Type::Init:
      listed.clear();
      return;
    case Type::InitApply:
      listed.insert(event.object.key());
      apps = watch->store->apply(event.object, detail);
      break;
    case Type::Apply:
      apps = watch->store->apply(event.object, detail);
      break;
    case Type::Delete:
      apps = watch->store->remove(event.object.key(), event.object.uid());
      break;
    case Type::InitDone:
      apps = watch->store->retain(kind, watch->parts[part].namespace_, listed);
      listed.clear();
      break;
  }
  if (changes_discovery(kind) && (event.type == Type::Apply || event.type == Type::Delete)) {
    ask_maintenance(true);
  }
  if (!apps.empty() && listener_.changed) listener_.changed(apps);
}

void Cluster::on_status(const std::shared_ptr<Watch>& watch, std::size_t part,
                        const kube::ReflectorStatus& status) {
  bool news = false;
  {
    auto state = state_->lock();
    auto& known = watch->parts[part];
    news = known.synced != status.synced || known.problem.has_value() != status.problem.has_value();
    known.synced = status.synced;
    known.problem = status.problem;
  }
  if (status.problem) {
    log_.info("a kind can't be followed",
              {{"kind", watch->resource.group_kind().text()}, {"error", status.problem->text()}});
  }
  if (news && listener_.kinds_changed) listener_.kinds_changed();
}

bool Cluster::listed() const {
  const auto state = state_->lock();
  return std::ranges::all_of(state->watches, [](const auto& item) {
    return item.second->synced() || item.second->refusal() != nullptr;
  });
}

void Cluster::reconfigure(ClusterOptions options) {
  std::map<k8s::GroupKind, std::shared_ptr<Watch>> ended;
  {
    auto state = state_->lock();
    *store_.lock() = make_store(options, clock_);
    state->options = std::move(options);
    ended.swap(state->watches);
  }
  for (auto& [kind, watch] : ended) watch->reflectors.clear();
  ask_maintenance(false);
}

bool Cluster::use(const std::set<k8s::GroupKind>& kinds) {
  bool ready = true;
  bool resync = false;
  {
    auto state = state_->lock();
    for (const auto& kind : kinds) {
      const auto watch = state->watches.find(kind);
      if (watch == state->watches.end()) continue;  // not served, not listable or excluded
      if (watch->second->detail == kube::Detail::full) {
        ready = ready && (watch->second->synced() || watch->second->refusal() != nullptr);
        continue;
      }
      ready = false;
      resync = state->wanted_full.insert(kind).second || resync;
    }
  }
  if (resync) ask_maintenance(false);
  return ready;
}

std::set<k8s::GroupKind> Cluster::unlistable() const {
  std::set<k8s::GroupKind> kinds;
  const auto state = state_->lock();
  for (const auto& [kind, watch] : state->watches) {
    if (watch->refusal() != nullptr) kinds.insert(kind);
  }
  return kinds;
}

std::vector<std::pair<k8s::GroupKind, std::string>> Cluster::blocked_kinds(
    const std::set<k8s::GroupKind>& kinds) const {
  std::vector<std::pair<k8s::GroupKind, std::string>> blocked;
  const auto state = state_->lock();
  for (const auto& [kind, watch] : state->watches) {
    const auto* refusal = watch->refusal();
    if (refusal != nullptr && kinds.contains(kind)) blocked.emplace_back(kind, refusal->text());
  }
  return blocked;
}

std::optional<api::Scope> Cluster::scope_of(const k8s::GroupKind& kind) const {
  const auto resource = discovery_.resource(kind);
  if (!resource) return std::nullopt;
  return resource->namespaced ? api::Scope::namespaced : api::Scope::cluster;
}

bool Cluster::namespace_exists(const std::string& name) const {
  {
    const auto state = state_->lock();
    const auto& options = state->options;
    if (!options.namespaces.empty() && !options.cluster_resources) return true;  // can't be seen
  }
  const auto entry = store()->find({"", "Namespace", "", name});
  return entry && !entry->deleting;
}

std::optional<std::string> Cluster::scope_problem(const std::string& destination_namespace,
                                                  bool create_namespace) const {
  const auto state = state_->lock();
  const auto& options = state->options;
  if (options.namespaces.empty()) return std::nullopt;
  if (std::ranges::find(options.namespaces, destination_namespace) == options.namespaces.end()) {
    return "namespace '" + destination_namespace + "' is not managed by " + options.limited_by;
  }
  if (create_namespace && !options.cluster_resources) {
    return "not supported: syncOptions CreateNamespace=true where single namespaces are managed "
           "by " +
           options.limited_by;
  }
  return std::nullopt;
}

std::vector<std::string> Cluster::outside_problems(const std::vector<k8s::Object>& objects) const {
  std::vector<std::string> problems;
  const ClusterOptions options = state_->lock()->options;
  const auto& namespaces = options.namespaces;
  if (namespaces.empty()) return problems;
  for (const auto& object : objects) {
    const auto key = object.key();
    const std::string name = key.group_kind().text() + " " + key.name;
    if (scope_of(key.group_kind()) == api::Scope::cluster) {
      if (options.cluster_resources) continue;
      problems.push_back("cluster-scoped " + name + " is not managed by " + options.limited_by);
    } else if (std::ranges::find(namespaces, key.namespace_) == namespaces.end()) {
      problems.push_back("namespace '" + key.namespace_ + "' of " + name + " is not managed by " +
                         options.limited_by);
    }
  }
  return problems;
}

void Cluster::read_again(const k8s::ObjectKey& key) {
  const auto resource = discovery_.resource(key.group_kind());
  if (!resource) return;
  const auto read =
      client_.get(*resource, key.namespace_, key.name, base::Deadline::after(clock_, kCallTimeout));
  const auto store = *store_.lock();
  if (read.ok()) {
    (void)store->apply(*read, ObjectStore::Detail::full);
  } else if (read.error().code() == base::Code::NotFound) {
    (void)store->remove(key, "");
  }
}

}  // namespace tiphys::live
