#include "sprig/internal.hpp"
#include "sprig/natives.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/text/duration.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <compare>

namespace tiphys::sprig {
namespace {

using gotmpl::NativeObject;

const Function* find(std::span<const Function> rows, std::string_view name) {
  const auto row = std::ranges::find(rows, name, &Function::name);
  return row == rows.end() ? nullptr : &*row;
}

constexpr std::int64_t kSecond = 1'000'000'000;

/// time.Month and time.Weekday: an int with a name.
class NamedInt final : public NativeObject {
 public:
  NamedInt(std::string_view type, std::int64_t number, std::string_view name)
      : type_(type), number_(number), name_(name) {}
  std::string_view go_type() const override { return type_; }
  Shape shape() const override { return Shape::integer; }
  Value underlying() const override { return go_int(number_); }
  std::optional<std::string> text() const override { return std::string(name_); }
  std::optional<Value> tree() const override { return Value(number_); }
  const Function* method(std::string_view name) const override;

 private:
  std::string_view type_;
  std::int64_t number_;
  std::string_view name_;
};

constexpr auto kNamedInt = std::to_array<Function>({
    {"String", "", [](Call& c) -> Answer { return Value(*c.receiver->text()); }},
});
const Function* NamedInt::method(std::string_view name) const { return find(kNamedInt, name); }

class DurationObject final : public NativeObject {
 public:
  explicit DurationObject(std::int64_t nanoseconds) : nanoseconds(nanoseconds) {}
  std::string_view go_type() const override { return "time.Duration"; }
  Shape shape() const override { return Shape::integer; }
  Value underlying() const override { return nanoseconds; }
  std::optional<std::string> text() const override {
    return text::format_duration(std::chrono::nanoseconds(nanoseconds));
  }
  std::optional<Value> tree() const override { return Value(nanoseconds); }
  const Function* method(std::string_view name) const override;

  std::int64_t nanoseconds;
};

std::int64_t nanoseconds(const Call& call) {
  return static_cast<const DurationObject*>(call.receiver)->nanoseconds;
}

template <std::int64_t unit>
Answer whole_units(Call& call) {
  return Value(nanoseconds(call) / unit);
}
template <std::int64_t unit>
Answer real_units(Call& call) {
  const std::int64_t all = nanoseconds(call);
  const std::int64_t whole = all / unit;
  return Value(static_cast<double>(whole) +
               static_cast<double>(all % unit) / static_cast<double>(unit));
}

constexpr auto kDuration = std::to_array<Function>({
    {"String", "", [](Call& c) -> Answer { return Value(*c.receiver->text()); }},
    {"Nanoseconds", "", whole_units<1>},
    {"Microseconds", "", whole_units<1000>},
    {"Milliseconds", "", whole_units<1'000'000>},
    {"Seconds", "", real_units<kSecond>},
    {"Minutes", "", real_units<60 * kSecond>},
    {"Hours", "", real_units<3600 * kSecond>},
});
const Function* DurationObject::method(std::string_view name) const {
  return find(kDuration, name);
}

class TimeObject final : public NativeObject {
 public:
  explicit TimeObject(text::GoTime time) : time(std::move(time)) {}
  std::string_view go_type() const override { return "time.Time"; }
  std::optional<std::string> text() const override { return text::time_string(time); }
  std::optional<Value> tree() const override { return Value(text::time_rfc3339_nano(time)); }
  const Function* method(std::string_view name) const override;

