#include "tiphys/controller/registry.hpp"

#include "resources.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/live/object_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::controller {

namespace {

constexpr std::string_view kApplications = "applications";
constexpr std::string_view kProjects = "projects";
constexpr std::string_view kSecrets = "secrets";
constexpr std::string_view kArgocdCm = "argocd-cm";
constexpr std::string_view kParamsCm = "argocd-cmd-params-cm";
constexpr std::string_view kTlsCm = "argocd-tls-certs-cm";
constexpr std::string_view kDeployments = "deployments";
constexpr std::string_view kStatefulSets = "statefulsets";

k8s::NamespacedName name_of(const k8s::Object& object) {
  return {std::string(object.namespace_()), std::string(object.name())};
}

ConfigData data_of(const k8s::Object& config_map) {
  ConfigData data;
  for (const auto& [key, text] : config_map.tree()["data"].entries()) data[key] = text.text();
  return data;
}

}  // namespace

struct Registry::State {
  struct Collection {
    std::map<k8s::NamespacedName, k8s::Object> objects;
    std::set<k8s::NamespacedName> listed;
    kube::ReflectorStatus status;
  };
  struct Expected {
    std::string uid;
    std::uint64_t version = 0;
    base::SteadyTime since;
  };
  std::map<std::string, Collection, std::less<>> collections;
  std::map<k8s::NamespacedName, Expected> expected;
  std::shared_ptr<const source::Repositories> repositories =
      std::make_shared<const source::Repositories>();
  std::shared_ptr<const live::DeclaredClusters> clusters =
      std::make_shared<const live::DeclaredClusters>();
  Settings settings;
  std::optional<base::Error> settings_error;

  Collection& of(std::string_view what) { return collections.find(what)->second; }
};

Registry::Registry(kube::Client& client, kube::ReflectorFactory& reflectors,
                   const base::Clock& clock, base::Logger log, Options options, Listener listener)
    : client_(client),
      reflectors_(reflectors),
      clock_(clock),
      log_(std::move(log)),
      options_(std::move(options)),
      listener_(std::move(listener)),
      state_(std::make_unique<base::Guarded<State>>()) {
  auto state = state_->lock();
  for (const auto what : {kApplications, kProjects, kSecrets, kArgocdCm, kParamsCm, kTlsCm,
                          kDeployments, kStatefulSets}) {
    state->collections.emplace(what, State::Collection());
  }
  auto settings = resolve_settings(options_.flags, {}, {});
  if (settings.ok()) state->settings = *std::move(settings);
}

Registry::~Registry() { stop(); }

void Registry::watch(std::string_view what, kube::WatchRequest request) {
  request.namespace_ = options_.control_namespace;
  running_.push_back(reflectors_.start(
      std::move(request), [this, what](const kube::WatchEvent& event) { on_event(what, event); },
      [this, what](const kube::ReflectorStatus& status) {
        {
          auto state = state_->lock();
          state->of(what).status = status;
        }
        if (status.problem) {
          log_.warn("the control namespace can't be followed",
                    {{"what", std::string(what)}, {"error", status.problem->text()}});
        }
        listener_.everything_changed();
      }));
}

void Registry::start() {
  const auto request = [](kube::ResourceInfo resource) {
    kube::WatchRequest made;
    made.resource = std::move(resource);
    return made;
  };
  watch(kApplications, request(application_resource()));
  watch(kProjects, request(project_resource()));
  auto secrets = request({"", "v1", "secrets", "Secret", true, {}});
  secrets.label_selector =
      std::string(api::kSecretTypeLabel) + " in (repository,repo-creds,cluster)";
  watch(kSecrets, std::move(secrets));
  for (const auto name : {kArgocdCm, kParamsCm, kTlsCm}) {
    auto config = request({"", "v1", "configmaps", "ConfigMap", true, {}});
    config.field_selector = "metadata.name=" + std::string(name);
    watch(name, std::move(config));
  }
  for (const auto& [what, kind] :
       {std::pair(kDeployments, "Deployment"), std::pair(kStatefulSets, "StatefulSet")}) {
    auto workload = request({"apps", "v1", std::string(what), kind, true, {}});
    workload.detail = kube::Detail::metadata;
    workload.label_selector = "app.kubernetes.io/name=argocd-application-controller";
    watch(what, std::move(workload));
  }
}

void Registry::stop() { running_.clear(); }

void Registry::on_event(std::string_view what, const kube::WatchEvent& event) {
  using Type = kube::WatchEvent::Type;
  std::vector<k8s::NamespacedName> changed;
  {
    auto state = state_->lock();
    auto& collection = state->of(what);
    switch (event.type) {
      case Type::Init:
        collection.listed.clear();
        return;
      case Type::InitApply:
        collection.listed.insert(name_of(event.object));
        [[fallthrough]];
      case Type::Apply:
        collection.objects.insert_or_assign(name_of(event.object), event.object);
        changed.push_back(name_of(event.object));
        break;
      case Type::Delete:
        collection.objects.erase(name_of(event.object));
        changed.push_back(name_of(event.object));
        break;
      case Type::InitDone:
        std::erase_if(collection.objects, [&](const auto& item) {
          if (collection.listed.contains(item.first)) return false;
          changed.push_back(item.first);
          return true;
        });
        break;
    }
  }
  if (what == kApplications) {
    for (const auto& key : changed) listener_.application_changed(key);
    return;
  }
  if (event.type == Type::InitApply) return;  // InitDone follows
  if (what == kSecrets || what == kTlsCm) read_secrets();
  if (what == kArgocdCm || what == kParamsCm) resolve();
  listener_.everything_changed();
}

