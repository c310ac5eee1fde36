#include "engine.hpp"

#include "worker_pools.hpp"

#include "tiphys/git/pack_checker.hpp"
#include "tiphys/jq/jq.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace tiphys::main {

namespace {
constexpr std::chrono::seconds kEventTimeout{10};

/// Argo CD's ARGOCD_SYNC_WAVE_DELAY, in seconds; 2 where it isn't set or no such number.
std::chrono::milliseconds wave_delay() {
  constexpr int kDefault = 2;
  constexpr int kMost = 3600;
  const char* text = std::getenv("ARGOCD_SYNC_WAVE_DELAY");  // NOLINT(concurrency-mt-unsafe)
  const std::string_view given = text == nullptr ? "" : text;
  int seconds = kDefault;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), seconds);
  const bool good = error == std::errc() && end == given.data() + given.size();
  return std::chrono::seconds(good && seconds >= 0 && seconds <= kMost ? seconds : kDefault);
}
}  // namespace

Engine::Engine(const Config& config, const base::Clock& clock, Hooks hooks)
    : config_(config),
      clock_(clock),
      hooks_(std::move(hooks)),
      sink_(std::make_shared<SpdlogSink>(config.format())),
      log_(sink_) {}

Engine::~Engine() { stop(); }

kube::Client::Options Engine::client_options() {
  kube::Client::Options options;
  options.user_agent = std::string("tiphys/") + TIPHYS_VERSION + " (" + config_.identity + ")";
  options.write_gate = hooks_.write_gate;
  options.observer = [this](std::string_view verb, std::string_view resource, int code,
                            std::chrono::nanoseconds) {
    metrics_.kube_request(verb, resource, code);
  };
  return options;
}

base::Status Engine::connect() {
  http_ = std::make_unique<net::HttpClient>(io_, clock_, net::HttpClient::Options());
  TRY_ASSIGN(auto cluster, config_.cluster());
  TRY_ASSIGN(client_,
             kube::Client::make(*http_, io_, clock_, std::move(cluster), client_options()));
  discovery_ = std::make_unique<kube::Discovery>(*client_);
  transport_ = git::make_transport(*http_);
  reflectors_ = kube::make_reflector_factory(*client_, log_);
  return {};
}

void Engine::make_registry() {
  controller::Registry::Options options;
  options.control_namespace = config_.namespace_;
  options.flags = config_.settings;
  options.take_over = config_.take_over;
  options.proxies = config_.proxies;
  controller::Registry::Listener listener;
  listener.application_changed = hooks_.wake;
  listener.everything_changed = hooks_.wake_all;
  listener.settings_changed = [this](const controller::Settings& before,
                                     const controller::Settings& settings) {
    sink_->set_level(settings.log_level);
    if (poller_) poller_->set_pace(pace(settings));
    if (render_pool_ && settings.render != before.render) set_render_limits(settings.render);
    if (cluster_ && !settings.same_objects(before)) reconfigure(settings);
  };
  registry_ = std::make_unique<controller::Registry>(*client_, *reflectors_, clock_, log_,
                                                     std::move(options), std::move(listener));
  sink_->set_level(registry_->settings().log_level);
}

base::Status Engine::open_git() {
  git::MirrorOptions mirrors;
  mirrors.root = config_.cache_dir + "/git";
  pack_pool_ = make_pack_pool(log_);
  TRY_ASSIGN(mirrors_,
             git::MirrorStore::open(mirrors, git::make_worker_checker(*pack_pool_, kPackTime)));
  git::PollerOptions options;
  TRY(config_.poll_interval());
  options.pace = pace(registry_->settings());
  git::PollerHooks hooks;
  hooks.log = log_;
  hooks.observe = [this](const git::GitRequest& request) {
    metrics_.git_request(request.repo, request.request_type, request.duration, request.ok);
  };
  poller_ = git::make_poller(*mirrors_, *transport_, clock_, options, std::move(hooks));
  source::SourceHooks source_hooks;
  source_hooks.rendered = [this] { metrics_.rendered(); };
  source_hooks.reused = [this] { metrics_.reused(); };
  source_hooks.log = log_;
  const auto render = registry_->settings().render;
  *render_limits_.lock() = render_limits(render);
  render_pool_ = make_render_pool(log_, render);
  renderer_ =
      source::make_worker_renderer(*render_pool_, [this] { return *render_limits_.lock(); });
  sources_ =
      source::make_sources(*poller_, *renderer_, source::SourceOptions(), std::move(source_hooks));
  return {};
}