  text::GoTime time;
};

const text::GoTime& time_of(const Call& call) {
  return static_cast<const TimeObject*>(call.receiver)->time;
}
const text::GoTime& other_time(const Call& call) { return *as_time(call.args[0]); }

std::strong_ordering order(const text::GoTime& a, const text::GoTime& b) {
  if (const auto seconds = a.seconds <=> b.seconds; seconds != 0) return seconds;
  return a.nanoseconds <=> b.nanoseconds;
}

template <int text::Civil::* field>
Answer civil_field(Call& call) {
  return go_int(text::civil(time_of(call)).*field);
}

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

Answer month(Call& call) {
  const int number = text::civil(time_of(call)).month;
  return Value(std::make_shared<NamedInt>("time.Month", number,
                                          kMonths[static_cast<std::size_t>(number - 1)]));
}
Answer weekday(Call& call) {
  const int number = text::civil(time_of(call)).weekday;
  return Value(
      std::make_shared<NamedInt>("time.Weekday", number, kDays[static_cast<std::size_t>(number)]));
}

Answer add_date(Call& call) {
  const text::GoTime& time = time_of(call);
  text::Civil date = text::civil(time);
  date.year += call.args[0].integer();
  date.month += static_cast<int>(call.args[1].integer());
  date.day += static_cast<int>(call.args[2].integer());
  return time_value(text::from_civil(date, time.nanoseconds, time.zone));
}

Answer subtract(Call& call) {
  const text::GoTime& a = time_of(call);
  const text::GoTime& b = other_time(call);
  return duration_value((a.seconds - b.seconds) * kSecond + (a.nanoseconds - b.nanoseconds));
}

Answer add(Call& call) {
  const auto* by = dynamic_cast<const DurationObject*>(gotmpl::native_object(call.args[0]));
  return time_value(time_plus(time_of(call), by != nullptr ? by->nanoseconds : 0));
}

Answer local(Call& call) {
  TRY_ASSIGN(auto zone, host(call).zone("Local"));
  return time_value(text::in_zone(time_of(call), std::move(zone)));
}

constexpr std::int64_t kYearOne = -62135596800;

constexpr auto kTime = std::to_array<Function>({
    {"Format", "string",
     [](Call& c) -> Answer { return text(c, text::format_time(time_of(c), c.args[0].string())); }},
    {"String", "", [](Call& c) -> Answer { return Value(text::time_string(time_of(c))); }},
    {"Unix", "", [](Call& c) -> Answer { return Value(time_of(c).seconds); }},
    {"UnixMilli", "",
     [](Call& c) -> Answer {
       return Value(time_of(c).seconds * 1000 + time_of(c).nanoseconds / 1'000'000);
     }},
    {"UnixMicro", "",
     [](Call& c) -> Answer {
       return Value(time_of(c).seconds * 1'000'000 + time_of(c).nanoseconds / 1000);
     }},
    {"UnixNano", "",
     [](Call& c) -> Answer {
       return Value(time_of(c).seconds * kSecond + time_of(c).nanoseconds);
     }},
    {"Year", "", [](Call& c) -> Answer { return go_int(text::civil(time_of(c)).year); }},
    {"Month", "", month},
    {"Day", "", civil_field<&text::Civil::day>},
    {"Hour", "", civil_field<&text::Civil::hour>},
    {"Minute", "", civil_field<&text::Civil::minute>},
    {"Second", "", civil_field<&text::Civil::second>},
    {"Nanosecond", "", [](Call& c) -> Answer { return go_int(time_of(c).nanoseconds); }},
    {"Weekday", "", weekday},
    {"YearDay", "", civil_field<&text::Civil::year_day>},
    {"UTC", "", [](Call& c) -> Answer { return time_value(text::in_zone(time_of(c), nullptr)); }},
    {"Local", "", local},
    {"Add", "time.Duration", add},
    {"AddDate", "int, int, int", add_date},
    {"Sub", "time.Time", subtract},
    {"After", "time.Time",
     [](Call& c) -> Answer { return Value(order(time_of(c), other_time(c)) > 0); }},
    {"Before", "time.Time",
     [](Call& c) -> Answer { return Value(order(time_of(c), other_time(c)) < 0); }},
    {"Equal", "time.Time",
     [](Call& c) -> Answer { return Value(order(time_of(c), other_time(c)) == 0); }},
    {"Compare", "time.Time",
     [](Call& c) -> Answer {
       const auto sign = order(time_of(c), other_time(c));
       return go_int(sign < 0 ? -1 : sign > 0 ? 1 : 0);
     }},
    {"IsZero", "",
     [](Call& c) -> Answer {
       return Value(time_of(c).seconds == kYearOne && time_of(c).nanoseconds == 0);
     }},
});
const Function* TimeObject::method(std::string_view name) const { return find(kTime, name); }

}  // namespace

text::GoTime time_plus(const text::GoTime& time, std::int64_t nanoseconds) {
  text::GoTime out = time;
  std::int64_t rest = time.nanoseconds + nanoseconds % kSecond;
  out.seconds += nanoseconds / kSecond;
  if (rest < 0) {
    rest += kSecond;
    --out.seconds;
  } else if (rest >= kSecond) {
    rest -= kSecond;
    ++out.seconds;
  }
  out.nanoseconds = static_cast<std::int32_t>(rest);
  return out;
}

Value time_value(text::GoTime time) { return Value(std::make_shared<TimeObject>(std::move(time))); }
Value duration_value(std::int64_t nanoseconds) {
  return Value(std::make_shared<DurationObject>(nanoseconds));
}

const text::GoTime* as_time(const Value& value) {
  const auto* object = dynamic_cast<const TimeObject*>(gotmpl::native_object(value));
  return object != nullptr ? &object->time : nullptr;
}

}  // namespace tiphys::sprig
