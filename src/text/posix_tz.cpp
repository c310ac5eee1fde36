#include "text/posix_tz.hpp"

#include "text/calendar.hpp"

#include <algorithm>
#include <cctype>

namespace tiphys::text {

namespace {

constexpr std::int64_t kDay = 86400;

/// One of the two changes of a year: Jn, n or Mm.w.d, and the local second of that day.
struct Change {
  char kind = 'M';
  int month = 0;
  int week = 0;
  int day = 0;
  std::int64_t second = 7200;

  /// Seconds from the year's start, local time.
  std::int64_t within(std::int64_t year) const {
    if (kind == 'J') {
      const bool later = is_leap(year) && day >= 60;
      return (day - (later ? 0 : 1)) * kDay + second;
    }
    if (kind == 'n') return day * kDay + second;
    const std::int64_t start = days_from_civil(year, 1, 1);
    const std::int64_t first = days_from_civil(year, month, 1);
    const auto weekday = static_cast<int>(((first + 4) % 7 + 7) % 7);
    int date = (day - weekday + 7) % 7 + (week - 1) * 7;
    while (date >= days_in_month(year, month)) date -= 7;
    return (first - start + date) * kDay + second;
  }
};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool done() const { return rest_.empty(); }

  std::optional<std::string> name() {
    std::size_t size = 0;
    std::string out;
    if (take('<')) {
      size = rest_.find('>');
      if (size == std::string_view::npos) return std::nullopt;
      out = rest_.substr(0, size);
      rest_.remove_prefix(size + 1);
      return out;
    }
    while (size < rest_.size() && std::isalpha(static_cast<unsigned char>(rest_[size])) != 0)
      ++size;
    if (size < 3) return std::nullopt;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::optional<int> number(int low, int high) {
    int value = 0;
    bool any = false;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9' && value <= high) {
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
      any = true;
    }
    if (!any || value < low || value > high) return std::nullopt;
    return value;
  }

  /// [+-]hh[:mm[:ss]]
  std::optional<std::int64_t> offset() {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = number(0, 24 * 7);
    if (!hours) return std::nullopt;
    std::int64_t seconds = *hours * std::int64_t{3600};
    for (const int unit : {60, 1}) {
      if (!take(':')) break;
      const auto part = number(0, 59);
      if (!part) return std::nullopt;
      seconds += static_cast<std::int64_t>(*part) * unit;
    }
    return negative ? -seconds : seconds;
  }

  std::optional<Change> change() {
    Change out;
    std::optional<int> day;
    if (take('J')) {
      out.kind = 'J';
      day = number(1, 365);
    } else if (take('M')) {
      const auto month = number(1, 12);
      const auto week = month && take('.') ? number(1, 5) : std::nullopt;
      day = week && take('.') ? number(0, 6) : std::nullopt;
      out.month = month.value_or(0);
      out.week = week.value_or(0);
    } else {
      out.kind = 'n';
      day = number(0, 365);
    }
    if (!day) return std::nullopt;
    out.day = *day;
    if (!take('/')) return out;
    const auto second = offset();
    if (!second) return std::nullopt;
    out.second = *second;
    return out;
  }

 private:
  std::string_view rest_;
};

std::int64_t year_of(std::int64_t unix_seconds) {
  return civil({.seconds = unix_seconds, .nanoseconds = 0, .zone = nullptr}).year;
}

}  // namespace

std::optional<TimeZone::Local> posix_local(std::string_view rule, std::int64_t unix_seconds) {
  Parser in(rule);
  const auto standard_name = in.name();
  const auto standard = standard_name ? in.offset() : std::nullopt;
  if (!standard) return std::nullopt;
  TimeZone::Local normal{.offset = static_cast<std::int32_t>(-*standard),
                         .abbreviation = *standard_name,
                         .dst = false};
  if (in.done()) return normal;
  const auto summer_name = in.name();
  if (!summer_name) return std::nullopt;
  TimeZone::Local summer{.offset = normal.offset + 3600, .abbreviation = *summer_name, .dst = true};
  Parser probe = in;
  if (!probe.done() && !probe.take(',')) {
    const auto offset = in.offset();
    if (!offset) return std::nullopt;
    summer.offset = static_cast<std::int32_t>(-*offset);
  }
  const auto start = in.take(',') ? in.change() : std::nullopt;
  const auto end = start && in.take(',') ? in.change() : std::nullopt;
  if (!end) return std::nullopt;
  const std::int64_t year = year_of(unix_seconds);
  const std::int64_t now = unix_seconds - days_from_civil(year, 1, 1) * kDay;
  const std::int64_t from = start->within(year) - normal.offset;
  const std::int64_t to = end->within(year) - summer.offset;
  const bool inside = from < to ? now >= from && now < to : now >= from || now < to;
  return inside ? summer : normal;
}

}  // namespace tiphys::text
