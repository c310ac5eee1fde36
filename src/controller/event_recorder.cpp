#include "tiphys/controller/event_recorder.hpp"

#include <utility>

namespace tiphys::controller {

EventRecorder::EventRecorder(Send send, const base::Clock& clock, base::Logger log, Limits limits)
    : send_(std::move(send)), clock_(clock), log_(std::move(log)), limits_(limits), thread_([this] {
        run();
      }) {}

EventRecorder::~EventRecorder() { stop(); }

void EventRecorder::record(k8s::Object event) {
  {
    auto state = state_.lock();
    if (state->stopping || state->waiting.size() >= limits_.waiting) {
      log_.debug("an event was dropped", {{"waiting", std::to_string(state->waiting.size())}});
      return;
    }
    state->waiting.push_back(std::move(event));
  }
  changed_.notify_one();
}

void EventRecorder::stop() {
  {
    auto state = state_.lock();
    if (!state->stopping) state->stop_at = clock_.now() + limits_.at_stop;
    state->stopping = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void EventRecorder::run() {
  while (true) {
    auto state = state_.lock();
    changed_.wait(state.handle(), [&] { return state->stopping || !state->waiting.empty(); });
    if (state->waiting.empty() || (state->stopping && clock_.now() >= state->stop_at)) return;
    const k8s::Object event = std::move(state->waiting.front());
    state->waiting.pop_front();
    state.handle().unlock();
    const auto sent = send_(event);
    if (!sent.ok()) log_.debug("an event was not recorded", {{"error", sent.error().text()}});
  }
}

}  // namespace tiphys::controller
