#include "text/calendar.hpp"
#include "text/date_layout.hpp"

#include "tiphys/text/go_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tiphys::text {

namespace {

using base::Code;
using base::Error;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool digit_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_digit(text[at]);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x80 || c < ' ')
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// Length of a zone's abbreviation at the start of text, as time.parseTimeZone accepts it; 0: none.
std::size_t signed_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return 0;
  std::size_t end = 1;
  int hours = 0;
  while (digit_at(text, end) && hours < 1000) hours = hours * 10 + (text[end++] - '0');
  return end == 1 || hours > 23 ? 0 : end;
}

std::size_t zone_name_size(std::string_view text) {
  if (text.size() < 3) return 0;
  if (text.starts_with("ChST") || text.starts_with("MeST")) return 4;
  if (text.starts_with("GMT")) return 3 + signed_offset(text.substr(3));
  if (text[0] == '+' || text[0] == '-') return signed_offset(text);
  std::size_t upper = 0;
  while (upper < 6 && upper < text.size() && text[upper] >= 'A' && text[upper] <= 'Z') ++upper;
  if (upper == 5) return text[4] == 'T' ? 5 : 0;
  if (upper == 4) return text[3] == 'T' || text.starts_with("WITA") ? 4 : 0;
  return upper == 3 ? 3 : 0;
}

/// Reads a value along a layout. Each reader answers false where Go says "cannot parse", and leaves
/// the name of a field that is out of range in range_.
class Parser {
 public:
  Parser(std::string_view layout, std::string_view text, std::shared_ptr<const TimeZone> zone)
      : layout_(layout), text_(text), rest_(text), local_(std::move(zone)) {
    if (local_ == nullptr) local_ = TimeZone::utc();
  }

  base::Result<GoTime> run() {
    std::string_view layout = layout_;
    while (true) {
      const LayoutChunk chunk = next_chunk(layout);
      if (!skip(chunk.prefix)) return cannot_parse(rest_, chunk.prefix);
      if (chunk.element == Std::none) {
        if (!rest_.empty()) return failed(": extra text: " + quoted(rest_));
        return finish();
      }
      layout = chunk.rest;
      const std::string_view hold = rest_;
      const bool ok = element(chunk);
      if (!range_.empty()) return failed(fmt::format(": {} out of range", range_));
      if (!ok) return cannot_parse(hold, chunk.text);
    }
  }

 private:
  Error failed(std::string_view message) const {
    return {Code::Invalid, fmt::format("parsing time {}{}", quoted(text_), message)};
  }
  Error cannot_parse(std::string_view value, std::string_view element) const {
    return {Code::Invalid,
            fmt::format("parsing time {} as {}: cannot parse {} as {}", quoted(text_),
                        quoted(layout_), quoted(value), quoted(element))};
  }

  /// A run of blanks in the layout takes any run of blanks.
  bool skip(std::string_view prefix) {
    const auto blanks = [](std::string_view& text) {
      while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
    };
    while (!prefix.empty()) {
      if (prefix[0] == ' ') {
        if (!rest_.empty() && rest_[0] != ' ') return false;
        blanks(prefix);
        blanks(rest_);
        continue;
      }
      if (rest_.empty() || rest_[0] != prefix[0]) return false;
      prefix.remove_prefix(1);
      rest_.remove_prefix(1);
    }
    return true;
  }

  bool take_number(std::size_t digits, int& out) {
    if (rest_.size() < digits) return false;
    const char* const end = rest_.data() + digits;
    const auto parsed = std::from_chars(end - digits, end, out);
    if (parsed.ec != std::errc() || parsed.ptr != end) return false;
    rest_.remove_prefix(digits);
    return true;
  }

  /// One or two digits, exactly two when fixed.
  bool number(bool fixed, int& out) {
    if (!digit_at(rest_, 0)) return false;
    if (digit_at(rest_, 1)) return take_number(2, out);
    return !fixed && take_number(1, out);
  }

  template <std::size_t N>
  bool name(const std::array<std::string_view, N>& names, std::size_t size, int& index) {
    for (std::size_t i = 0; i < N; ++i) {
      const std::string_view wanted = names[i].substr(0, size);
      if (rest_.size() < wanted.size()) continue;
      if (!std::equal(wanted.begin(), wanted.end(), rest_.begin(),
                      [](char a, char b) { return lower(a) == lower(b); }))
        continue;
      index = static_cast<int>(i);
      rest_.remove_prefix(wanted.size());
      return true;
    }
    return false;
  }

