#include "value/yaml_resolve.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>

namespace tiphys::value {

namespace {

using Tag = Resolved::Tag;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 8> kOldTrue = {"y",   "Y",  "yes", "Yes",
                                                      "YES", "on", "On",  "ON"};
constexpr std::array<std::string_view, 8> kOldFalse = {"n",  "N",   "no",  "No",
                                                       "NO", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 3> kTrue = {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse = {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kNan = {".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 6> kInf = {".inf",  ".Inf",  ".INF",
                                                  "+.inf", "+.Inf", "+.INF"};
constexpr std::array<std::string_view, 3> kMinusInf = {"-.inf", "-.Inf", "-.INF"};

Resolved boolean(bool b) { return {.tag = Tag::boolean, .boolean = b}; }
Resolved floating(double d) { return {.tag = Tag::floating, .floating = d}; }
Resolved null() { return {.tag = Tag::null}; }

/// Of the words, those that may start with this letter or sign are compared.
std::optional<Resolved> word(std::string_view text, YamlVersion version) {
  if (text.size() > 5) return std::nullopt;
  const bool old = version == YamlVersion::v2;
  switch (text.empty() ? '~' : text.front()) {
    case 't':
    case 'T':
      if (one_of(text, kTrue)) return boolean(true);
      return std::nullopt;
    case 'f':
    case 'F':
      if (one_of(text, kFalse)) return boolean(false);
      return std::nullopt;
    case 'n':
    case 'N':
      if (one_of(text, kNull)) return null();
      if (old && one_of(text, kOldFalse)) return boolean(false);
      return std::nullopt;
    case '~':
      if (one_of(text, kNull)) return null();
      return std::nullopt;
    case 'y':
    case 'Y':
    case 'o':
    case 'O':
      if (old && one_of(text, kOldTrue)) return boolean(true);
      if (old && one_of(text, kOldFalse)) return boolean(false);
      return std::nullopt;
    default:
      if (one_of(text, kNan)) return floating(std::numeric_limits<double>::quiet_NaN());
      if (one_of(text, kInf)) return floating(std::numeric_limits<double>::infinity());
      if (one_of(text, kMinusInf)) return floating(-std::numeric_limits<double>::infinity());
      return std::nullopt;
  }
}

/// strconv.ParseInt/ParseUint with base 0 on text without underscores.
std::optional<Resolved> whole(std::string_view text) {
  bool negative = false;
  bool sign = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    sign = true;
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = 8;
    std::size_t skip = 1;
    if (text.size() > 2) {
      const char mark = static_cast<char>(text[1] | 0x20);
      if (mark == 'x' || mark == 'o' || mark == 'b') {
        base = mark == 'x' ? 16 : (mark == 'b' ? 2 : 8);
        skip = 2;
      }
    }
    text.remove_prefix(skip);
  }
  std::uint64_t magnitude = 0;
  const char* const end = std::to_address(text.end());
  const auto parsed = std::from_chars(std::to_address(text.begin()), end, magnitude, base);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63U;
  if (negative) {
    if (magnitude > kTop) return std::nullopt;
    return Resolved{.tag = Tag::integer, .integer = static_cast<std::int64_t>(~magnitude + 1)};
  }
  if (magnitude >= kTop && sign) return std::nullopt;
  return Resolved{.tag = magnitude >= kTop ? Tag::uint : Tag::integer,
                  .integer = static_cast<std::int64_t>(magnitude)};
}

/// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
bool float_style(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&text, &at] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  const auto skip = [&text, &at](std::string_view any) {
    if (at >= text.size() || any.find(text[at]) == std::string_view::npos) return false;
    ++at;
    return true;
  };
  skip("+-");
  if (digits() == 0) {
    if (!skip(".") || digits() == 0) return false;
  } else if (skip(".")) {
    digits();
  }
  if (skip("eE")) {
    skip("+-");
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<Resolved> decimal(const std::string& text) {
  const double number = std::strtod(text.c_str(), nullptr);
  if (std::isinf(number)) return std::nullopt;
  return floating(number);
}

/// Go's underscoreOK for a number without a base prefix: each one between digits.
bool underscores_between_digits(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
      return false;
  }
  return true;
}

std::string without_underscores(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

/// Reads fields of a timestamp as time.Parse does.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  bool number(int& out) {  // one or two digits
    if (rest_.empty() || !is_digit(rest_[0])) return false;
    out = rest_[0] - '0';
    rest_.remove_prefix(1);
    if (!rest_.empty() && is_digit(rest_[0])) {
      out = out * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return true;
  }
  bool two_digits(int& out) {
    return rest_.size() >= 2 && is_digit(rest_[0]) && is_digit(rest_[1]) && number(out);
  }
  bool text(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_[0])) rest_.remove_prefix(1);
  }
  bool blanks() {
    if (rest_.empty() || rest_[0] != ' ') return false;
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
    return true;
  }
  bool clock() {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!number(hour) || !text(':') || !number(minute) || !text(':') || !number(second))
      return false;
    fraction();
    return hour < 24 && minute < 60 && second < 60;
  }
  bool offset() {
    if (text('Z')) return true;
    int hours = 0;
    int minutes = 0;
    if (!text('+') && !text('-')) return false;
    return two_digits(hours) && text(':') && two_digits(minutes) && hours <= 24 && minutes <= 60;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

int days_in(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && leap ? 1 : 0);
}

bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-' || !std::all_of(text.begin(), text.begin() + 4, is_digit))
    return false;
  int year = 0;
  std::from_chars(std::to_address(text.begin()), std::to_address(text.begin() + 4), year);
  DateReader in(text.substr(5));
  int month = 0;
  int day = 0;
  if (!in.number(month) || !in.text('-') || !in.number(day)) return false;
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
  if (in.done()) return true;
  if (in.text('T') || in.text('t')) return in.clock() && in.offset() && in.done();
  return in.blanks() && in.clock() && in.done();
}

}  // namespace

