#include "text/date_layout.hpp"

#include "tiphys/text/go_date.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace tiphys::text {

namespace {

std::string offset_text(const LayoutChunk& chunk, std::int32_t offset) {
  if (chunk.zulu && offset == 0) return "Z";
  const int magnitude = std::abs(offset);
  const std::string_view colon = chunk.colon ? ":" : "";
  std::string out = fmt::format("{}{:02}", offset < 0 ? '-' : '+', magnitude / 3600);
  if (chunk.minutes) out += fmt::format("{}{:02}", colon, magnitude / 60 % 60);
  if (chunk.seconds) out += fmt::format("{}{:02}", colon, magnitude % 60);
  return out;
}

std::string zone_text(const TimeZone::Local& local) {
  if (!local.abbreviation.empty()) return local.abbreviation;
  const int minutes = std::abs(local.offset / 60);
  return fmt::format("{}{:02}{:02}", local.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string fraction_text(const LayoutChunk& chunk, std::int32_t nanoseconds) {
  std::string digits = fmt::format("{:09}", nanoseconds);
  digits.resize(static_cast<std::size_t>(std::min(chunk.digits, 9)));
  if (chunk.element == Std::fraction_zeros)
    digits.append(static_cast<std::size_t>(chunk.digits) - digits.size(), '0');
  else
    digits.resize(digits.find_last_not_of('0') + 1);
  return digits.empty() ? "" : chunk.text[0] + digits;
}

std::string year_text(std::int64_t year) {
  return year < 0 ? fmt::format("-{:04}", -year) : fmt::format("{:04}", year);
}

int hour12(int hour) { return hour % 12 == 0 ? 12 : hour % 12; }

std::string date_element(Std element, const Civil& c) {
  const auto name = [](std::string_view full, std::size_t size) {
    return std::string(full.substr(0, size));
  };
  const std::string_view month = kMonths.at(static_cast<std::size_t>(c.month - 1));
  const std::string_view weekday = kWeekdays.at(static_cast<std::size_t>(c.weekday));
  switch (element) {
    case Std::long_month:
      return name(month, month.size());
    case Std::month:
      return name(month, 3);
    case Std::num_month:
      return std::to_string(c.month);
    case Std::zero_month:
      return fmt::format("{:02}", c.month);
    case Std::long_weekday:
      return name(weekday, weekday.size());
    case Std::weekday:
      return name(weekday, 3);
    case Std::day:
      return std::to_string(c.day);
    case Std::under_day:
      return fmt::format("{:2}", c.day);
    case Std::zero_day:
      return fmt::format("{:02}", c.day);
    case Std::under_year_day:
      return fmt::format("{:3}", c.year_day);
    case Std::zero_year_day:
      return fmt::format("{:03}", c.year_day);
    case Std::long_year:
      return year_text(c.year);
    case Std::year:
      return fmt::format("{:02}", std::max<std::int64_t>(c.year, 0) % 100);
    default:
      return "";
  }
}

std::string clock_element(Std element, const Civil& c) {
  switch (element) {
    case Std::hour:
      return fmt::format("{:02}", c.hour);
    case Std::hour12:
      return std::to_string(hour12(c.hour));
    case Std::zero_hour12:
      return fmt::format("{:02}", hour12(c.hour));
    case Std::minute:
      return std::to_string(c.minute);
    case Std::zero_minute:
      return fmt::format("{:02}", c.minute);
    case Std::second:
      return std::to_string(c.second);
    case Std::zero_second:
      return fmt::format("{:02}", c.second);
    case Std::upper_pm:
      return c.hour >= 12 ? "PM" : "AM";
    case Std::lower_pm:
      return c.hour >= 12 ? "pm" : "am";
    default:
      return "";
  }
}

}  // namespace

std::string format_time(const GoTime& time, std::string_view layout) {
  const std::shared_ptr<const TimeZone> zone = time.zone ? time.zone : TimeZone::utc();
  const TimeZone::Local local = zone->at(time.seconds);
  const Civil c = civil(time);
  std::string out;
  while (true) {
    const LayoutChunk chunk = next_chunk(layout);
    out += chunk.prefix;
    if (chunk.element == Std::none) return out;
    layout = chunk.rest;
    if (chunk.element == Std::offset)
      out += offset_text(chunk, local.offset);
    else if (chunk.element == Std::zone_name)
      out += zone_text(local);
    else if (chunk.element == Std::fraction_zeros || chunk.element == Std::fraction_nines)
      out += fraction_text(chunk, time.nanoseconds);
    else
      out += date_element(chunk.element, c) + clock_element(chunk.element, c);
  }
}

std::string time_string(const GoTime& time) {
  return format_time(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

std::string time_rfc3339_nano(const GoTime& time) {
  return format_time(time, "2006-01-02T15:04:05.999999999Z07:00");
}

}  // namespace tiphys::text
