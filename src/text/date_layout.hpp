#pragma once

#include <array>
#include <string_view>

namespace tiphys::text {

/// An element of a Go reference layout.
enum class Std : unsigned char {
  none,
  long_month,
  month,
  num_month,
  zero_month,
  long_weekday,
  weekday,
  day,
  under_day,
  zero_day,
  under_year_day,
  zero_year_day,
  hour,
  hour12,
  zero_hour12,
  minute,
  zero_minute,
  second,
  zero_second,
  long_year,
  year,
  upper_pm,
  lower_pm,
  zone_name,
  offset,  // Z or - forms; see LayoutChunk
  fraction_zeros,
  fraction_nines,
};

/// The next element: text before it, the element, and the rest of the layout.
struct LayoutChunk {
  std::string_view prefix;
  Std element = Std::none;
  std::string_view text;  // the element as the layout spells it
  std::string_view rest;
  bool zulu = false;     // offset: Z for UTC
  bool colon = false;    // offset: hh:mm
  bool minutes = false;  // offset: with minutes
  bool seconds = false;  // offset: with seconds
  int digits = 0;        // fraction
};
LayoutChunk next_chunk(std::string_view layout);

inline constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdays = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

}  // namespace tiphys::text
