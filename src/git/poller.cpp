#include "tiphys/git/poller.hpp"

#include "git/poll_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;
using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{5'000};
constexpr milliseconds kLongestNap{60'000};

struct State {
  Pace pace;
  std::map<std::string, std::shared_ptr<PollEntry>> entries;
  std::uint64_t next_listener = 1;
  std::mt19937_64 random{std::random_device{}()};
  bool stopping = false;
};

/// What one poll brought.
struct Outcome {
  std::shared_ptr<Mirror> mirror;
  std::shared_ptr<const Refs> refs;
  std::optional<Error> error;
};

class ThreadedPoller final : public Poller {
 public:
  ThreadedPoller(MirrorStore& store, Transport& transport, const base::Clock& clock,
                 PollerOptions options, PollerHooks hooks);
  ~ThreadedPoller() override { stop(); }
  ThreadedPoller(const ThreadedPoller&) = delete;
  ThreadedPoller& operator=(const ThreadedPoller&) = delete;

  std::unique_ptr<Subscription> subscribe(const Repository& repository, Listener listener) override;
  Ticket request_refresh(const Repository& repository) override;
  RevisionState ensure(const Repository& repository, std::string_view target,
                       Ticket ticket) override;
  base::Result<std::shared_ptr<const base::FileTree>> tree(const Repository& repository,
                                                           std::string_view commit) override;
  base::Result<CommitInfo> commit(const Repository& repository, std::string_view id) override;
  base::Status keep(const Repository& repository, std::string_view commit) override;
  void set_pace(const Pace& pace) override;
  void wake() override { changed_.notify_all(); }
  void stop() override;
  void unsubscribe(const std::string& key, std::uint64_t listener);

 private:
  void run();
  std::shared_ptr<PollEntry> next_due(base::Guarded<State>::Lock& state);
  void nap(base::Guarded<State>::Lock& state);
  Outcome poll(const Repository& repository);
  Outcome failure(Outcome outcome, Error error, const Repository& repository,
                  std::string_view what) const;
  void finish(PollEntry& entry, Outcome outcome, Ticket ticket, std::uint64_t number);
  base::SteadyTime next_poll(const PollEntry& entry, State& state) const;
  Limits limits(milliseconds total) const {
    return {.deadline = base::Deadline::after(base::SystemClock(), total),
            .silence = options_.silence,
            .stop = stop_.get_token()};
  }
  void observe(const Repository& repository, std::string_view type, base::SteadyTime begun,
               bool ok) const;

  MirrorStore& store_;
  Remote remote_;
  const base::Clock& clock_;
  PollerOptions options_;
  PollerHooks hooks_;
  std::stop_source stop_;
  base::Guarded<State> state_;
  std::condition_variable changed_;
  std::vector<std::jthread> threads_;
};

class PollSubscription final : public Poller::Subscription {
 public:
  PollSubscription(ThreadedPoller& poller, std::string key, std::uint64_t id,
                   std::shared_ptr<ListenerBox> box)
      : poller_(poller), key_(std::move(key)), id_(id), box_(std::move(box)) {}
  ~PollSubscription() override {
    poller_.unsubscribe(key_, id_);
    *box_->lock() = nullptr;
  }
  PollSubscription(const PollSubscription&) = delete;
  PollSubscription& operator=(const PollSubscription&) = delete;

 private:
  ThreadedPoller& poller_;
  std::string key_;
  std::uint64_t id_;
  std::shared_ptr<ListenerBox> box_;
};

ThreadedPoller::ThreadedPoller(MirrorStore& store, Transport& transport, const base::Clock& clock,
                               PollerOptions options, PollerHooks hooks)
    : store_(store),
      remote_(transport),
      clock_(clock),
      options_(options),
      hooks_(std::move(hooks)) {
  state_.lock()->pace = options_.pace;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.threads); ++i)
    threads_.emplace_back([this] { run(); });
}

void ThreadedPoller::stop() {
  state_.lock()->stopping = true;
  stop_.request_stop();
  changed_.notify_all();
  threads_.clear();
}

std::unique_ptr<Poller::Subscription> ThreadedPoller::subscribe(const Repository& repository,
                                                                Listener listener) {
  const std::string key = repository.key();
  auto box = std::make_shared<ListenerBox>(std::move(listener));
  std::uint64_t id = 0;
  {
    auto state = state_.lock();
    auto& entry = state->entries[key];
    if (!entry) entry = std::make_shared<PollEntry>(repository);
    entry->adopt(repository);
    id = state->next_listener++;
    entry->listeners.emplace(id, box);
  }
  changed_.notify_all();
  return std::make_unique<PollSubscription>(*this, key, id, std::move(box));
}

