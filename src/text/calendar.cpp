#include "text/calendar.hpp"

#include "tiphys/text/go_date.hpp"

#include <array>

namespace tiphys::text {

namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

}  // namespace

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && is_leap(year) ? 1 : 0);
}

// Years start in March, so that the leap day is the last of its year.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year += floor_div(month - 1, 12);
  month = (((month - 1) % 12) + 12) % 12 + 1;
  if (month <= 2) --year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Civil civil(const GoTime& time) {
  const std::int32_t offset = time.zone == nullptr ? 0 : time.zone->at(time.seconds).offset;
  const std::int64_t local = time.seconds + offset;
  const std::int64_t days = floor_div(local, 86400);
  const std::int64_t second = local - days * 86400;
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_div(shifted, 146097);
  const std::int64_t of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  Civil out;
  out.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  out.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  out.year = year_of_era + era * 400 + (out.month <= 2 ? 1 : 0);
  out.hour = static_cast<int>(second / 3600);
  out.minute = static_cast<int>(second / 60 % 60);
  out.second = static_cast<int>(second % 60);
  out.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  out.year_day = static_cast<int>(days - days_from_civil(out.year, 1, 1) + 1);
  return out;
}

// As time.Date: the offset is guessed at the local time read as UTC, then once more at both sides.
GoTime from_civil(const Civil& date, std::int32_t nanoseconds,
                  std::shared_ptr<const TimeZone> zone) {
  const std::int64_t carry = floor_div(nanoseconds, 1'000'000'000);
  const std::int64_t local = days_from_civil(date.year, date.month, date.day) * 86400 +
                             date.hour * std::int64_t{3600} + date.minute * std::int64_t{60} +
                             date.second + carry;
  GoTime out{.seconds = local,
             .nanoseconds = static_cast<std::int32_t>(nanoseconds - carry * 1'000'000'000),
             .zone = std::move(zone)};
  if (out.zone == nullptr) return out;
  const std::int32_t guess = out.zone->at(local).offset;
  out.seconds = local - guess;
  const std::int32_t found = out.zone->at(out.seconds).offset;
  if (found != guess) out.seconds = local - found;
  return out;
}

GoTime in_zone(const GoTime& time, std::shared_ptr<const TimeZone> zone) {
  return {.seconds = time.seconds, .nanoseconds = time.nanoseconds, .zone = std::move(zone)};
}

}  // namespace tiphys::text