void Registry::read_secrets() {
  // Read when a Secret or a certificate changes, not at every look at an application.
  auto state = state_->lock();
  std::vector<k8s::Object> secrets;
  for (const auto& [key, object] : state->of(kSecrets).objects) secrets.push_back(object);
  source::Surroundings surroundings;
  for (const auto& [key, object] : state->of(kTlsCm).objects) {
    surroundings.certificates = data_of(object);
  }
  surroundings.proxies = options_.proxies;
  state->repositories = std::make_shared<const source::Repositories>(
      source::Repositories::from(secrets, std::move(surroundings)));
  state->clusters = std::make_shared<const live::DeclaredClusters>(secrets);
}

void Registry::resolve() {
  std::optional<Settings> changed;
  Settings before;
  {
    auto state = state_->lock();
    const auto data = [&](std::string_view what) {
      const auto& objects = state->of(what).objects;
      return objects.empty() ? ConfigData() : data_of(objects.begin()->second);
    };
    auto settings = resolve_settings(options_.flags, data(kParamsCm), data(kArgocdCm));
    if (!settings.ok()) {
      log_.error("the settings before hold", {{"error", settings.error().text()}});
      state->settings_error = std::move(settings).error();
      return;
    }
    state->settings_error.reset();
    if (settings->rows != state->settings.rows) changed = *settings;
    before = std::exchange(state->settings, *std::move(settings));
  }
  if (changed) listener_.settings_changed(before, *changed);
}

bool Registry::ready() const {
  const auto state = state_->lock();
  return std::ranges::all_of(state->collections, [](const auto& item) {
    const bool may_fail = item.first == kDeployments || item.first == kStatefulSets;
    return item.second.status.synced || (may_fail && item.second.status.problem);
  });
}

std::optional<base::Error> Registry::problem() const {
  const auto state = state_->lock();
  for (const auto& [what, collection] : state->collections) {
    if (what == kDeployments || what == kStatefulSets || collection.status.synced) continue;
    if (collection.status.problem) return collection.status.problem;
  }
  return std::nullopt;
}

std::vector<k8s::NamespacedName> Registry::applications() const {
  std::vector<k8s::NamespacedName> keys;
  const auto state = state_->lock();
  for (const auto& [key, object] : state->of(kApplications).objects) keys.push_back(key);
  return keys;
}

std::optional<k8s::Object> Registry::application(const k8s::NamespacedName& key) const {
  const auto state = state_->lock();
  const auto& objects = state->of(kApplications).objects;
  const auto found = objects.find(key);
  if (found == objects.end()) return std::nullopt;
  return found->second;
}

std::optional<k8s::Object> Registry::project(std::string_view name) const {
  const auto state = state_->lock();
  const auto& objects = state->of(kProjects).objects;
  const auto found = objects.find({options_.control_namespace, std::string(name)});
  if (found == objects.end()) return std::nullopt;
  return found->second;
}

void Registry::add_clusters(api::Project& project) const {
  if (!project.permit_only_project_scoped_clusters) return;
  project.own_clusters = clusters()->of_project(project.key.name);
}

std::shared_ptr<const live::DeclaredClusters> Registry::clusters() const {
  return state_->lock()->clusters;
}

std::shared_ptr<const source::Repositories> Registry::repositories() const {
  return state_->lock()->repositories;
}

Settings Registry::settings() const { return state_->lock()->settings; }

std::optional<base::Error> Registry::settings_error() const {
  return state_->lock()->settings_error;
}

bool Registry::shadow() const {
  if (options_.take_over) return false;
  const auto state = state_->lock();
  return std::ranges::any_of(std::array{kDeployments, kStatefulSets}, [&](std::string_view what) {
    const auto& collection = state->of(what);
    return !collection.status.synced || !collection.objects.empty();
  });
}

void Registry::wrote(const k8s::NamespacedName& key, std::string_view uid,
                     std::string_view version) {
  auto state = state_->lock();
  state->expected.insert_or_assign(
      key, State::Expected{std::string(uid), live::version_number(version), clock_.now()});
}

bool Registry::caught_up(const k8s::NamespacedName& key) {
  {
    auto state = state_->lock();
    const auto expected = state->expected.find(key);
    if (expected == state->expected.end()) return true;
    const auto& objects = state->of(kApplications).objects;
    const auto seen = objects.find(key);
    const bool newer =
        seen == objects.end() || seen->second.uid() != expected->second.uid ||
        live::version_number(seen->second.resource_version()) >= expected->second.version;
    if (newer) {
      state->expected.erase(expected);
      return true;
    }
    if (clock_.now() - expected->second.since < kOwnWriteLimit) return false;
    state->expected.erase(expected);
  }
  const auto read = client_.get(application_resource(), key.namespace_, key.name,
                                base::Deadline::after(clock_, kOwnCallTimeout));
  auto state = state_->lock();
  if (read.ok()) {
    state->of(kApplications).objects.insert_or_assign(key, *read);
  } else if (read.error().code() == base::Code::NotFound) {
    state->of(kApplications).objects.erase(key);
  }
  return true;
}

}  // namespace tiphys::controller
