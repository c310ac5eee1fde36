#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/text/go_date.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::text {

/// A five-field cron schedule as robfig/cron v3's ParseStandard reads it: lists, ranges, steps,
/// names of months and days, @hourly and its kin (not @every). Used by sync windows.
class CronSchedule {
 public:
  /// Errors: Invalid naming the field.
  static base::Result<CronSchedule> parse(std::string_view text);
  /// The first time of the schedule after `time`, in time's zone; nothing within five years.
  std::optional<GoTime> next(const GoTime& time) const;

 private:
  std::uint64_t minutes_ = 0;
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;
  std::uint64_t months_ = 0;
  std::uint64_t weekdays_ = 0;
  bool any_day_ = false;
  bool any_weekday_ = false;
};

}  // namespace tiphys::text
