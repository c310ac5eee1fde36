#pragma once

#include <chrono>
#include <cstdint>

namespace tiphys::controller {

/// A reconcile's outcome: what has to happen before the application is looked at again.
struct Action {
  enum class Kind : std::uint8_t {
    await,    ///< a change: some watch, poll or annotation puts the key back
    requeue,  ///< after `delay`, or a change
    retry,    ///< after a delay that doubles with each failure in a row
  } kind = Kind::await;
  std::chrono::milliseconds delay{};

  static Action await_change() { return {}; }
  static Action requeue_after(std::chrono::milliseconds delay) { return {Kind::requeue, delay}; }
  static Action retry_later() { return {Kind::retry, {}}; }
};

}  // namespace tiphys::controller
