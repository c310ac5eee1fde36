#include "tiphys/gotmpl/print.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace tiphys::gotmpl {
namespace {

/// Decimal digits without trailing zeros (none for 0) and where the point stands: 0.d1d2... x
/// 10^point.
struct Digits {
  std::string text;
  int point = 0;
};

/// "d.ddde+xx" as to_chars writes it -> Digits.
Digits digits_of(std::string_view scientific) {
  Digits digits;
  const std::size_t e = scientific.find('e');
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') digits.text.push_back(c);
  }
  std::string_view exponent = scientific.substr(e + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  int value = 0;
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
  digits.point = value + 1;
  while (!digits.text.empty() && digits.text.back() == '0') digits.text.pop_back();
  if (digits.text.empty()) digits.point = 0;
  return digits;
}

/// `precision` digits after the first one, -1 for as many as read back equal.
Digits convert(double magnitude, int precision, int bits) {
  std::string buffer(static_cast<std::size_t>(precision < 0 ? 64 : precision + 64), '\0');
  char* const first = buffer.data();
  char* const last = first + buffer.size();
  std::to_chars_result result{};
  if (precision >= 0) {
    result = std::to_chars(first, last, magnitude, std::chars_format::scientific, precision);
  } else if (bits == 32) {
    result =
        std::to_chars(first, last, static_cast<float>(magnitude), std::chars_format::scientific);
  } else {
    result = std::to_chars(first, last, magnitude, std::chars_format::scientific);
  }
  return digits_of(std::string_view(first, result.ptr));
}

char digit_at(const Digits& d, int i) {
  return i >= 0 && i < static_cast<int>(d.text.size()) ? d.text[static_cast<std::size_t>(i)] : '0';
}

void append_exponent(std::string& out, char letter, int exponent) {
  out.push_back(letter);
  out.push_back(exponent < 0 ? '-' : '+');
  const int magnitude = std::abs(exponent);
  if (magnitude < 10) out.push_back('0');
  out += std::to_string(magnitude);
}

void append_e(std::string& out, const Digits& d, int precision, char letter) {
  out.push_back(digit_at(d, 0));
  if (precision > 0) {
    out.push_back('.');
    for (int i = 1; i <= precision; ++i) out.push_back(digit_at(d, i));
  }
  append_exponent(out, letter, d.text.empty() ? 0 : d.point - 1);
}

void append_f(std::string& out, const Digits& d, int precision) {
  if (d.point > 0) {
    for (int i = 0; i < d.point; ++i) out.push_back(digit_at(d, i));
  } else {
    out.push_back('0');
  }
  if (precision <= 0) return;
  out.push_back('.');
  for (int i = 0; i < precision; ++i) out.push_back(digit_at(d, d.point + i));
}

void append_g(std::string& out, double magnitude, int precision, int bits, char letter) {
  const bool shortest = precision < 0;
  if (precision == 0) precision = 1;
  const Digits d = convert(magnitude, shortest ? -1 : precision - 1, bits);
  const int count = static_cast<int>(d.text.size());
  if (shortest) precision = count;
  int threshold = precision;
  if (threshold > count && count >= d.point) threshold = count;
  if (shortest) threshold = 6;
  const int exponent = d.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    append_e(out, d, std::min(precision, count) - 1, static_cast<char>(letter + 'e' - 'g'));
    return;
  }
  if (precision > d.point) precision = count;
  append_f(out, d, std::max(precision - d.point, 0));
}

struct Binary {
  std::uint64_t mantissa;
  int exponent;  // value = mantissa * 2^exponent
  int mantissa_bits;
};

Binary decompose(double magnitude, int bits) {
  if (bits == 32) {
    const auto raw = std::bit_cast<std::uint32_t>(static_cast<float>(magnitude));
    const int exponent = static_cast<int>(raw >> 23U) & 0xff;
    const std::uint64_t fraction = raw & 0x7fffffU;
    if (exponent == 0) return {fraction, -149, 23};
    return {fraction | 0x800000U, exponent - 150, 23};
  }
  const auto raw = std::bit_cast<std::uint64_t>(magnitude);
  const int exponent = static_cast<int>(raw >> 52U) & 0x7ff;
  const std::uint64_t fraction = raw & ((std::uint64_t{1} << 52U) - 1);
  if (exponent == 0) return {fraction, -1074, 52};
  return {fraction | (std::uint64_t{1} << 52U), exponent - 1075, 52};
}

void append_b(std::string& out, double magnitude, int bits) {
  const Binary b = decompose(magnitude, bits);
  out += std::to_string(b.mantissa);
  out.push_back('p');
  if (b.exponent >= 0) out.push_back('+');
  out += std::to_string(b.exponent);
}

void append_x(std::string& out, double magnitude, int precision, int bits, char letter) {
  constexpr unsigned kPoint = 60;  // the bit left of the binary point
  constexpr std::uint64_t kOne = std::uint64_t{1} << kPoint;
  const Binary b = decompose(magnitude, bits);
  std::uint64_t mantissa = b.mantissa << (kPoint - static_cast<unsigned>(b.mantissa_bits));
  int exponent = mantissa == 0 ? 0 : b.exponent + b.mantissa_bits;
  while (mantissa != 0 && (mantissa & kOne) == 0) {
    mantissa <<= 1U;
    --exponent;
  }
  if (precision >= 0 && precision < 15) {
    const unsigned shift = static_cast<unsigned>(precision) * 4;
    const std::uint64_t rest = (mantissa << shift) & (kOne - 1);
    mantissa >>= kPoint - shift;
    if ((rest | (mantissa & 1U)) > kOne / 2) ++mantissa;
    mantissa <<= kPoint - shift;
    if ((mantissa & (kOne << 1U)) != 0) {
      mantissa >>= 1U;
      ++exponent;
    }
  }
  const std::string_view hex = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  out.push_back('0');
  out.push_back(letter);
  out.push_back(static_cast<char>('0' + ((mantissa >> kPoint) & 1U)));
  mantissa <<= 4U;
  if (precision > 0 || (precision < 0 && mantissa != 0)) out.push_back('.');
  for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; ++i) {
    out.push_back(hex[(mantissa >> kPoint) & 0xfU]);
    mantissa <<= 4U;
  }
  append_exponent(out, letter == 'X' ? 'P' : 'p', exponent);
}

}  // namespace

void append_float(std::string& out, double number, char format, int precision, int bits) {
  if (std::isnan(number)) {
    out += "NaN";
    return;
  }
  if (std::isinf(number)) {
    out += number < 0 ? "-Inf" : "+Inf";
    return;
  }
  if (std::signbit(number)) out.push_back('-');
  const double magnitude = std::abs(number);
  switch (format) {
    case 'b':
      return append_b(out, magnitude, bits);
    case 'x':
    case 'X':
      return append_x(out, magnitude, precision, bits, format);
    case 'e':
    case 'E': {
      const Digits d = convert(magnitude, precision, bits);
      return append_e(
          out, d, precision < 0 ? std::max<int>(static_cast<int>(d.text.size()) - 1, 0) : precision,
          format);
    }
    case 'f': {
      if (precision < 0) {
        const Digits d = convert(magnitude, -1, bits);
        return append_f(out, d, std::max(static_cast<int>(d.text.size()) - d.point, 0));
      }
      std::string buffer(static_cast<std::size_t>(precision) + 330, '\0');
      const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude,
                                        std::chars_format::fixed, precision);
      out.append(buffer.data(), result.ptr);
      return;
    }
    default:
      return append_g(out, magnitude, precision, bits, format);
  }
}

}  // namespace tiphys::gotmpl