void Engine::set_render_limits(const controller::RenderSettings& settings) {
  *render_limits_.lock() = render_limits(settings);
  render_pool_->reconfigure(static_cast<std::size_t>(settings.workers),
                            render_process_limits(settings));
}

git::Pace Engine::pace(const controller::Settings& settings) const {
  const auto given = config_.poll_interval();
  if (given.ok() && *given) return {.interval = **given, .jitter = **given / 2};
  return {.interval = settings.resync, .jitter = settings.resync_jitter};
}

live::ClusterOptions Engine::cluster_options(const controller::Settings& settings) const {
  live::ClusterOptions options;
  options.control_namespace = config_.namespace_;
  options.namespaces = config_.namespaces;
  options.limited_by = "this installation, which serves single namespaces (--namespaces)";
  options.tracking = settings.tracking;
  options.health_scripts = settings.health_scripts;
  options.watches = [settings](const k8s::GroupKind& kind) { return settings.watches(kind); };
  return options;
}

void Engine::make_cluster() {
  live::Cluster::Listener listener;
  listener.changed = [this](const std::set<std::string>& apps) {
    for (const auto& app : apps) hooks_.wake({config_.namespace_, app});
  };
  listener.kinds_changed = hooks_.wake_all;
  cluster_ =
      std::make_unique<live::Cluster>(*client_, *discovery_, *reflectors_, clock_, log_,
                                      cluster_options(registry_->settings()), std::move(listener));
}

void Engine::reconfigure(const controller::Settings& settings) {
  cluster_->reconfigure(cluster_options(settings));
  if (clusters_) clusters_->reconfigure(settings);
}

base::Result<std::unique_ptr<kube::Client>> Engine::client_of(
    const live::DeclaredCluster& declared) {
  TRY_ASSIGN(auto config, live::config_of(declared));
  return kube::Client::make(*http_, io_, clock_, std::move(config), client_options());
}

void Engine::make_clusters() {
  executor_ = std::make_unique<sync::Executor>(
      *client_, *discovery_, clock_,
      [this](const k8s::ObjectKey& key) {
        const auto entry = cluster_->store()->find(key);
        return entry && entry->needs_migration;
      },
      sync::ExecutorOptions());
  clusters_ = std::make_unique<controller::Clusters>(
      controller::Clusters::Parts{.http = *http_,
                                  .io = io_,
                                  .clock = clock_,
                                  .log = log_,
                                  .local = {*client_, *discovery_, *cluster_, *executor_},
                                  .local_config = [this] { return config_.cluster(); },
                                  .client = client_options(),
                                  .wake = hooks_.wake,
                                  .control_namespace = config_.namespace_,
                                  .most_looks = std::max(1, config_.workers / 2)});
}

void Engine::make_reconciler() {
  jq_pool_ = make_jq_pool(log_);
  events_ = std::make_unique<controller::EventRecorder>(
      [this](const k8s::Object& event) -> base::Status {
        static const kube::ResourceInfo kEvents{"", "v1", "events", "Event", true, {}};
        const kube::CallOptions options(base::Deadline::after(clock_, kEventTimeout));
        TRY(client_->create(kEvents, event, options));
        return {};
      },
      clock_, log_, controller::EventRecorder::Limits());
  reconciler_ = std::make_unique<controller::Reconciler>(controller::ReconcilerParts{
      clock_, log_, config_.namespace_, hooks_.read_only, *registry_, *clusters_, *poller_,
      *sources_, *client_, *events_, metrics_, hooks_.wake, wave_delay(),
      jq::make_worker_delete(*jq_pool_, kJqTime)});
}

base::Status Engine::start(base::Deadline deadline) {
  make_registry();
  TRY(open_git());
  make_cluster();
  make_clusters();
  make_reconciler();
  registry_->start();
  return cluster_->start(deadline);
}

void Engine::flush_events() {
  if (events_) events_->stop();
}

void Engine::stop() {
  // Whoever waits for a worker is told that it is over.
  if (render_pool_) render_pool_->stop();
  if (pack_pool_) pack_pool_->stop();
  if (jq_pool_) jq_pool_->stop();
  if (poller_) poller_->stop();
  if (clusters_) clusters_->stop();
  if (cluster_) cluster_->stop();
  if (registry_) registry_->stop();
  reconciler_.reset();
  events_.reset();
}

}  // namespace tiphys::main
