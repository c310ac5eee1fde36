#include "tiphys/worker/pool.hpp"

#include "worker/conversation.hpp"
#include "worker/process.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <list>
#include <thread>
#include <utility>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

constexpr std::chrono::seconds kStartPatience{20};
constexpr std::chrono::seconds kPauseAfterFailure{1};

class ProcessPool final : public Pool {
 public:
  ProcessPool(PoolOptions options, PoolHooks hooks)
      : warm_(options.warm), hooks_(std::move(hooks)) {
    options.size = std::max<std::size_t>(options.size, 1);
    state_.lock()->options = std::make_shared<const PoolOptions>(std::move(options));
    keeper_ = std::thread([this] { keep(); });
  }
  ~ProcessPool() override { stop(); }
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  base::Result<std::string> run(const Task& task) override;
  Counts counts() const override;
  void reconfigure(std::size_t size, const ProcessLimits& limits) override;
  void stop() override;

 private:
  using Held = std::unique_ptr<Process>;
  struct State {
    std::shared_ptr<const PoolOptions> options;
    std::deque<Held> fresh;  ///< no job yet
    std::list<Held> used;    ///< idle; the last used first
    std::deque<Held> gone;   ///< to be ended by the keeper, which has the time
    std::size_t running = 0;
    std::size_t waiting = 0;  ///< callers that need a fresh one
    std::uint64_t failures = 0;
    std::string failure;
    Counts counts;
  };

  base::Result<Held> take(const Task& task);
  static Held take_used(State& state, const std::string& scope);
  void give_back(Held process, const Conversation& talk);
  void keep();
  bool start_one();
  bool wants_fresh(const State& state) const;

  const std::size_t warm_;
  PoolHooks hooks_;
  bool warned_ = false;  ///< the keeper's
  std::atomic<bool> stopped_ = false;
  mutable base::Guarded<State> state_;
  std::condition_variable changed_;  ///< for callers
  std::condition_variable work_;     ///< for the keeper
  std::thread keeper_;
};

/// One more than needed is kept fresh while others wait used, so that a new scope needn't wait.
bool ProcessPool::wants_fresh(const State& state) const {
  // Those who wait for a job to end get a process of those that there are.
  const std::size_t size = state.options->size;
  const std::size_t places = size - std::min(size, state.running);
  std::size_t wanted = std::min(state.waiting, places);
  if (warm_ > 0) {
    const std::size_t used = std::min(state.used.size(), warm_);
    wanted = std::max({wanted, warm_ - used, std::size_t{1}});
  }
  return state.fresh.size() < wanted;
}

ProcessPool::Held ProcessPool::take_used(State& state, const std::string& scope) {
  for (auto it = state.used.begin(); it != state.used.end();) {
    if ((*it)->scope != scope) {
      ++it;
      continue;
    }
    Held process = std::move(*it);
    it = state.used.erase(it);
    if (process->idle()) return process;
    state.gone.push_back(std::move(process));
  }
  return nullptr;
}

base::Result<ProcessPool::Held> ProcessPool::take(const Task& task) {
  const auto until = std::chrono::steady_clock::now() + task.time;
  auto state = state_.lock();
  const std::uint64_t failures = state->failures;
  for (;;) {
    if (stopped_.load()) return Error(Code::Canceled, task.job + ": the workers were stopped");
    if (state->running < state->options->size) {
      Held process = take_used(*state, task.scope);
      while (!process && !state->fresh.empty()) {
        process = std::move(state->fresh.front());
        state->fresh.pop_front();
        if (!process->idle()) state->gone.push_back(std::exchange(process, nullptr));
      }
      if (process) {
        ++state->running;
        work_.notify_one();
        return process;
      }
    }
    if (state->failures != failures)
      return Error(Code::Unavailable, fmt::format("{}: {}", task.job, state->failure));
    ++state->waiting;
    work_.notify_one();
    const auto woken = changed_.wait_until(state.handle(), until);
    --state->waiting;
    if (woken == std::cv_status::timeout && std::chrono::steady_clock::now() >= until)
      return Error(Code::Unavailable, fmt::format("{}: no worker process was free for {} ms",
                                                  task.job, task.time.count()));
  }
}

void ProcessPool::give_back(Held process, const Conversation& talk) {
  const bool lost = !talk.ended.empty() && talk.ended != kStopped;
  if (hooks_.ended && !talk.reusable) hooks_.ended(talk.ended.empty() ? "retired" : talk.ended);
  {
    auto state = state_.lock();
    --state->running;
    if (lost) ++state->counts.lost;
    if (!talk.reusable || warm_ == 0 || process->options() != state->options) {
      state->gone.push_back(std::move(process));
    } else {
      state->used.push_front(std::move(process));
      // The least recently used makes room.
      while (state->used.size() > warm_) {
        state->gone.push_back(std::move(state->used.back()));
        state->used.pop_back();
      }
    }
  }
  changed_.notify_all();
  work_.notify_one();
}

