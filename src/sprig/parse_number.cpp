#include "sprig/internal.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

namespace tiphys::sprig {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// strconv's rule: an underscore stands between digits or after the base prefix.
bool underscores_ok(std::string_view text) {
  char last = '^';
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) at = 1;
  bool hex = false;
  if (text.size() >= at + 2 && text[at] == '0') {
    const char prefix = lower(text[at + 1]);
    if (prefix == 'b' || prefix == 'o' || prefix == 'x') {
      last = '0';
      hex = prefix == 'x';
      at += 2;
    }
  }
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if ((c >= '0' && c <= '9') || (hex && lower(c) >= 'a' && lower(c) <= 'f')) {
      last = '0';
    } else if (c == '_') {
      if (last != '0') return false;
      last = '_';
    } else {
      if (last == '_') return false;
      last = '!';
    }
  }
  return last != '_';
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'z' ? l - 'a' + 10 : 99;
}

/// Takes a base prefix off; only for base 0.
int take_prefix(std::string_view& digits) {
  if (digits.empty() || digits[0] != '0') return 10;
  if (digits.size() >= 3) {
    const char prefix = lower(digits[1]);
    const int base = prefix == 'b' ? 2 : prefix == 'o' ? 8 : prefix == 'x' ? 16 : 0;
    if (base != 0) {
      digits.remove_prefix(2);
      return base;
    }
  }
  digits.remove_prefix(1);
  return 8;
}

std::string without_underscores(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '_') out.push_back(c);
  return out;
}

bool special_float(std::string_view text, double& number) {
  std::string word;
  for (const char c : text) word.push_back(lower(c));
  const bool negative = word.starts_with('-');
  const bool sign = negative || word.starts_with('+');
  if (sign) word.erase(0, 1);
  if (word == "inf" || word == "infinity") {
    number = negative ? -std::numeric_limits<double>::infinity()
                      : std::numeric_limits<double>::infinity();
    return true;
  }
  if (word != "nan" || sign) return false;
  number = std::numeric_limits<double>::quiet_NaN();
  return true;
}

}  // namespace

ParsedInt parse_int(std::string_view text, int base) {
  std::string_view digits = text;
  bool negative = false;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    negative = digits[0] == '-';
    digits.remove_prefix(1);
  }
  if (digits.empty()) return {};
  const bool free_base = base == 0;
  if (free_base) base = take_prefix(digits);
  std::uint64_t number = 0;
  bool underscores = false;
  bool overflow = false;
  for (const char c : digits) {
    if (c == '_' && free_base) {
      underscores = true;
      continue;
    }
    const int digit = digit_of(c);
    if (digit >= base) return {};
    overflow = overflow ||
               __builtin_mul_overflow(number, static_cast<std::uint64_t>(base), &number) ||
               __builtin_add_overflow(number, static_cast<std::uint64_t>(digit), &number);
  }
  if (underscores && !underscores_ok(text)) return {};
  const std::uint64_t limit = std::uint64_t{1} << 63;
  if (!negative && (overflow || number >= limit))
    return {std::numeric_limits<std::int64_t>::max(), false};
  if (negative && (overflow || number > limit))
    return {std::numeric_limits<std::int64_t>::min(), false};
  return {static_cast<std::int64_t>(negative ? ~number + 1 : number), true};
}

bool parse_float(std::string_view text, double& number) {
  if (special_float(text, number)) return true;
  if (text.contains('_') && !underscores_ok(text)) return false;
  const std::string plain = without_underscores(text);
  std::string_view digits = plain;
  bool negative = false;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    negative = digits[0] == '-';
    digits.remove_prefix(1);
  }
  auto format = std::chars_format::general;
  if (digits.size() > 2 && digits[0] == '0' && lower(digits[1]) == 'x') {
    digits.remove_prefix(2);
    format = std::chars_format::hex;
    if (!digits.contains('p') && !digits.contains('P')) return false;
  }
  if (digits.empty() || digit_of(digits[0]) > 15) {
    if (digits.empty() || digits[0] != '.') return false;
  }
  if (format == std::chars_format::general && digits[0] != '.' && digit_of(digits[0]) > 9)
    return false;
  double parsed = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed, format);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) return false;
  if (error == std::errc::result_out_of_range) {
    // Too small is zero in Go, too big an error; both convert to 0 wherever this is asked.
    parsed = 0;
  }
  number = negative ? -parsed : parsed;
  return true;
}

}  // namespace tiphys::sprig
