#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::base {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from. Injected wherever something waits or stamps, so that tests move it by
/// hand. All methods may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const = 0;
  virtual WallTime wall() const = 0;
};

/// The machine's clocks. steady is CLOCK_BOOTTIME: it goes on while the machine is suspended
/// (decision 12).
class SystemClock final : public Clock {
 public:
  SteadyTime now() const override;
  WallTime wall() const override;
};

/// A clock that stands still until advance() is called. For tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start = WallTime(std::chrono::milliseconds(1'700'000'000'000)));
  SteadyTime now() const override;
  WallTime wall() const override;
  void advance(std::chrono::milliseconds by);

 private:
  mutable std::mutex mutex_;
  SteadyTime now_;
  WallTime wall_;
};

/// "2026-11-23T04:55:47Z": RFC 3339 in UTC with whole seconds, as metav1.Time is written.
std::string format_rfc3339(WallTime time);
/// "2026-11-23T04:55:47.123456Z": metav1.MicroTime.
std::string format_rfc3339_micro(WallTime time);
/// Parses RFC 3339 with optional fraction and any offset; nullopt when it isn't one.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace tiphys::base
