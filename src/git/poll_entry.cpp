#include "git/poll_entry.hpp"

namespace tiphys::git {

namespace {
constexpr std::size_t kMaxAsks = 10'000;
}

RevisionState failed(base::Error error, base::WallTime since) {
  RevisionState out;
  out.kind = RevisionState::Kind::failed;
  out.failed = Failed{.error = std::move(error), .since = since};
  return out;
}

bool PollEntry::adopt(const Repository& repository) {
  if (repo.credentials == repository.credentials && repo.access == repository.access) return false;
  repo = repository;
  wanted = true;
  return true;
}

const Ask& PollEntry::ask(std::string_view target, base::WallTime now) {
  if (const auto it = asks.find(target); it != asks.end()) return it->second;
  if (asks.size() >= kMaxAsks) asks.clear();
  return asks.emplace(std::string(target), Ask{.polls_started = started, .since = now})
      .first->second;
}

RevisionState PollEntry::pending() {
  awaited = true;
  return {};
}

std::optional<RevisionState> PollEntry::without_refs(Ticket ticket) {
  if (served < ticket) return pending();
  if (refs && mirror) return std::nullopt;
  if (error) return failed(*error, failing_since);
  return pending();
}

RevisionState PollEntry::ready(Resolution revision) const {
  RevisionState out;
  out.kind = RevisionState::Kind::ready;
  out.ready = Ready{.revision = std::move(revision), .stale = error, .stale_since = failing_since};
  return out;
}

RevisionState PollEntry::unresolved(std::string_view target, const base::Error& why,
                                    base::WallTime now) {
  const Ask asked = ask(target, now);
  if (finished > asked.polls_started) {
    return error ? failed(*error, failing_since) : failed(why, asked.since);
  }
  // A poll that was under way may have listed the refs too early to see it.
  if (!running || started == asked.polls_started) wanted = true;
  return pending();
}

}  // namespace tiphys::git
