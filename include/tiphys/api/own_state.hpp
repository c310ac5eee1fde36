#pragma once

#include "tiphys/api/status.hpp"
#include "tiphys/base/clock.hpp"
#include "tiphys/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::api {

/// What we remember of an application beside Argo CD's status: the annotation tiphys.io/state
/// (decision 11). Everything in it may be absent: then it is worked out again, or not known.
struct OwnState {
  /// Why automated syncs of one revision wait for somebody.
  struct Hold {
    std::string revision;
    std::string reason;
    bool operator==(const Hold&) const = default;
  };

  /// The operation that phase, wave and wave_started_at are about: operation_id_of() its state.
  /// Where the operation that runs has another id they mean nothing.
  std::string operation_id;
  std::string phase;  ///< PreSync, Sync, PostSync, SyncFail; "" before the first
  std::int64_t wave = 0;
  std::optional<base::WallTime> wave_started_at;  ///< in whole seconds
  std::optional<Hold> hold;
  /// The revision of the last whole sync that succeeded and was then seen Healthy; "": none yet.
  std::string last_good_revision;

  bool operator==(const OwnState&) const = default;
  bool empty() const { return *this == OwnState(); }
};

/// The annotation's text may not be longer (decision 11).
inline constexpr std::size_t kOwnStateLimit = std::size_t{8} << 10;

/// Reads the annotation; "" is the empty state, members that we don't know are left out. Errors:
/// Invalid naming the field (not JSON, a wrong type, a bad time), ResourceExhausted over the limit.
base::Result<OwnState> parse_own_state(std::string_view annotation);

/// Compact JSON, empty members left out; "" for the empty state: then the annotation is removed. A
/// reason that is too long is cut, with "..." at its end. Errors: ResourceExhausted where all else
/// is over the limit.
base::Result<std::string> print_own_state(const OwnState& state);

/// Names an operation: when it started and a digest of what was asked for.
std::string operation_id_of(const OperationState& operation);

/// The revision that a status proves good: its last operation was a sync of all objects which
/// Succeeded, the application is Synced to that very revision, and Healthy. Give it the
/// status of a look that saw the operation's writes. "": proves nothing.
std::string proven_good(const Status& status);

}  // namespace tiphys::api
