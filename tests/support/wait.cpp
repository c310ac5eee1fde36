#include "support/wait.hpp"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

namespace tiphys::test {

namespace {

using Steady = std::chrono::steady_clock;

milliseconds left(Steady::time_point end) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end - Steady::now()));
}

bool poll_once(int fd, milliseconds limit) {
  pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
  const timespec time{.tv_sec = limit.count() / 1000, .tv_nsec = limit.count() % 1000 * 1'000'000};
  return ::ppoll(&wanted, 1, &time, nullptr) > 0;
}

}  // namespace

bool wait_until(milliseconds limit, const std::function<bool()>& predicate, milliseconds interval,
                int wake) {
  const auto end = Steady::now() + limit;
  while (!predicate()) {
    if (Steady::now() >= end) return false;
    poll_once(wake, std::min(interval, left(end)));  // a negative descriptor is only a timer
  }
  return true;
}

void require_within(milliseconds limit, const std::string& what,
                    const std::function<bool()>& predicate) {
  if (!wait_until(limit, predicate))
    throw SupportError("not within " + std::to_string(limit.count()) + " ms: " + what);
}

bool wait_readable(int fd, milliseconds limit) {
  const auto end = Steady::now() + limit;
  do {
    if (poll_once(fd, left(end))) return true;  // an interrupted poll is asked again
  } while (Steady::now() < end);
  return false;
}

}  // namespace tiphys::test