base::Result<std::string> ProcessPool::run(const Task& task) {
  const base::SystemClock clock;
  const auto began = clock.now();
  base::Result<std::string> outcome = Error(Code::Internal, "");
  // Processes that died while they were idle cost nobody a job; all of them may have.
  const std::size_t tries = 2 * warm_ + 2;
  for (std::size_t i = 0; i < tries; ++i) {
    auto taken = take(task);
    if (!taken.ok()) return std::move(taken).error();
    Held process = *std::move(taken);
    process->scope = task.scope;
    ++process->jobs;
    Conversation talk = converse(*process, task, *process->options(), stopped_);
    if (!talk.ended.empty() && talk.ended != kStopped)
      hooks_.log.warn("a worker process was lost", {{"job", task.job},
                                                    {"scope", task.scope},
                                                    {"cause", talk.ended},
                                                    {"error", talk.outcome.error().text()}});
    give_back(std::move(process), talk);
    outcome = std::move(talk.outcome);
    if (talk.begun || talk.ended == "time" || talk.ended == kStopped) break;
  }
  if (hooks_.done) hooks_.done(task.job, clock.now() - began, outcome.ok());
  return outcome;
}

/// Outside the lock. False: it failed.
bool ProcessPool::start_one() {
  const auto options = state_.lock()->options;
  auto started = Process::start(options, kStartPatience);
  // It may have been the first victim of a shortage that is over.
  if (!started.ok()) started = Process::start(options, kStartPatience);
  const bool good = started.ok();
  if (good && !(*started)->unconfined().empty() && !std::exchange(warned_, true))
    hooks_.log.warn("worker processes are not fully confined",
                    {{"reason", (*started)->unconfined()}});
  if (good && hooks_.started) hooks_.started();
  if (!good)
    hooks_.log.error("a worker process can't be started", {{"error", started.error().text()}});
  {
    auto state = state_.lock();
    if (good) {
      ++state->counts.started;
      auto& place = options == state->options ? state->fresh : state->gone;
      place.push_back(*std::move(started));
    } else {
      ++state->failures;
      state->failure = started.error().text();
    }
  }
  changed_.notify_all();
  return good;
}

/// The thread that starts and ends processes: a child lives as long as the thread that made it.
void ProcessPool::keep() {
  auto pause_until = std::chrono::steady_clock::time_point::min();
  for (;;) {
    std::deque<Held> gone;
    bool start = false;
    {
      auto state = state_.lock();
      for (;;) {
        const auto now = std::chrono::steady_clock::now();
        const bool wanted = wants_fresh(*state);
        start = wanted && now >= pause_until;
        if (stopped_.load() || start || !state->gone.empty()) break;
        if (wanted)
          work_.wait_until(state.handle(), pause_until);
        else
          work_.wait(state.handle());
      }
      gone.swap(state->gone);
    }
    if (stopped_.load()) break;
    gone.clear();
    if (start && !start_one()) pause_until = std::chrono::steady_clock::now() + kPauseAfterFailure;
  }
  // The end of this thread is the end of its processes: those who wait for one tell it first.
  auto state = state_.lock();
  while (state->running > 0) work_.wait(state.handle());
}

Pool::Counts ProcessPool::counts() const {
  const auto state = state_.lock();
  Counts out = state->counts;
  out.running = state->running;
  out.ready = state->fresh.size() + state->used.size();
  return out;
}

void ProcessPool::reconfigure(std::size_t size, const ProcessLimits& limits) {
  {
    auto state = state_.lock();
    PoolOptions next = *state->options;
    next.size = std::max<std::size_t>(size, 1);
    next.limits = limits;
    state->options = std::make_shared<const PoolOptions>(std::move(next));
    std::ranges::move(state->fresh, std::back_inserter(state->gone));
    state->fresh.clear();
    std::ranges::move(state->used, std::back_inserter(state->gone));
    state->used.clear();
  }
  changed_.notify_all();
  work_.notify_one();
}

void ProcessPool::stop() {
  {
    auto state = state_.lock();
    stopped_.store(true);
    changed_.notify_all();
    work_.notify_all();
    while (state->running > 0) changed_.wait(state.handle());
  }
  if (keeper_.joinable()) keeper_.join();
  auto state = state_.lock();
  state->fresh.clear();
  state->used.clear();
  state->gone.clear();
}

}  // namespace

std::unique_ptr<Pool> make_pool(PoolOptions options, PoolHooks hooks) {
  return std::make_unique<ProcessPool>(std::move(options), std::move(hooks));
}

}  // namespace tiphys::worker
