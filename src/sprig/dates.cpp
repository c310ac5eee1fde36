#include "sprig/internal.hpp"
#include "sprig/natives.hpp"

#include "tiphys/text/duration.hpp"
#include "tiphys/text/go_date.hpp"

#include <array>
#include <chrono>

namespace tiphys::sprig {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

base::Result<text::GoTime> now(Call& call) {
  TRY_ASSIGN(const Value answer, ask(call, [](Source& source) -> Answer {
               TRY_ASSIGN(const std::int64_t nanoseconds, source.now());
               return Value(nanoseconds);
             }));
  if (!answer.is_int()) return base::Error(base::Code::Internal, "remembered time is no integer");
  TRY_ASSIGN(auto zone, host(call).zone("Local"));
  return time_plus({.seconds = 0, .nanoseconds = 0, .zone = std::move(zone)}, answer.integer());
}

enum class Int32 : std::uint8_t { no, yes };

/// A time, or an int or int64 of seconds; anything else is now.
base::Result<text::GoTime> time_argument(Call& call, const Value& value, Int32 int32) {
  if (const text::GoTime* time = as_time(value)) return *time;
  const GoType type = value.go_type();
  if (value.is_int() && (type == GoType::natural || type == GoType::i ||
                         (int32 == Int32::yes && type == GoType::i32)))
    return text::GoTime{.seconds = value.integer(), .nanoseconds = 0, .zone = nullptr};
  return now(call);
}

Answer in_zone(Call& call, std::string_view layout, const Value& date, std::string_view name) {
  TRY_ASSIGN(const text::GoTime time, time_argument(call, date, Int32::yes));
  auto zone = host(call).zone(name);
  // A zone that doesn't exist is UTC.
  return text(
      call, text::format_time(text::in_zone(time, zone.ok() ? *std::move(zone) : nullptr), layout));
}

constexpr std::string_view kHtml = "2006-01-02";

std::string_view arg(const Call& call, std::size_t i) { return call.args[i].string(); }

Answer date_in_zone(Call& call) { return in_zone(call, arg(call, 0), call.args[1], arg(call, 2)); }

Answer must_modify(Call& call) {
  TRY_ASSIGN(const auto by, text::parse_duration(arg(call, 0)));
  return time_value(time_plus(*as_time(call.args[1]), by.count()));
}

Answer modify(Call& call) {
  const auto by = text::parse_duration(arg(call, 0));
  if (!by.ok()) return call.args[1];
  return time_value(time_plus(*as_time(call.args[1]), by->count()));
}

Answer must_to_date(Call& call) {
  TRY_ASSIGN(auto zone, host(call).zone("Local"));
  TRY_ASSIGN(text::GoTime time, text::parse_time(arg(call, 0), arg(call, 1), std::move(zone)));
  return time_value(std::move(time));
}

Answer to_date(Call& call) {
  Answer parsed = must_to_date(call);
  if (parsed.ok()) return parsed;
  constexpr std::int64_t kYearOne = -62135596800;
  return time_value({.seconds = kYearOne, .nanoseconds = 0, .zone = nullptr});
}

/// Time.Sub: a duration holds 292 years, what is further apart is cut off.
std::int64_t since(const text::GoTime& then, const text::GoTime& present) {
  const __int128 distance = (static_cast<__int128>(present.seconds) - then.seconds) * kSecond +
                            (present.nanoseconds - then.nanoseconds);
  if (distance > INT64_MAX) return INT64_MAX;
  if (distance < INT64_MIN) return INT64_MIN;
  return static_cast<std::int64_t>(distance);
}

/// Duration.Round to seconds, half away from zero.
std::int64_t round_to_second(std::int64_t nanoseconds) {
  const std::int64_t rest = nanoseconds % kSecond;
  std::int64_t out = nanoseconds - rest;
  if (rest * 2 >= kSecond && out <= INT64_MAX - kSecond) out += kSecond;
  if (rest * 2 <= -kSecond && out >= INT64_MIN + kSecond) out -= kSecond;
  return out;
}

Answer ago(Call& call) {
  TRY_ASSIGN(const text::GoTime present, now(call));
  text::GoTime then = present;
  const Value& value = call.args[0];
  if (as_time(value) != nullptr || (value.is_int() && value.go_type() != GoType::i32)) {
    TRY_ASSIGN(then, time_argument(call, value, Int32::no));
  }
  return Value(
      text::format_duration(std::chrono::nanoseconds(round_to_second(since(then, present)))));
}

bool is_plain_text(const Value& value) {
  return value.is_string() && value.go_type() == GoType::natural;
}

Answer duration(Call& call) {
  std::int64_t seconds = 0;
  const Value& value = call.args[0];
  if (is_plain_text(value)) seconds = parse_int(value.string(), 10).value;
  if (value.is_int() && value.go_type() == GoType::natural) seconds = value.integer();
  const auto nanoseconds = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) *
                                                     static_cast<std::uint64_t>(kSecond));
  return Value(text::format_duration(std::chrono::nanoseconds(nanoseconds)));
}