void ThreadedPoller::unsubscribe(const std::string& key, std::uint64_t listener) {
  auto state = state_.lock();
  const auto it = state->entries.find(key);
  if (it == state->entries.end()) return;
  it->second->listeners.erase(listener);
  if (it->second->listeners.empty() && !it->second->running) state->entries.erase(it);
}

Ticket ThreadedPoller::request_refresh(const Repository& repository) {
  Ticket ticket = 0;
  {
    auto state = state_.lock();
    const auto it = state->entries.find(repository.key());
    if (it == state->entries.end()) return 0;
    it->second->adopt(repository);
    it->second->wanted = true;
    ticket = ++it->second->issued;
  }
  changed_.notify_all();
  return ticket;
}

RevisionState ThreadedPoller::ensure(const Repository& repository, std::string_view target,
                                     Ticket ticket) {
  const std::string key = repository.key();
  std::shared_ptr<const Refs> refs;
  std::shared_ptr<Mirror> mirror;
  {
    auto state = state_.lock();
    const auto it = state->entries.find(key);
    if (it == state->entries.end())
      return failed(Error(Code::Internal, "nobody subscribed to the repository"), clock_.wall());
    PollEntry& entry = *it->second;
    if (entry.adopt(repository)) changed_.notify_all();
    if (auto early = entry.without_refs(ticket)) {
      entry.ask(target, clock_.wall());
      return *std::move(early);
    }
    refs = entry.refs;
    mirror = entry.mirror;
  }
  // Looks into the mirror's files: not under the lock.
  auto found = resolve_revision(*refs, target, *mirror);
  if (found.ok() && !mirror->has_commit(found->commit))
    found =
        Error(Code::NotFound, fmt::format("'{}' doesn't name a commit of the repository", target));
  RevisionState out;
  {
    auto state = state_.lock();
    const auto it = state->entries.find(key);
    if (it == state->entries.end())
      return failed(Error(Code::Internal, "nobody subscribed to the repository"), clock_.wall());
    PollEntry& entry = *it->second;
    if (found.ok()) {
      if (const auto ask = entry.asks.find(target); ask != entry.asks.end()) entry.asks.erase(ask);
      return entry.ready(*std::move(found));
    }
    out = entry.unresolved(target, found.error(), clock_.wall());
  }
  changed_.notify_all();
  return out;
}

base::Result<std::shared_ptr<const base::FileTree>> ThreadedPoller::tree(
    const Repository& repository, std::string_view commit) {
  TRY_ASSIGN(auto mirror, store_.mirror(repository));
  return mirror->tree(commit);
}

base::Result<CommitInfo> ThreadedPoller::commit(const Repository& repository, std::string_view id) {
  TRY_ASSIGN(auto mirror, store_.mirror(repository));
  return mirror->commit(id);
}

base::Status ThreadedPoller::keep(const Repository& repository, std::string_view commit) {
  TRY_ASSIGN(auto mirror, store_.mirror(repository));
  return mirror->keep(commit);
}

void ThreadedPoller::run() {
  auto state = state_.lock();
  while (!state->stopping) {
    const auto entry = next_due(state);
    if (!entry) {
      nap(state);
      continue;
    }
    const Ticket ticket = entry->issued;
    const std::uint64_t number = ++entry->started;
    const Repository repository = entry->repo;
    entry->running = true;
    entry->wanted = false;
    state.handle().unlock();
    Outcome outcome = poll(repository);
    if (!stop_.stop_requested()) finish(*entry, std::move(outcome), ticket, number);
    state.handle().lock();
  }
}

std::shared_ptr<PollEntry> ThreadedPoller::next_due(base::Guarded<State>::Lock& state) {
  const base::SteadyTime now = clock_.now();
  std::shared_ptr<PollEntry> best;
  for (const auto& [key, entry] : state->entries)
    if (entry->is_due(now) && (!best || entry->due < best->due)) best = entry;
  return best;
}

void ThreadedPoller::nap(base::Guarded<State>::Lock& state) {
  milliseconds span = kLongestNap;
  const base::SteadyTime now = clock_.now();
  for (const auto& [key, entry] : state->entries)
    if (!entry->running && !entry->listeners.empty())
      span = std::min(span, std::chrono::ceil<milliseconds>(entry->due - now));
  changed_.wait_for(state.handle(), std::max(span, milliseconds(1)));
}

void ThreadedPoller::observe(const Repository& repository, std::string_view type,
                             base::SteadyTime begun, bool ok) const {
  if (!hooks_.observe) return;
  hooks_.observe({.repo = repository.url.text(),
                  .request_type = type,
                  .duration = std::chrono::duration_cast<milliseconds>(clock_.now() - begun),
                  .ok = ok});
}

