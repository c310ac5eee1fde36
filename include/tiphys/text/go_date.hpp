#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text {

/// One time zone: fixed, or the rules of a TZif file. Immutable.
class TimeZone {
 public:
  struct Local {
    std::int32_t offset = 0;  ///< seconds east of UTC
    std::string abbreviation;
    bool dst = false;
  };
  /// offset_seconds east of UTC; an empty name prints as its offset ("+0200").
  static std::shared_ptr<const TimeZone> fixed(std::string name, std::int32_t offset_seconds);
  static std::shared_ptr<const TimeZone> utc();
  /// The bytes of a file of the tz database. Errors: Invalid "malformed time zone information".
  static base::Result<std::shared_ptr<const TimeZone>> from_tzif(std::string name,
                                                                 std::string_view bytes);

  const std::string& name() const { return name_; }
  Local at(std::int64_t unix_seconds) const;
  /// Offset of a zone abbreviation as time.Parse looks it up; false when the zone has none such.
  bool lookup_abbreviation(std::string_view name, std::int64_t unix_local,
                           std::int32_t& offset) const;

 private:
  struct Transition {
    std::int64_t when;
    std::size_t local;
  };
  std::string name_;
  std::vector<Local> locals_;
  std::vector<Transition> transitions_;
  std::string rule_;  // POSIX TZ text for times after the last transition
};

/// Reads the tz database for this module, which does no I/O: bytes of the zone's file, or NotFound.
using ZoneLoader = std::function<base::Result<std::string>(std::string_view name)>;
/// time.LoadLocation: "" and "UTC" are UTC; names with ".." or a leading '/' or '\' are refused.
base::Result<std::shared_ptr<const TimeZone>> load_zone(std::string_view name,
                                                        const ZoneLoader& loader);

/// Go's time.Time.
struct GoTime {
  std::int64_t seconds = 0;  ///< since 1970-01-01 UTC
  std::int32_t nanoseconds = 0;
  std::shared_ptr<const TimeZone> zone;  ///< nullptr is UTC
};

/// The civil date and clock of a time in its zone.
struct Civil {
  std::int64_t year = 1;
  int month = 1;  ///< 1..12
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 0;   ///< 0 is Sunday
  int year_day = 1;  ///< 1..366
};
Civil civil(const GoTime& time);
/// time.Date: out-of-range fields are carried over.
GoTime from_civil(const Civil& date, std::int32_t nanoseconds,
                  std::shared_ptr<const TimeZone> zone);
GoTime in_zone(const GoTime& time, std::shared_ptr<const TimeZone> zone);

/// Time.Format with a Go reference layout.
std::string format_time(const GoTime& time, std::string_view layout);
/// time.ParseInLocation. Errors: Invalid with Go's message (`parsing time "x" as "2006": ...`).
base::Result<GoTime> parse_time(std::string_view layout, std::string_view text,
                                std::shared_ptr<const TimeZone> zone);
/// Time.String: "2006-01-02 15:04:05.999999999 -0700 MST".
std::string time_string(const GoTime& time);
/// RFC3339Nano as Time.MarshalJSON writes it, without quotes.
std::string time_rfc3339_nano(const GoTime& time);

}  // namespace tiphys::text
