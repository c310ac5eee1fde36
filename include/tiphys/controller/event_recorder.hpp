#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>

namespace tiphys::controller {

/// Sends Kubernetes Events beside the work that they tell of, in the order of record(): nobody
/// waits for one, and one that can't be sent is dropped with a line in the log (client-go
/// tools/record does the same). Any thread may call record().
class EventRecorder {
 public:
  /// One Event to the API server. Blocking; called by the recorder's own thread.
  using Send = std::function<base::Status(const k8s::Object& event)>;
  struct Limits {
    std::size_t waiting = 5000;                ///< more are dropped, the newest first
    std::chrono::milliseconds at_stop{5'000};  ///< for what still waits when stop() is called
  };

  EventRecorder(Send send, const base::Clock& clock, base::Logger log, Limits limits);
  ~EventRecorder();
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;

  void record(k8s::Object event);
  /// Sends what waits, within the limit, and ends the thread; later events are dropped.
  void stop();
  bool stopping() const { return state_.lock()->stopping; }

 private:
  struct State {
    std::deque<k8s::Object> waiting;
    bool stopping = false;
    base::SteadyTime stop_at{};
  };
  void run();

  Send send_;
  const base::Clock& clock_;
  base::Logger log_;
  Limits limits_;
  base::Guarded<State> state_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace tiphys::controller
