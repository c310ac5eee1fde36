#include "tiphys/k8s/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>

namespace tiphys::k8s {

namespace {

using base::Code;
using base::Error;

// Far beyond every real quantity: they keep hostile text from costing memory.
constexpr std::size_t kMaxText = 256;
constexpr int kMaxExponent = 512;
constexpr int kNano = -9;

struct Suffix {
  std::string_view text;
  int exponent;
};
constexpr std::array<Suffix, 10> kDecimal = {{{"", 0},
                                              {"n", -9},
                                              {"u", -6},
                                              {"m", -3},
                                              {"k", 3},
                                              {"M", 6},
                                              {"G", 9},
                                              {"T", 12},
                                              {"P", 15},
                                              {"E", 18}}};
constexpr std::array<Suffix, 6> kBinary = {
    {{"Ki", 1}, {"Mi", 2}, {"Gi", 3}, {"Ti", 4}, {"Pi", 5}, {"Ei", 6}}};

template <std::size_t N>
std::optional<int> exponent_of(const std::array<Suffix, N>& table, std::string_view text) {
  for (const Suffix& suffix : table)
    if (suffix.text == text) return suffix.exponent;
  return std::nullopt;
}

template <std::size_t N>
std::string_view suffix_of(const std::array<Suffix, N>& table, int exponent) {
  for (const Suffix& suffix : table)
    if (suffix.exponent == exponent) return suffix.text;
  return "";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void strip_leading_zeros(std::string& digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

void multiply(std::string& digits, unsigned factor) {
  unsigned carry = 0;
  for (auto d = digits.rbegin(); d != digits.rend(); ++d) {
    const unsigned value = static_cast<unsigned>(*d - '0') * factor + carry;
    *d = static_cast<char>('0' + value % 10);
    carry = value / 10;
  }
  if (carry != 0) digits.insert(0, std::to_string(carry));
}

/// The quotient, or nothing when a remainder is left.
std::optional<std::string> divide(const std::string& digits, unsigned divisor) {
  std::string quotient;
  unsigned rest = 0;
  for (const char d : digits) {
    rest = rest * 10 + static_cast<unsigned>(d - '0');
    quotient += static_cast<char>('0' + rest / divisor);
    rest %= divisor;
  }
  if (rest != 0) return std::nullopt;
  strip_leading_zeros(quotient);
  return quotient;
}

void increment(std::string& digits) {
  auto d = digits.rbegin();
  for (; d != digits.rend() && *d == '9'; ++d) *d = '0';
  if (d == digits.rend())
    digits.insert(0, 1, '1');
  else
    ++*d;
}

/// Cuts digits below 10^lowest, rounding away from zero.
void round_up(std::string& digits, int& exponent, int lowest) {
  if (exponent >= lowest) return;
  const auto cut = std::min(static_cast<std::size_t>(lowest - exponent), digits.size());
  const bool lost = digits.find_first_not_of('0', digits.size() - cut) != std::string::npos;
  digits.resize(digits.size() - cut);
  if (lost) increment(digits);
  exponent = lowest;
}

void normalize(std::string& digits, int& exponent) {
  strip_leading_zeros(digits);
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) exponent = 0;
}

int compare_magnitude(std::string a, int exponent_a, std::string b, int exponent_b) {
  const int low = std::min(exponent_a, exponent_b);
  a.append(static_cast<std::size_t>(exponent_a - low), '0');
  b.append(static_cast<std::size_t>(exponent_b - low), '0');
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

/// The parts of a text: [+-] whole [. fraction] suffix.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::string_view suffix;
};

std::optional<Parts> split(std::string_view text) {
  Parts parts;
  std::size_t at = 0;
  const auto run = [&text, &at](auto accepts) {
    const std::size_t start = at;
    while (at < text.size() && accepts(text[at])) ++at;
    return text.substr(start, at - start);
  };
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    parts.negative = text[0] == '-';
    ++at;
  }
  parts.whole = run(is_digit);
  if (at < text.size() && text[at] == '.') {
    ++at;
    parts.fraction = run(is_digit);
  }
  const std::size_t suffix = at;
  run([](char c) { return std::string_view("eEinumkKMGTP").find(c) != std::string_view::npos; });
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  run(is_digit);
  parts.suffix = text.substr(suffix);
  if (text.empty() || at != text.size()) return std::nullopt;
  return parts;
}

/// ParseQuantity's idea of a text that is canonical already. shift: powers of ten or of 1024.
bool keeps_text(const Parts& parts, bool binary, int shift) {
  std::string whole_digits(parts.whole);
  strip_leading_zeros(whole_digits);
  if (whole_digits.empty()) whole_digits = "0";
  const std::string shifted = whole_digits + std::string(parts.fraction);
  const auto size = static_cast<int>(shifted.size());
  if (binary) {
    if (!parts.fraction.empty() || 14 - size - shift * 3 < 0) return false;
    std::int64_t number = 0;
    std::from_chars(shifted.data(), shifted.data() + shifted.size(), number);
    return number % 8 != 0;
  }
  const int scale = shift - static_cast<int>(parts.fraction.size());
  return size <= 18 && scale >= kNano && scale % 3 == 0 && !shifted.ends_with("000") &&
         shifted[0] != '0';
}

}  // namespace

base::Result<Quantity> Quantity::parse(std::string_view text) {
  const auto parts = text.size() <= kMaxText ? split(text) : std::nullopt;
  if (!parts)
    return Error(Code::Invalid,
                 "quantities must match the regular expression "
                 "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  Quantity out;
  out.negative_ = parts->negative;
  out.digits_ = std::string(parts->whole) + std::string(parts->fraction);
  out.exponent_ = -static_cast<int>(parts->fraction.size());
  const std::string_view suffix = parts->suffix;
  if (const auto decimal = exponent_of(kDecimal, suffix)) {
    out.exponent_ += *decimal;
    if (keeps_text(*parts, false, *decimal)) out.kept_ = text;
  } else if (const auto binary = exponent_of(kBinary, suffix)) {
    out.format_ = Format::binary_si;
    if (keeps_text(*parts, true, *binary)) out.kept_ = text;
    for (int i = 0; i < *binary; ++i) multiply(out.digits_, 1024);
  } else {
    int exponent = 0;
    const char* const end = suffix.data() + suffix.size();
    const bool marked = suffix.size() > 1 && (suffix[0] == 'e' || suffix[0] == 'E');
    const char* const first = suffix.data() + (marked && suffix[1] == '+' ? 2 : 1);
    const auto parsed = marked ? std::from_chars(first, end, exponent) : std::from_chars_result{};
    if (!marked || parsed.ec != std::errc() || parsed.ptr != end ||
        std::abs(exponent) > kMaxExponent)
      return Error(Code::Invalid, "unable to parse quantity's suffix");
    out.format_ = Format::decimal_exponent;
    out.exponent_ += exponent;
    if (keeps_text(*parts, false, exponent)) out.kept_ = text;
  }
  normalize(out.digits_, out.exponent_);
  round_up(out.digits_, out.exponent_, kNano);
  normalize(out.digits_, out.exponent_);
  if (out.digits_.empty()) out.negative_ = false;
  if (out.format_ == Format::binary_si) {
    constexpr std::string_view kMax = "9223372036854775807";
    if (!out.negative_ && compare_magnitude(out.digits_, out.exponent_, std::string(kMax), 0) > 0) {
      out.digits_ = kMax;
      out.exponent_ = 0;
    }
    const bool below_one = compare_magnitude(out.digits_, out.exponent_, "1", 0) < 0;
    if (below_one && !out.negative_ && !out.digits_.empty()) out.format_ = Format::decimal_si;
  }
  return out;
}

std::string Quantity::text() const {
  if (!kept_.empty()) return kept_;
  if (digits_.empty()) return "0";
  const std::string sign = negative_ ? "-" : "";
  const bool small = compare_magnitude(digits_, exponent_, "1024", 0) < 0;
  if (format_ == Format::binary_si && exponent_ >= 0 && !small) {
    std::string number = digits_ + std::string(static_cast<std::size_t>(exponent_), '0');
    int power = 0;
    while (power < 6) {
      auto less = divide(number, 1024);
      if (!less) break;
      number = *std::move(less);
      ++power;
    }
    return sign + number + std::string(suffix_of(kBinary, power));
  }
  const int odd = ((exponent_ % 3) + 3) % 3;  // down to a multiple of three
  const std::string number = sign + digits_ + std::string(static_cast<std::size_t>(odd), '0');
  const int exponent = exponent_ - odd;
  if (format_ == Format::decimal_exponent)
    return exponent == 0 ? number : fmt::format("{}e{}", number, exponent);
  return number + std::string(suffix_of(kDecimal, exponent));
}

std::strong_ordering Quantity::operator<=>(const Quantity& other) const {
  if (negative_ != other.negative_)
    return negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  const int order = compare_magnitude(digits_, exponent_, other.digits_, other.exponent_);
  return (negative_ ? -order : order) <=> 0;
}

namespace {

std::int64_t whole(std::string digits, int exponent, bool negative) {
  round_up(digits, exponent, 0);
  const std::int64_t limit = negative ? std::numeric_limits<std::int64_t>::min()
                                      : std::numeric_limits<std::int64_t>::max();
  if (exponent > 20) return digits.empty() ? 0 : limit;
  digits.append(static_cast<std::size_t>(exponent), '0');
  if (negative) digits.insert(0, 1, '-');
  std::int64_t out = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return parsed.ec == std::errc::result_out_of_range ? limit : out;
}

}  // namespace

std::int64_t Quantity::value() const { return whole(digits_, exponent_, negative_); }

std::int64_t Quantity::milli_value() const { return whole(digits_, exponent_ + 3, negative_); }

bool same_quantity(std::string_view a, std::string_view b) {
  const auto left = Quantity::parse(a);
  const auto right = Quantity::parse(b);
  return left.ok() && right.ok() && *left == *right;
}

}  // namespace tiphys::k8s
