#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::text {

/// A crontab line of five fields (minute, hour, day of month, month, day of week) as robfig/cron v3
/// reads it for Argo CD's sync windows: `*` or `?`, numbers, names (JAN, mon), a-b, a/n, */n,
/// lists. Where both days are restricted, either may match. Immutable, cheap to copy.
class Cron {
 public:
  /// Errors: Invalid naming the field and what is wrong with it. Descriptors (@daily) and a leading
  /// "TZ=" are refused.
  static base::Result<Cron> parse(std::string_view text);

  /// The first matching minute after a civil time, both in seconds since 1970 of the same clock;
  /// nullopt: none in five years.
  std::optional<std::int64_t> next(std::int64_t after) const;

 private:
  bool matches_day(std::int64_t days_since_1970) const;

  std::uint64_t minutes_ = 0;
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;
  std::uint64_t months_ = 0;
  std::uint64_t weekdays_ = 0;
};

}  // namespace tiphys::text