struct Unit {
  std::uint64_t nanoseconds;
  std::string_view suffix;
};
constexpr std::uint64_t kHour = 3600ULL * kSecond;
constexpr std::array<Unit, 6> kUnits = {{{kHour * 24 * 365, "y"},
                                         {kHour * 24 * 30, "mo"},
                                         {kHour * 24, "d"},
                                         {kHour, "h"},
                                         {kHour / 60, "m"},
                                         {kHour / 3600, "s"}}};

Answer duration_round(Call& call) {
  std::int64_t nanoseconds = 0;
  const Value& value = call.args[0];
  if (is_plain_text(value)) {
    const auto parsed = text::parse_duration(value.string());
    if (parsed.ok()) nanoseconds = parsed->count();
  } else if (value.is_int() && value.go_type() == GoType::natural) {
    nanoseconds = value.integer();
  } else if (const text::GoTime* time = as_time(value)) {
    TRY_ASSIGN(const text::GoTime present, now(call));
    nanoseconds = since(*time, present);
  }
  auto size = static_cast<std::uint64_t>(nanoseconds);
  if (nanoseconds < 0) size = ~size + 1;
  for (const Unit& unit : kUnits)
    if (size > unit.nanoseconds)
      return Value(std::to_string(size / unit.nanoseconds).append(unit.suffix));
  return Value("0s");
}

Answer present(Call& call) {
  TRY_ASSIGN(text::GoTime time, now(call));
  return time_value(std::move(time));
}

constexpr auto kDates = std::to_array<Function>({
    {"now", "", present},
    {"ago", "any", ago},
    {"date", "string, any", [](Call& c) { return in_zone(c, arg(c, 0), c.args[1], "Local"); }},
    {"date_in_zone", "string, any, string", date_in_zone},
    {"dateInZone", "string, any, string", date_in_zone},
    {"date_modify", "string, time.Time", modify},
    {"dateModify", "string, time.Time", modify},
    {"must_date_modify", "string, time.Time", must_modify},
    {"mustDateModify", "string, time.Time", must_modify},
    {"duration", "any", duration},
    {"durationRound", "any", duration_round},
    {"htmlDate", "any", [](Call& c) { return in_zone(c, kHtml, c.args[0], "Local"); }},
    {"htmlDateInZone", "any, string",
     [](Call& c) { return in_zone(c, kHtml, c.args[0], arg(c, 1)); }},
    {"toDate", "string, string", to_date},
    {"mustToDate", "string, string", must_to_date},
    {"unixEpoch", "time.Time",
     [](Call& c) -> Answer { return Value(std::to_string(as_time(c.args[0])->seconds)); }},
});

}  // namespace

std::span<const Function> date_functions() { return kDates; }

}  // namespace tiphys::sprig
