#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/git/poller.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tiphys::git {

/// One subscription's listener; empty once the subscription has ended.
using ListenerBox = base::Guarded<Poller::Listener>;

/// When a target that can't be resolved was first asked for.
struct Ask {
  std::uint64_t polls_started;
  base::WallTime since;
};

/// Everything that the poller knows about one repository. Pure: the poller locks it.
struct PollEntry {
  explicit PollEntry(Repository repository) : repo(std::move(repository)) {}

  Repository repo;
  std::map<std::uint64_t, std::shared_ptr<ListenerBox>> listeners;
  std::shared_ptr<Mirror> mirror;
  std::shared_ptr<const Refs> refs;  ///< of the last good poll; null before it
  std::optional<base::Error> error;  ///< of the last poll, if it failed
  base::WallTime failing_since{};
  int failures = 0;  ///< in a row

  base::SteadyTime due{};
  bool wanted = true;  ///< poll as soon as possible
  bool running = false;
  bool awaited = false;  ///< somebody was told Pending since the last poll ended
  Ticket issued = 0;
  Ticket served = 0;
  std::uint64_t started = 0;   ///< polls begun
  std::uint64_t finished = 0;  ///< the number of the last poll that has ended
  std::map<std::string, Ask, std::less<>> asks;

  bool is_due(base::SteadyTime now) const {
    return !running && !listeners.empty() && (wanted || due <= now);
  }
  /// Takes over other credentials, or another way to the server, and polls with them soon. False:
  /// they are the same.
  bool adopt(const Repository& repository);
  /// Remembers that `target` was asked for; the first time counts.
  const Ask& ask(std::string_view target, base::WallTime now);
  RevisionState pending();
  /// Without resolving anything: Pending or Failed when that is clear already.
  std::optional<RevisionState> without_refs(Ticket ticket);
  RevisionState ready(Resolution revision) const;
  /// `target` isn't among what is known: poll once more for it, then Failed.
  RevisionState unresolved(std::string_view target, const base::Error& why, base::WallTime now);
};

/// The state of a repository that nobody subscribed to.
RevisionState failed(base::Error error, base::WallTime since);

}  // namespace tiphys::git