  void check_range(int value, int low, int high, std::string_view what) {
    if (value < low || value > high) range_ = what;
  }

  bool element(const LayoutChunk& chunk) {
    switch (chunk.element) {
      case Std::hour:
      case Std::hour12:
      case Std::zero_hour12:
      case Std::minute:
      case Std::zero_minute:
      case Std::second:
      case Std::zero_second:
      case Std::upper_pm:
      case Std::lower_pm:
        return clock(chunk);
      case Std::offset:
        return offset(chunk);
      case Std::zone_name:
        return zone_name();
      case Std::fraction_zeros:
        return nanoseconds(static_cast<std::size_t>(chunk.digits) + 1);
      case Std::fraction_nines:
        return optional_fraction();
      default:
        return date(chunk.element);
    }
  }

  bool date(Std element) {
    int ignored = 0;
    switch (element) {
      case Std::year:
        if (!take_number(2, year_)) return false;
        year_ += year_ >= 69 ? 1900 : 2000;
        return true;
      case Std::long_year:
        return digit_at(rest_, 0) && take_number(4, year_);
      case Std::month:
      case Std::long_month:
        if (!name(kMonths, element == Std::month ? 3 : 99, month_)) return false;
        ++month_;
        return true;
      case Std::num_month:
      case Std::zero_month:
        if (!number(element == Std::zero_month, month_)) return false;
        check_range(month_, 1, 12, "month");
        return true;
      case Std::weekday:
        return name(kWeekdays, 3, ignored);
      case Std::long_weekday:
        return name(kWeekdays, 99, ignored);
      case Std::day:
      case Std::under_day:
      case Std::zero_day:
        if (element == Std::under_day && rest_.starts_with(' ')) rest_.remove_prefix(1);
        return number(element == Std::zero_day, day_);
      default:
        return year_day(element == Std::zero_year_day);
    }
  }

