#include "tiphys/text/cron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace tiphys::text {

namespace {

/// Set where a field is `*` or `?` without a step: it restricts nothing.
constexpr std::uint64_t kAny = 1ULL << 63U;
constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSearchedDays = 5LL * 366;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed",
                                                       "thu", "fri", "sat"};

struct Bounds {
  std::string_view name;
  unsigned low;
  unsigned high;
  std::span<const std::string_view> names{};
};
constexpr std::array<Bounds, 5> kFields = {{{"minute", 0, 59},
                                            {"hour", 0, 23},
                                            {"day of month", 1, 31},
                                            {"month", 1, 12, kMonths},
                                            {"day of week", 0, 6, kWeekdays}}};

base::Error invalid_text(std::string message) { return {base::Code::Invalid, std::move(message)}; }

base::Error invalid(const Bounds& field, std::string_view text, std::string_view why) {
  return invalid_text(fmt::format("{} '{}': {}", field.name, text, why));
}

bool same_name(std::string_view text, std::string_view name) {
  if (text.size() != name.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) | 0x20U) != static_cast<unsigned char>(name[i]))
      return false;
  return true;
}

std::optional<unsigned> number(const Bounds& field, std::string_view text) {
  for (std::size_t i = 0; i < field.names.size(); ++i)
    if (same_name(text, field.names[i])) return static_cast<unsigned>(i) + field.low;
  if (text.starts_with('+')) text.remove_prefix(1);  // as Go's Atoi
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const auto at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

/// `a`, `a-b`, `*`, each with an optional `/step`.
base::Result<std::uint64_t> read_range(const Bounds& field, std::string_view text) {
  const auto stepped = split(text, '/');
  const auto ends = split(stepped[0], '-');
  if (stepped.size() > 2) return invalid(field, text, "more than one slash");
  if (ends.size() > 2) return invalid(field, text, "more than one hyphen");
  unsigned low = field.low;
  unsigned high = field.high;
  const bool any = ends[0] == "*" || ends[0] == "?";
  if (!any) {
    const auto first = number(field, ends[0]);
    if (!first) return invalid(field, text, "not a number");
    low = high = *first;
    if (ends.size() == 2) {
      const auto last = number(field, ends[1]);
      if (!last) return invalid(field, text, "not a number");
      high = *last;
    }
  }
  unsigned step = 1;
  if (stepped.size() == 2) {
    const auto wanted = number({field.name, field.low, field.high}, stepped[1]);
    if (!wanted || *wanted == 0) return invalid(field, text, "the step isn't a positive number");
    step = *wanted;
    if (ends.size() == 1) high = field.high;
  }
  if (low < field.low || high > field.high)
    return invalid(field, text, fmt::format("beyond {}-{}", field.low, field.high));
  if (low > high) return invalid(field, text, "begins beyond its end");
  std::uint64_t bits = any && step == 1 ? kAny : 0;
  for (std::uint64_t i = low; i <= high; i += step) bits |= 1ULL << i;
  return bits;
}

base::Result<std::uint64_t> read_field(const Bounds& field, std::string_view text) {
  std::uint64_t bits = 0;
  for (const auto part : split(text, ',')) {
    if (part.empty()) continue;
    TRY_ASSIGN(const std::uint64_t more, read_range(field, part));
    bits |= more;
  }
  return bits;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = text.find_first_not_of(" \t\r\n\v\f", at);
    if (start == std::string_view::npos) break;
    at = std::min(text.find_first_of(" \t\r\n\v\f", start), text.size());
    out.push_back(text.substr(start, at - start));
  }
  return out;
}

bool has(std::uint64_t bits, unsigned value) { return (bits >> value & 1U) != 0; }

/// The first set bit from `from` on, below `end`.
std::optional<unsigned> next_bit(std::uint64_t bits, unsigned from, unsigned end) {
  if (from >= end) return std::nullopt;
  const std::uint64_t rest = (bits & ~kAny) >> from;
  if (rest == 0) return std::nullopt;
  return from + static_cast<unsigned>(std::countr_zero(rest));
}

}  // namespace

base::Result<Cron> Cron::parse(std::string_view text) {
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ="))
    return invalid_text("a time zone within the schedule isn't supported: use timeZone");
  if (text.starts_with('@'))
    return invalid_text(fmt::format("descriptors such as {} aren't allowed", text));
  const auto fields = words(text);
  if (fields.size() != kFields.size())
    return invalid_text(fmt::format("expected 5 fields, found {}", fields.size()));
  Cron out;
  const std::array<std::uint64_t*, 5> into = {&out.minutes_, &out.hours_, &out.days_, &out.months_,
                                              &out.weekdays_};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    TRY_ASSIGN(*into.at(i), read_field(kFields.at(i), fields[i]));
  }
  return out;
}

bool Cron::matches_day(std::int64_t days_since_1970) const {
  const std::chrono::sys_days date{std::chrono::days(days_since_1970)};
  const std::chrono::year_month_day civil(date);
  if (!has(months_, static_cast<unsigned>(civil.month()))) return false;
  const bool day = has(days_, static_cast<unsigned>(civil.day()));
  const bool weekday = has(weekdays_, std::chrono::weekday(date).c_encoding());
  if ((days_ & kAny) != 0 || (weekdays_ & kAny) != 0) return day && weekday;
  return day || weekday;
}

std::optional<std::int64_t> Cron::next(std::int64_t after) const {
  const auto floor_div = [](std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  const std::int64_t from = (floor_div(after, kMinute) + 1) * kMinute;
  const std::int64_t first_day = floor_div(from, kDay);
  for (std::int64_t day = first_day; day <= first_day + kSearchedDays; ++day) {
    if (!matches_day(day)) continue;
    const std::int64_t rest = day == first_day ? from - day * kDay : 0;
    const auto first_hour = static_cast<unsigned>(rest / kHour);
    for (auto hour = next_bit(hours_, first_hour, 24); hour;
         hour = next_bit(hours_, *hour + 1, 24)) {
      const auto low = *hour == first_hour ? static_cast<unsigned>(rest % kHour / kMinute) : 0U;
      if (const auto minute = next_bit(minutes_, low, 60))
        return day * kDay + *hour * kHour + *minute * kMinute;
    }
  }
  return std::nullopt;
}

}  // namespace tiphys::text
