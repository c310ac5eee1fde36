#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace tiphys::net {

/// The threads on which all sockets and timers run. Make it first, destroy it last: clients,
/// servers and streams that were given one must be gone before it is.
class IoRuntime {
 public:
  explicit IoRuntime(int threads = 2);
  ~IoRuntime();
  IoRuntime(const IoRuntime&) = delete;
  IoRuntime& operator=(const IoRuntime&) = delete;

  /// A pending call. Copies name the same call; dropping them all does not cancel it.
  class Timer {
   public:
    Timer() = default;
    /// The call is not made, unless it has begun. Any thread; idempotent.
    void cancel();

   private:
    friend class IoRuntime;
    struct State;
    std::shared_ptr<State> state_;
  };

  /// Calls fn once on an io thread after `delay`. fn must not block and must not throw. Any thread.
  Timer after(std::chrono::milliseconds delay, std::function<void()> fn);
  /// Calls fn once on an io thread, soon. Any thread.
  void post(std::function<void()> fn);
  /// Ends the threads after what they are running now; pending calls are dropped. Idempotent. Not
  /// on an io thread.
  void stop();

  /// Is the caller an io thread (of any runtime)? Blocking calls assert that it is not.
  static bool on_io_thread();

  struct Impl;
  /// For net, kube and server only.
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tiphys::net
