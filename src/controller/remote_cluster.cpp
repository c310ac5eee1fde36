#include "remote_cluster.hpp"

#include <algorithm>

namespace tiphys::controller {

namespace {

constexpr std::chrono::seconds kConnect{10};  ///< identity and discovery
constexpr std::chrono::seconds kAnswer{5};    ///< one question
constexpr std::chrono::milliseconds kFirstDelay{500};
constexpr std::chrono::milliseconds kMostDelay{10'000};
constexpr std::chrono::milliseconds kLeastPause{200};

std::chrono::milliseconds delay_after(int failures) {
  return std::min<std::chrono::milliseconds>(kMostDelay,
                                             kFirstDelay * (1 << std::min(failures, 6)));
}

}  // namespace

RemoteCluster::RemoteCluster(Setup setup)
    : setup_(std::move(setup)),
      discovery_(*setup_.client),
      reflectors_(kube::make_reflector_factory(*setup_.client, setup_.log)),
      cluster_(*setup_.client, discovery_, *reflectors_, setup_.clock, setup_.log, setup_.options,
               live::Cluster::Listener{.changed = setup_.changed,
                                       .kinds_changed = [this] { on_kinds_changed(); }}),
      executor_(
          *setup_.client, discovery_, setup_.clock,
          [this](const k8s::ObjectKey& key) {
            const auto entry = cluster_.store()->find(key);
            return entry && entry->needs_migration;
          },
          sync::ExecutorOptions()),
      place_{*setup_.client, discovery_, cluster_, executor_},
      thread_([this] { run(); }) {}

RemoteCluster::~RemoteCluster() {
  stop_.request_stop();
  {
    auto state = state_.lock();
    state->stopping = true;
    state->changed.notify_all();
  }
  thread_.join();
  cluster_.stop();
}

Clusters::Answer::State RemoteCluster::state() const {
  using Is = Clusters::Answer::State;
  {
    const auto state = state_.lock();
    if (state->problem) return Is::down;
    if (!state->started) return Is::connecting;
  }
  return cluster_.listed() ? Is::ready : Is::connecting;
}

std::optional<base::Error> RemoteCluster::problem() const { return state_.lock()->problem; }

void RemoteCluster::on_kinds_changed() {
  {
    // A watch that broke may be the first to know that nothing answers any more.
    auto state = state_.lock();
    state->ask_now = true;
    state->changed.notify_all();
  }
  setup_.wake_users();
}

base::Status RemoteCluster::ask() {
  if (!state_.lock()->started) {
    TRY(cluster_.start(base::Deadline::after(setup_.clock, kConnect)));
    state_.lock()->started = true;
    const auto identity = cluster_.identity();
    setup_.log.info(
        "a cluster is followed",
        {{"server", setup_.declared.server}, {"cluster", identity.uid}, {"uid-of", identity.of}});
    return {};
  }
  kube::CallOptions options(base::Deadline::after(setup_.clock, kAnswer));
  options.ungated = true;  // it must not queue behind calls that hang
  options.stop = stop_.get_token();
  const auto answered = setup_.client->get_raw("/version", options);
  if (answered.ok() || answered.error().code() == base::Code::Forbidden) return {};
  return answered.error();
}

void RemoteCluster::take(const base::Status& status) {
  bool news = false;
  {
    auto state = state_.lock();
    if (state->stopping) return;
    news = !state->asked || status.ok() == state->problem.has_value();
    state->asked = true;
    state->problem.reset();
    if (!status.ok()) state->problem = status.error();
  }
  if (!news) return;
  if (status.ok()) {
    setup_.log.info("a cluster answers", {{"server", setup_.declared.server}});
  } else {
    setup_.log.warn("a cluster doesn't answer",
                    {{"server", setup_.declared.server}, {"error", status.error().text()}});
  }
  setup_.wake_users();
}

bool RemoteCluster::wait(int failures) {
  const auto begun = setup_.clock.now();
  const auto least = begun + kLeastPause;
  const auto until = begun + (failures == 0 ? setup_.heartbeat : delay_after(failures - 1));
  auto state = state_.lock();
  while (!state->stopping) {
    const auto now = setup_.clock.now();
    const bool early = state->ask_now && failures == 0;
    const auto due = early ? std::min(least, until) : until;
    if (now >= due) break;
    state->changed.wait_for(state.handle(), due - now);
  }
  state->ask_now = false;
  return !state->stopping;
}

void RemoteCluster::run() {
  int failures = 0;
  do {
    const auto status = ask();
    failures = status.ok() ? 0 : failures + 1;
    take(status);
  } while (wait(failures));
}

}  // namespace tiphys::controller
