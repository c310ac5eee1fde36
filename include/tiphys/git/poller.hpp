#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/mirror.hpp"
#include "tiphys/git/remote.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::git {

/// When a repository is polled by itself.
struct Pace {
  /// Zero: only when somebody asks, as Argo CD's timeout.reconciliation; what failed is tried
  /// again.
  std::chrono::milliseconds interval{120'000};
  std::chrono::milliseconds jitter{60'000};  ///< up to this much is added to each interval
  bool operator==(const Pace&) const = default;
};

struct PollerOptions {
  Pace pace;
  std::size_t threads = 4;
  std::chrono::milliseconds ls_timeout{15'000};
  std::chrono::milliseconds fetch_timeout{600'000};
  std::chrono::milliseconds silence{30'000};  ///< longest pause inside an answer
};

/// request_type as Argo CD's argocd_git_request_total has it: "ls-remote" or "fetch".
struct GitRequest {
  std::string repo;
  std::string_view request_type;
  std::chrono::milliseconds duration;
  bool ok;
};

/// Counts refresh requests of one repository; see Poller::request_refresh.
using Ticket = std::uint64_t;

struct Ready {
  Resolution revision;
  /// The last poll failed: the revision is the last one known. Since when, and why.
  std::optional<base::Error> stale;
  base::WallTime stale_since{};
};
struct Pending {};
struct Failed {
  base::Error error;
  base::WallTime since;
};

/// One of the three. Failed: the target can't be resolved, or nothing is known as the repository
/// was never reached.
struct RevisionState {
  enum class Kind : std::uint8_t { ready, pending, failed } kind = Kind::pending;
  std::optional<Ready> ready;
  std::optional<Failed> failed;
};

/// Polls each subscribed repository once per interval whatever the number of applications, and
/// fetches what is new, on threads of its own. No call blocks on the network. Any thread.
class Poller {
 public:
  /// Told after a poll that changed something to ask for: refs moved, it failed, it works again,
  /// somebody was Pending, or a ticket was served. Runs on a git thread: must be quick, may call
  /// the Poller.
  using Listener = std::function<void()>;

  /// Ends the subscription when destroyed; the listener isn't running and won't run afterwards.
  /// So: not from the listener itself, nor under a lock that the listener takes.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };

  virtual ~Poller() = default;

  /// The first subscription of a repository polls at once. Here and in the calls below credentials
  /// or a way to the server other than those of before replace them (and poll at once).
  [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(const Repository& repository,
                                                                Listener listener) = 0;
  /// Polls as soon as possible; requests before the poll starts are one. Nobody subscribed: no-op.
  virtual Ticket request_refresh(const Repository& repository) = 0;
  /// What `target` means now. Pending until a poll that began after `ticket` was issued has ended
  /// (0: any poll). A target not known yet causes one poll by itself. Not subscribed: Failed.
  virtual RevisionState ensure(const Repository& repository, std::string_view target,
                               Ticket ticket = 0) = 0;
  /// Reads the mirror's disk, never the network. Errors: NotFound.
  virtual base::Result<std::shared_ptr<const base::FileTree>> tree(const Repository& repository,
                                                                   std::string_view commit) = 0;
  virtual base::Result<CommitInfo> commit(const Repository& repository, std::string_view id) = 0;
  virtual base::Status keep(const Repository& repository, std::string_view commit) = 0;
  /// From now on; polls that would come sooner than before come sooner.
  virtual void set_pace(const Pace& pace) = 0;
  /// Looks at the clock again: for tests after they moved a ManualClock.
  virtual void wake() = 0;
  /// Stops the threads; running requests are canceled. Also the destructor.
  virtual void stop() = 0;
};

struct PollerHooks {
  std::function<void(const GitRequest&)> observe;  ///< metrics; may be empty
  base::Logger log;
};

/// `store`, `transport` and `clock` must outlive it.
std::unique_ptr<Poller> make_poller(MirrorStore& store, Transport& transport,
                                    const base::Clock& clock, PollerOptions options,
                                    PollerHooks hooks = {});

}  // namespace tiphys::git
