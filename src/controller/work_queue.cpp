#include "tiphys/controller/work_queue.hpp"

#include <algorithm>

namespace tiphys::controller {

WorkQueue::WorkQueue(const base::Clock& clock, Options options)
    : clock_(clock), options_(options) {}

void WorkQueue::add_locked(State& state, const Key& key) {
  if (state.stopped || !state.dirty.insert(key).second) return;
  if (!state.processing.contains(key)) state.order.push_back(key);
}

void WorkQueue::add(const Key& key) {
  {
    auto state = state_.lock();
    add_locked(*state, key);
  }
  ready_.notify_one();
}

void WorkQueue::add_after(const Key& key, std::chrono::milliseconds delay) {
  if (delay.count() <= 0) return add(key);
  {
    auto state = state_.lock();
    if (state->stopped) return;
    const base::SteadyTime at = clock_.now() + delay;
    const auto known = state->due.find(key);
    if (known != state->due.end()) {
      if (known->second <= at) return;
      const auto [first, last] = state->waiting.equal_range(known->second);
      state->waiting.erase(
          std::find_if(first, last, [&](const auto& entry) { return entry.second == key; }));
    }
    state->waiting.emplace(at, key);
    state->due.insert_or_assign(key, at);
  }
  ready_.notify_one();  // a waiting get() may now have to wake up earlier
}

std::chrono::milliseconds WorkQueue::add_rate_limited(const Key& key) {
  std::chrono::milliseconds delay{};
  {
    auto state = state_.lock();
    const int failures = state->failures[key]++;
    delay = failures >= 30 ? options_.max_delay
                           : std::min<std::chrono::milliseconds>(
                                 options_.max_delay, options_.base_delay * (1LL << failures));
  }
  add_after(key, delay);
  return delay;
}

void WorkQueue::forget(const Key& key) { state_.lock()->failures.erase(key); }

int WorkQueue::failures(const Key& key) const {
  const auto state = state_.lock();
  const auto found = state->failures.find(key);
  return found == state->failures.end() ? 0 : found->second;
}

void WorkQueue::move_due(State& state) const {
  const base::SteadyTime now = clock_.now();
  while (!state.waiting.empty() && state.waiting.begin()->first <= now) {
    const Key key = std::move(state.waiting.begin()->second);
    state.waiting.erase(state.waiting.begin());
    state.due.erase(key);
    add_locked(state, key);
  }
}

std::optional<WorkQueue::Key> WorkQueue::take(State& state) {
  if (state.order.empty()) return std::nullopt;
  Key key = std::move(state.order.front());
  state.order.pop_front();
  state.dirty.erase(key);
  state.processing.insert(key);
  return key;
}

std::optional<WorkQueue::Key> WorkQueue::try_get() {
  auto state = state_.lock();
  if (state->stopped) return std::nullopt;
  move_due(*state);
  return take(*state);
}

std::optional<WorkQueue::Key> WorkQueue::get() {
  auto state = state_.lock();
  while (!state->stopped) {
    move_due(*state);
    if (auto key = take(*state)) return key;
    if (state->waiting.empty()) {
      ready_.wait(state.handle());
    } else {
      // Waited for as a span: the Clock may be a test's, whose time points mean nothing to the
      // system.
      const auto span = state->waiting.begin()->first - clock_.now();
      ready_.wait_for(state.handle(), std::max(span, base::SteadyTime::duration(1)));
    }
  }
  return std::nullopt;
}

void WorkQueue::done(const Key& key) {
  {
    auto state = state_.lock();
    state->processing.erase(key);
    if (!state->dirty.contains(key)) return;
    state->order.push_back(key);
  }
  ready_.notify_one();
}

void WorkQueue::shut_down() {
  state_.lock()->stopped = true;
  ready_.notify_all();
}

std::size_t WorkQueue::depth() const {
  const auto state = state_.lock();
  return state->order.size();
}

}  // namespace tiphys::controller
