#include "tiphys/controller/controller.hpp"

#include <random>

namespace tiphys::controller {

Controller::Controller(Parts parts, Options options)
    : parts_(std::move(parts)), options_(options) {}

Controller::~Controller() { stop(); }

void Controller::start() {
  for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

void Controller::stop() {
  parts_.queue.shut_down();
  for (auto& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
  workers_.clear();
}

void Controller::enqueue_all() {
  for (const auto& key : parts_.registry.applications()) parts_.queue.add(key);
}

void Controller::begin_leading() {
  parts_.reconciler.forget_all();
  enqueue_all();
}

std::chrono::milliseconds Controller::resync_delay() const {
  const auto settings = parts_.registry.settings();
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> jitter(0, settings.resync_jitter.count());
  return settings.resync + std::chrono::milliseconds(jitter(random));
}

void Controller::work() {
  while (const auto key = parts_.queue.get()) {
    process(*key);
    parts_.queue.done(*key);
    parts_.metrics.queue_depth(parts_.queue.depth());
  }
}

void Controller::process(const k8s::NamespacedName& key) {
  // Whoever becomes ready or the leader puts every application back.
  if (!parts_.ready() || !parts_.lease.held()) return;
  const auto begun = parts_.clock.now();
  Action action = Action::retry_later();
  try {
    action = parts_.reconciler.reconcile(key);
  } catch (const std::exception& error) {
    // The one place that stops an exception which no module expected: this application waits,
    // others go on.
    parts_.log.error("a reconcile ended in an exception",
                     {{"application", key.name}, {"error", error.what()}});
  }
  parts_.metrics.reconciled(key, parts_.clock.now() - begun);
  switch (action.kind) {
    case Action::Kind::retry:
      (void)parts_.queue.add_rate_limited(key);
      return;
    case Action::Kind::requeue:
      parts_.queue.forget(key);
      parts_.queue.add_after(key, action.delay);
      return;
    case Action::Kind::await: {
      parts_.queue.forget(key);
      const auto resync = resync_delay();
      if (resync.count() > 0) parts_.queue.add_after(key, resync);
      return;
    }
  }
}

}  // namespace tiphys::controller