std::string_view short_tag(Tag tag) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "!!str", "!!bool", "!!null", "!!int", "!!int", "!!float", "!!timestamp"};
  return kNames.at(static_cast<std::size_t>(tag));
}

namespace {

Resolved resolve(std::string_view text, YamlVersion version, bool timestamps) {
  if (text.empty()) return null();
  const char first = text[0];
  const bool numeric = is_digit(first) || first == '+' || first == '-';
  if (!numeric && std::string_view("yYnNtTfFoO~.").find(first) == std::string_view::npos) return {};
  if (const auto found = word(text, version)) return *found;
  if (first == '.') {
    if (!underscores_between_digits(text)) return {};
    const std::string plain = without_underscores(text);
    return float_style(plain) ? decimal(plain).value_or(Resolved{}) : Resolved{};
  }
  if (!numeric) return {};
  if (timestamps && is_timestamp(text)) return {.tag = Tag::timestamp};
  const std::string plain = without_underscores(text);
  if (const auto integer = whole(plain)) return *integer;
  if (float_style(plain)) return decimal(plain).value_or(Resolved{});
  return {};
}

}  // namespace

Resolved resolve_scalar(std::string_view text, YamlVersion version) {
  return resolve(text, version, true);
}

bool resolve_tagged(std::string_view tag, std::string_view text, Resolved& out) {
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  out = {};
  if (!tag.starts_with(kPrefix)) return true;
  tag.remove_prefix(kPrefix.size());
  static constexpr std::array<std::string_view, 5> kResolvable = {"bool", "int", "float", "null",
                                                                  "timestamp"};
  if (!one_of(tag, kResolvable)) return true;
  out = resolve(text, YamlVersion::v2, tag == "timestamp");
  if (short_tag(out.tag).substr(2) == tag) return true;
  if (tag != "float" || out.tag != Tag::integer) return false;
  out = floating(static_cast<double>(out.integer));
  return true;
}

bool is_base60(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  if (at >= text.size() || !is_digit(text[at])) return false;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  if (at >= text.size() || text[at] != ':') return false;
  while (at < text.size() && text[at] == ':') {
    std::size_t digits = 0;
    while (at + 1 + digits < text.size() && is_digit(text[at + 1 + digits])) ++digits;
    if (digits == 0 || digits > 2 || (digits == 2 && text[at + 1] > '5')) return false;
    at += 1 + digits;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  }
  return at == text.size();
}

bool is_old_bool(std::string_view text) {
  return one_of(text, kOldTrue) || one_of(text, kOldFalse);
}

}  // namespace tiphys::value