Outcome ThreadedPoller::failure(Outcome outcome, Error error, const Repository& repository,
                                std::string_view what) const {
  outcome.error = std::move(error).with_context(fmt::format("{} {}", what, repository.url.text()));
  hooks_.log.warn("git poll failed",
                  {{"repo", repository.url.text()}, {"error", outcome.error->text()}});
  return outcome;
}

Outcome ThreadedPoller::poll(const Repository& repository) {
  Outcome out;
  auto mirror = store_.mirror(repository);
  if (!mirror.ok())
    return failure(std::move(out), std::move(mirror).error(), repository, "git mirror of");
  out.mirror = *mirror;
  base::SteadyTime begun = clock_.now();
  auto refs = remote_.ls_refs(repository, limits(options_.ls_timeout));
  observe(repository, "ls-remote", begun, refs.ok());
  if (!refs.ok())
    return failure(std::move(out), std::move(refs).error(), repository, "git ls-remote");
  if (!(*mirror)->is_at(*refs)) {
    begun = clock_.now();
    auto updated = (*mirror)->update(repository, *refs, remote_, limits(options_.fetch_timeout));
    observe(repository, "fetch", begun, updated.ok());
    if (!updated.ok())
      return failure(std::move(out), std::move(updated).error(), repository, "git fetch");
  }
  out.refs = std::make_shared<const Refs>(*std::move(refs));
  return out;
}

base::SteadyTime ThreadedPoller::next_poll(const PollEntry& entry, State& state) const {
  const Pace& pace = state.pace;
  const auto spread = static_cast<std::uint64_t>(std::max(pace.jitter, milliseconds(0)).count());
  const milliseconds jitter(static_cast<milliseconds::rep>(state.random() % (spread + 1)));
  const bool alone = pace.interval.count() > 0;
  if (entry.failures == 0) {
    return alone ? clock_.now() + pace.interval + jitter : base::SteadyTime::max();
  }
  const milliseconds retry = kFirstRetry * (1 << std::min(entry.failures - 1, 10));
  return clock_.now() + (alone ? std::min(retry, pace.interval + jitter) : retry);
}

void ThreadedPoller::set_pace(const Pace& pace) {
  {
    auto state = state_.lock();
    if (state->pace == pace) return;
    state->pace = pace;
    for (const auto& [key, entry] : state->entries) {
      const auto due = next_poll(*entry, *state);
      entry->due = pace.interval.count() > 0 ? std::min(entry->due, due) : due;
    }
  }
  changed_.notify_all();
}

void ThreadedPoller::finish(PollEntry& entry, Outcome outcome, Ticket ticket,
                            std::uint64_t number) {
  std::vector<std::shared_ptr<ListenerBox>> listeners;
  {
    auto state = state_.lock();
    const bool moved = outcome.refs && (!entry.refs || *entry.refs != *outcome.refs);
    const bool turned = entry.error.has_value() != outcome.error.has_value() ||
                        (entry.error && entry.error->text() != outcome.error->text());
    if (outcome.error && !entry.error) entry.failing_since = clock_.wall();
    entry.failures = outcome.error ? entry.failures + 1 : 0;
    if (outcome.mirror) entry.mirror = outcome.mirror;
    if (outcome.refs) entry.refs = std::move(outcome.refs);
    // After a restart without the server: what the mirror on disk knows.
    if (!entry.refs && entry.mirror && !entry.mirror->refs().list.empty())
      entry.refs = std::make_shared<const Refs>(entry.mirror->refs());
    entry.error = std::move(outcome.error);
    entry.running = false;
    entry.finished = number;
    entry.due = next_poll(entry, *state);
    const bool served = ticket > entry.served;
    const bool awaited = std::exchange(entry.awaited, false);
    entry.served = std::max(entry.served, ticket);
    if (moved || turned || served || awaited)
      for (const auto& [id, box] : entry.listeners) listeners.push_back(box);
    if (entry.listeners.empty()) state->entries.erase(entry.repo.key());
  }
  for (const auto& box : listeners) {
    auto listener = box->lock();
    if (*listener) (*listener)();
  }
}

}  // namespace

std::unique_ptr<Poller> make_poller(MirrorStore& store, Transport& transport,
                                    const base::Clock& clock, PollerOptions options,
                                    PollerHooks hooks) {
  return std::make_unique<ThreadedPoller>(store, transport, clock, options, std::move(hooks));
}

}  // namespace tiphys::git
