#include "tiphys/value/float_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace tiphys::value {

namespace {

/// digits * 10^(exponent - (number of digits - 1)): the exponent of the first digit.
struct Shortest {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

Shortest shortest(double number, FloatBits bits) {
  std::array<char, 64> buffer{};
  char* const last = buffer.data() + buffer.size();
  const auto end = bits == FloatBits::b32
                       ? std::to_chars(buffer.data(), last, static_cast<float>(number),
                                       std::chars_format::scientific)
                       : std::to_chars(buffer.data(), last, number, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  Shortest out;
  if (text.front() == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e))
    if (c != '.') out.digits += c;
  const std::size_t first = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + first, text.data() + text.size(), out.exponent);
  return out;
}

std::string special(double number) {
  if (std::isnan(number)) return "NaN";
  return number > 0 ? "+Inf" : "-Inf";
}

std::string plain(const Shortest& s) {
  std::string out = s.negative ? "-" : "";
  const auto count = static_cast<int>(s.digits.size());
  if (s.exponent < 0) {
    out += "0.";
    const auto zeros = static_cast<std::size_t>(-s.exponent);
    out.append(zeros - 1, '0');
    return out += s.digits;
  }
  if (count <= s.exponent + 1) {
    out += s.digits;
    out.append(static_cast<std::size_t>(s.exponent + 1 - count), '0');
    return out;
  }
  const std::size_t whole = static_cast<std::size_t>(s.exponent) + 1;
  out += s.digits.substr(0, whole);
  out += '.';
  return out += s.digits.substr(whole);
}

std::string scientific(const Shortest& s) {
  std::string out = s.negative ? "-" : "";
  out += s.digits.front();
  if (s.digits.size() > 1) out += '.' + s.digits.substr(1);
  out += s.exponent < 0 ? "e-" : "e+";
  const int magnitude = std::abs(s.exponent);
  if (magnitude < 10) out += '0';
  return out += std::to_string(magnitude);
}

}  // namespace

std::string float_g(double number, FloatBits bits) {
  if (!std::isfinite(number)) return special(number);
  const Shortest s = shortest(number, bits);
  return s.exponent < -4 || s.exponent >= 6 ? scientific(s) : plain(s);
}

std::string float_f(double number, FloatBits bits) {
  return std::isfinite(number) ? plain(shortest(number, bits)) : special(number);
}

std::string float_e(double number, FloatBits bits) {
  return std::isfinite(number) ? scientific(shortest(number, bits)) : special(number);
}

}  // namespace tiphys::value
