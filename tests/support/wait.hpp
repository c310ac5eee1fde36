#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace tiphys::test {

using std::chrono::milliseconds;

/// What the support library throws when a part of the test's surroundings fails (not the code under
/// test): GoogleTest reports it as the failure of the test.
class SupportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Asks `predicate` until it holds (true) or `limit` has passed (false). Between two questions it
/// waits on the kernel's timer for `interval`, or less when the descriptor `wake` (a pidfd, a pipe,
/// an inotify) becomes readable; -1: none.
bool wait_until(milliseconds limit, const std::function<bool()>& predicate,
                milliseconds interval = milliseconds(20), int wake = -1);

/// The same for what must hold: throws a SupportError that names `what` when it does not.
void require_within(milliseconds limit, const std::string& what,
                    const std::function<bool()>& predicate);

/// Waits until `fd` is readable or at its end; false after `limit`.
bool wait_readable(int fd, milliseconds limit);

}  // namespace tiphys::test