  bool year_day(bool fixed) {
    for (int i = 0; i < 2 && !fixed && rest_.starts_with(' '); ++i) rest_.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < 3 && digit_at(rest_, digits)) ++digits;
    if (digits == 0 || (fixed && digits != 3)) return false;
    return take_number(digits, year_day_);
  }

  bool clock(const LayoutChunk& chunk) {
    switch (chunk.element) {
      case Std::hour:
        if (!number(false, hour_)) return false;
        check_range(hour_, 0, 23, "hour");
        return true;
      case Std::hour12:
      case Std::zero_hour12:
        if (!number(chunk.element == Std::zero_hour12, hour_)) return false;
        check_range(hour_, 0, 12, "hour");
        return true;
      case Std::minute:
      case Std::zero_minute:
        if (!number(chunk.element == Std::zero_minute, minute_)) return false;
        check_range(minute_, 0, 59, "minute");
        return true;
      case Std::second:
      case Std::zero_second:
        return second(chunk);
      default:
        return half_day(chunk.element == Std::upper_pm);
    }
  }

  bool second(const LayoutChunk& chunk) {
    if (!number(chunk.element == Std::zero_second, second_)) return false;
    check_range(second_, 0, 59, "second");
    if (!range_.empty()) return true;
    // A fraction is taken even where the layout has none.
    const Std next = next_chunk(chunk.rest).element;
    if (next == Std::fraction_zeros || next == Std::fraction_nines) return true;
    return optional_fraction();
  }

  bool half_day(bool upper) {
    const std::string_view text = rest_.substr(0, 2);
    pm_ = text == (upper ? "PM" : "pm");
    am_ = text == (upper ? "AM" : "am");
    if (!pm_ && !am_) return false;
    rest_.remove_prefix(2);
    return true;
  }

  bool optional_fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1]))
      return true;
    std::size_t end = 1;
    while (digit_at(rest_, end)) ++end;
    return nanoseconds(end);
  }

  /// The mark and digits of a fraction, `size` bytes.
  bool nanoseconds(std::size_t size) {
    if (rest_.size() < size || (rest_[0] != '.' && rest_[0] != ',')) return false;
    const std::string_view digits = rest_.substr(1, std::min<std::size_t>(size - 1, 9));
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return false;
    nanoseconds_ = 0;
    for (std::size_t i = 0; i < 9; ++i)
      nanoseconds_ = nanoseconds_ * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    rest_.remove_prefix(size);
    return true;
  }

  bool offset(const LayoutChunk& chunk) {
    if (chunk.zulu && rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      zone_ = TimeZone::utc();
      return true;
    }
    if (rest_.size() < chunk.text.size()) return false;
    const char sign = rest_[0];
    rest_.remove_prefix(1);
    int parts[3] = {0, 0, 0};  // NOLINT(modernize-avoid-c-arrays)
    const int count = chunk.seconds ? 3 : (chunk.minutes ? 2 : 1);
    for (int i = 0; i < count; ++i) {
      if (i > 0 && chunk.colon) {
        if (!rest_.starts_with(':')) return false;
        rest_.remove_prefix(1);
      }
      if (!digit_at(rest_, 0) || !digit_at(rest_, 1) || !take_number(2, parts[i])) return false;
    }
    check_range(parts[0], 0, 24, "time zone offset hour");
    check_range(parts[1], 0, 60, "time zone offset minute");
    check_range(parts[2], 0, 60, "time zone offset second");
    if (sign != '+' && sign != '-') return false;
    const int seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    offset_ = sign == '-' ? -seconds : seconds;
    return true;
  }

  bool zone_name() {
    if (rest_.starts_with("UTC")) {
      rest_.remove_prefix(3);
      zone_ = TimeZone::utc();
      return true;
    }
    const std::size_t size = zone_name_size(rest_);
    if (size == 0) return false;
    zone_name_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::optional<std::string_view> apply_year_day() {
    const int days = is_leap(year_) ? 366 : 365;
    if (year_day_ < 1 || year_day_ > days) return ": day-of-year out of range";
    int month = 1;
    int day = year_day_;
    while (day > days_in_month(year_, month)) day -= days_in_month(year_, month++);
    if (month_ >= 0 && month_ != month) return ": day-of-year does not match month";
    if (day_ >= 0 && day_ != day) return ": day-of-year does not match day";
    month_ = month;
    day_ = day;
    return std::nullopt;
  }

  base::Result<GoTime> finish() {
    if (pm_ && hour_ < 12) hour_ += 12;
    if (am_ && hour_ == 12) hour_ = 0;
    if (year_day_ >= 0) {
      if (const auto why = apply_year_day()) return failed(*why);
    }
    if (month_ < 0) month_ = 1;
    if (day_ < 0) day_ = 1;
    if (day_ < 1 || day_ > days_in_month(year_, month_)) return failed(": day out of range");
    if (zone_ != nullptr) return at(zone_);
    if (offset_) return at_offset();
    if (!zone_name_.empty()) return at_name();
    return at(local_);
  }

  GoTime at(std::shared_ptr<const TimeZone> zone) const {
    const Civil date{.year = year_,
                     .month = month_,
                     .day = day_,
                     .hour = hour_,
                     .minute = minute_,
                     .second = second_};
    return from_civil(date, nanoseconds_, std::move(zone));
  }

  GoTime at_offset() const {
    GoTime time = at(nullptr);
    time.seconds -= *offset_;
    const TimeZone::Local local = local_->at(time.seconds);
    const bool ours =
        local.offset == *offset_ && (zone_name_.empty() || local.abbreviation == zone_name_);
    time.zone = ours ? local_ : TimeZone::fixed(std::string(zone_name_), *offset_);
    return time;
  }

  GoTime at_name() const {
    GoTime time = at(nullptr);
    std::int32_t offset = 0;
    if (local_->lookup_abbreviation(zone_name_, time.seconds, offset)) {
      time.seconds -= offset;
      time.zone = local_;
      return time;
    }
    if (zone_name_.size() > 3 && zone_name_.starts_with("GMT")) {
      const std::size_t skip = zone_name_[3] == '+' ? 4 : 3;
      std::from_chars(zone_name_.data() + skip, zone_name_.data() + zone_name_.size(), offset);
      offset *= 3600;
    }
    // Go makes up the zone but doesn't shift the time.
    time.zone = TimeZone::fixed(std::string(zone_name_), offset);
    return time;
  }

  std::string_view layout_;
  std::string_view text_;
  std::string_view rest_;
  std::shared_ptr<const TimeZone> local_;
  std::string_view range_;
  int year_ = 0;
  int month_ = -1;
  int day_ = -1;
  int year_day_ = -1;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  std::int32_t nanoseconds_ = 0;
  bool am_ = false;
  bool pm_ = false;
  std::shared_ptr<const TimeZone> zone_;
  std::optional<std::int32_t> offset_;
  std::string_view zone_name_;
};

}  // namespace

base::Result<GoTime> parse_time(std::string_view layout, std::string_view text,
                                std::shared_ptr<const TimeZone> zone) {
  return Parser(layout, text, std::move(zone)).run();
}

}  // namespace tiphys::text
