#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/k8s/names.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace tiphys::controller {

/// The work queue of client-go (util/workqueue: queue.go, delaying_queue.go,
/// default_rate_limiters.go):
///  - fair: keys come out in the order in which they went in;
///  - stingy: a key that is added many times before it is taken comes out once;
///  - never two workers on one key: one that is added while it is processed comes out again after
///  done();
///  - delays, and a delay that grows with each failure of a key.
/// Any thread may call any method. Time comes from the Clock.
class WorkQueue {
 public:
  using Key = k8s::NamespacedName;
  struct Options {
    std::chrono::milliseconds base_delay{5};
    std::chrono::milliseconds max_delay{60'000};
  };

  WorkQueue(const base::Clock& clock, Options options);

  void add(const Key& key);
  /// Adds the key once `delay` has passed. Of several delays for one key the earliest holds.
  void add_after(const Key& key, std::chrono::milliseconds delay);
  /// Adds the key after base_delay * 2^failures, at most max_delay; counts one failure.
  std::chrono::milliseconds add_rate_limited(const Key& key);
  /// Forgets the failures of a key.
  void forget(const Key& key);
  int failures(const Key& key) const;

  /// Waits for a key and marks it as being processed; nullopt after shut_down(). Each get() needs a
  /// done().
  std::optional<Key> get();
  /// As get(), without waiting.
  std::optional<Key> try_get();
  void done(const Key& key);

  /// Wakes every get(); no key comes out afterwards.
  void shut_down();
  /// Keys that wait to be taken, delayed ones not counted.
  std::size_t depth() const;

 private:
  struct State {
    std::deque<Key> order;
    std::unordered_set<Key> dirty;
    std::unordered_set<Key> processing;
    std::multimap<base::SteadyTime, Key> waiting;
    std::unordered_map<Key, base::SteadyTime> due;
    std::unordered_map<Key, int> failures;
    bool stopped = false;
  };

  static void add_locked(State& state, const Key& key);
  void move_due(State& state) const;
  static std::optional<Key> take(State& state);

  const base::Clock& clock_;
  Options options_;
  base::Guarded<State> state_;
  std::condition_variable ready_;
};

}  // namespace tiphys::controller
