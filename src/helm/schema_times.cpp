#include "helm/schema_problems.hpp"
#include "helm/schema_rules.hpp"
#include "helm/text.hpp"

#include "tiphys/text/go_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::helm {

namespace {

std::size_t leading_digits(std::string_view text) {
  const auto end = std::ranges::find_if(text, [](char c) { return c < '0' || c > '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

/// What one clock's reading is called in its problems, and how many fields it has.
struct Clock {
  std::string_view what;
  std::string_view where;
  std::array<std::int64_t, 3> most;
  std::size_t fields;
};
constexpr Clock kTime = {"hour/min/sec", "", {23, 59, 60}, 3};
constexpr Clock kOffset = {"hour/min", " in offset", {23, 59, 0}, 2};

/// Fields between colons; Atoi takes signs, so "+1" is one.
std::string read_clock(const Clock& clock, std::string_view text,
                       std::array<std::int64_t, 3>& out) {
  for (std::size_t i = 0; i < clock.fields; ++i) {
    const auto number = atoi(text.substr(3 * i, 2));
    if (!number.ok()) return fmt::format("invalid {}{}", clock.what, clock.where);
    if (*number < 0) return fmt::format("non-positive {}{}", clock.what, clock.where);
    out.at(i) = *number;
  }
  for (std::size_t i = 0; i < clock.fields; ++i)
    if (out.at(i) > clock.most.at(i))
      return fmt::format("{}{} out of range", clock.what, clock.where);
  return "";
}

/// Moves `minutes` of the day to UTC.
std::string read_offset(std::string_view text, std::int64_t& minutes) {
  if (text.size() != 6) return "offset must be 6 characters long";
  if (text[0] != '+' && text[0] != '-') return "offset must begin with plus/minus";
  if (text[3] != ':') return "missing colon in offset in correct place";
  std::array<std::int64_t, 3> offset{};
  if (std::string problem = read_clock(kOffset, text.substr(1), offset); !problem.empty())
    return problem;
  constexpr std::int64_t kDay = std::int64_t{24} * 60;
  const std::int64_t shift = offset[0] * 60 + offset[1];
  minutes += text[0] == '+' ? -shift : shift;
  if (minutes < 0) minutes += kDay;
  return "";
}

/// A byte as %q shows it: Go takes it for the rune of that number.
std::string quoted_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80) return quoted(std::string_view(&c, 1));
  return quoted(std::string{static_cast<char>(0xC0U | (byte >> 6U)),
                            static_cast<char>(0x80U | (byte & 0x3FU))});
}

/// Numbers with units, each at most once and in their order.
std::string elements_problem(std::string_view text, std::string_view units) {
  const std::string_view all = units;
  while (!text.empty()) {
    const std::size_t digits = leading_digits(text);
    if (digits == 0) return "missing number";
    text.remove_prefix(digits);
    if (text.empty()) return "missing unit";
    const std::size_t at = units.find(text[0]);
    if (at == std::string_view::npos)
      return all.contains(text[0]) ? fmt::format("unit {} out of order", quoted_byte(text[0]))
                                   : fmt::format("invalid unit {}", quoted_byte(text[0]));
    units.remove_prefix(at + 1);
    text.remove_prefix(1);
  }
  return "";
}

}  // namespace

std::string date_problem(std::string_view text) {
  const auto time = text::parse_time("2006-01-02", text, text::TimeZone::utc());
  return time.ok() ? "" : time.error().text();
}

std::string time_problem(std::string_view text) {
  if (text.size() < 9) return "less than 9 characters long";
  if (text[2] != ':' || text[5] != ':') return "missing colon in correct place";
  std::array<std::int64_t, 3> clock{};
  if (std::string problem = read_clock(kTime, text.substr(0, 8), clock); !problem.empty())
    return problem;
  text.remove_prefix(8);
  if (text.starts_with('.')) {
    const std::size_t digits = leading_digits(text.substr(1));
    if (digits == 0) return "no digits in second fraction";
    text.remove_prefix(1 + digits);
  }
  std::int64_t minutes = clock[0] * 60 + clock[1];
  if (text != "z" && text != "Z")
    if (std::string problem = read_offset(text, minutes); !problem.empty()) return problem;
  constexpr std::int64_t kLastMinute = 23 * 60 + 59;
  return clock[2] >= 60 && minutes != kLastMinute ? "invalid leap second" : "";
}

std::string date_time_problem(std::string_view text) {
  if (text.size() < 20) return "less than 20 characters long";
  if (text[10] != 't' && text[10] != 'T') return "11th character must be t or T";
  if (const std::string problem = date_problem(text.substr(0, 10)); !problem.empty())
    return within("date element", problem);
  return within("time element", time_problem(text.substr(11)));
}

std::string duration_problem(std::string_view text) {
  if (!text.starts_with('P')) return "must start with P";
  text.remove_prefix(1);
  if (text.empty()) return "nothing after P";
  if (text.ends_with('W')) {
    text.remove_suffix(1);
    if (text.empty()) return "no number in week";
    return leading_digits(text) == text.size() ? "" : "invalid week";
  }
  const auto parts = split(text, 'T');
  if (std::string problem = elements_problem(parts[0], "YMD"); !problem.empty() || parts.size() < 2)
    return problem;
  if (parts[1].empty()) return "no time elements";
  if (std::string problem = elements_problem(parts[1], "HMS"); !problem.empty()) return problem;
  if (parts.size() < 3) return "";
  return parts[2].empty() ? "no time elements" : "more than one T";
}

std::string period_problem(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return "missing slash";
  const std::string_view start = text.substr(0, slash);
  const std::string_view end = text.substr(slash + 1);
  const bool from_duration = start.starts_with('P');
  std::string problem = from_duration ? within("start duration", duration_problem(start))
                                      : within("start date-time", date_time_problem(start));
  if (!problem.empty()) return problem;
  if (!from_duration && end.starts_with('P')) return within("end duration", duration_problem(end));
  return within("end date-time", date_time_problem(end));
}

}  // namespace tiphys::helm
