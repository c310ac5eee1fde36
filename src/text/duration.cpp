#include "tiphys/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace tiphys::text {

namespace {

using base::Code;
using base::Error;

constexpr std::uint64_t kTop = std::uint64_t{1} << 63U;

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"\xC2\xB5s", 1'000},
                                         {"\xCE\xBCs", 1'000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// time's quote(): no escapes but for quotes, backslashes and what isn't printable ASCII.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) >= 0x80 || c < ' ') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

Error invalid(std::string_view text) {
  return {Code::Invalid, "time: invalid duration " + quoted(text)};
}

/// Whole digits into number; false when it overflows.
bool leading_int(std::string_view& rest, std::uint64_t& number) {
  while (!rest.empty() && is_digit(rest[0])) {
    if (number > kTop / 10) return false;
    number = number * 10 + static_cast<std::uint64_t>(rest[0] - '0');
    if (number > kTop) return false;
    rest.remove_prefix(1);
  }
  return true;
}

/// Fraction digits and the power of ten that they stand for; digits that don't fit are dropped.
void leading_fraction(std::string_view& rest, std::uint64_t& number, double& scale) {
  bool overflow = false;
  for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1)) {
    if (overflow) continue;
    const std::uint64_t next = number * 10 + static_cast<std::uint64_t>(rest[0] - '0');
    if (number > (kTop - 1) / 10 || next > kTop) {
      overflow = true;
      continue;
    }
    number = next;
    scale *= 10;
  }
}

std::string_view take_unit(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size() && rest[size] != '.' && !is_digit(rest[size])) ++size;
  const std::string_view unit = rest.substr(0, size);
  rest.remove_prefix(size);
  return unit;
}

/// Fraction with trailing zeros dropped: digits of value below 10^width.
std::string decimals(std::uint64_t value, int width) {
  std::string digits = fmt::format("{:0{}}", value, width);
  digits.resize(digits.find_last_not_of('0') + 1);
  return digits.empty() ? "" : "." + digits;
}

}  // namespace

base::Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return std::chrono::nanoseconds(0);
  if (rest.empty()) return invalid(text);
  std::uint64_t total = 0;
  while (!rest.empty()) {
    std::uint64_t whole = 0;
    std::uint64_t fraction = 0;
    double scale = 1;
    if (rest[0] != '.' && !is_digit(rest[0])) return invalid(text);
    const std::size_t before = rest.size();
    if (!leading_int(rest, whole)) return invalid(text);
    bool digits = rest.size() != before;
    if (!rest.empty() && rest[0] == '.') {
      rest.remove_prefix(1);
      const std::size_t start = rest.size();
      leading_fraction(rest, fraction, scale);
      digits = digits || rest.size() != start;
    }
    if (!digits) return invalid(text);
    const std::string_view name = take_unit(rest);
    if (name.empty()) return Error(Code::Invalid, "time: missing unit in duration " + quoted(text));
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                          [name](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end())
      return Error(Code::Invalid,
                   fmt::format("time: unknown unit {} in duration {}", quoted(name), quoted(text)));
    if (whole > kTop / unit->nanoseconds) return invalid(text);
    whole *= unit->nanoseconds;
    if (fraction > 0) {
      whole += static_cast<std::uint64_t>(static_cast<double>(fraction) *
                                          (static_cast<double>(unit->nanoseconds) / scale));
      if (whole > kTop) return invalid(text);
    }
    total += whole;
    if (total > kTop) return invalid(text);
  }
  if (negative) return std::chrono::nanoseconds(static_cast<std::int64_t>(~total + 1));
  if (total > kTop - 1) return invalid(text);
  return std::chrono::nanoseconds(static_cast<std::int64_t>(total));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const std::int64_t count = duration.count();
  const auto bits = static_cast<std::uint64_t>(count);
  const std::uint64_t magnitude = count < 0 ? ~bits + 1 : bits;
  const std::string sign = count < 0 ? "-" : "";
  if (magnitude == 0) return "0s";
  if (magnitude < 1'000) return fmt::format("{}{}ns", sign, magnitude);
  if (magnitude < 1'000'000)
    return fmt::format("{}{}{}\xC2\xB5s", sign, magnitude / 1'000, decimals(magnitude % 1'000, 3));
  if (magnitude < 1'000'000'000)
    return fmt::format("{}{}{}ms", sign, magnitude / 1'000'000, decimals(magnitude % 1'000'000, 6));
  const std::uint64_t seconds = magnitude / 1'000'000'000;
  std::string out = fmt::format("{}{}s", seconds % 60, decimals(magnitude % 1'000'000'000, 9));
  if (seconds >= 60) out = fmt::format("{}m{}", seconds / 60 % 60, out);
  if (seconds >= 3600) out = fmt::format("{}h{}", seconds / 3600, out);
  return sign + out;
}

}  // namespace tiphys::text
