#include "gotmpl/printer.hpp"
#include "gotmpl/quote.hpp"
#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::gotmpl {
namespace {

constexpr std::string_view kLower = "0123456789abcdefx";
constexpr std::string_view kUpper = "0123456789ABCDEFX";

std::size_t size(int count) { return static_cast<std::size_t>(std::max(count, 0)); }

}  // namespace

void Formatter::padding(int count) {
  if (count > 0) out_.append(size(count), flags.zero && !flags.minus ? '0' : ' ');
}

void Formatter::pad(std::string_view text) {
  if (!flags.has_width || flags.width == 0) {
    out_ += text;
    return;
  }
  const int missing = flags.width - static_cast<int>(count_runes(text));
  if (!flags.minus) padding(missing);
  out_ += text;
  if (flags.minus) padding(missing);
}

void Formatter::unpadded_zero(std::string_view text) {
  const bool zero = std::exchange(flags.zero, false);
  pad(text);
  flags.zero = zero;
}

void Formatter::integer(std::uint64_t bits, unsigned base, bool is_signed, char32_t verb,
                        bool upper) {
  const bool negative = is_signed && static_cast<std::int64_t>(bits) < 0;
  if (negative) bits = ~bits + 1;
  int digits = 0;
  if (flags.has_precision) {
    digits = flags.precision;
    if (digits == 0 && bits == 0) {
      const bool zero = std::exchange(flags.zero, false);
      padding(flags.width);
      flags.zero = zero;
      return;
    }
  } else if (flags.zero && !flags.minus && flags.has_width) {
    digits = flags.width;
    if (negative || flags.plus || flags.space) --digits;  // room for the sign
  }
  const std::string_view alphabet = upper ? kUpper : kLower;
  std::string text;  // right to left
  do {
    text.push_back(alphabet[bits % base]);
    bits /= base;
  } while (bits != 0);
  if (size(digits) > text.size()) text.append(size(digits) - text.size(), '0');
  if (flags.sharp) {
    if (base == 2) text += "b0";
    if (base == 8 && text.back() != '0') text.push_back('0');
    if (base == 16) {
      text.push_back(alphabet[16]);
      text.push_back('0');
    }
  }
  if (verb == 'O') text += "o0";
  if (negative) {
    text.push_back('-');
  } else if (flags.plus) {
    text.push_back('+');
  } else if (flags.space) {
    text.push_back(' ');
  }
  std::reverse(text.begin(), text.end());
  unpadded_zero(text);
}

void Formatter::unicode(std::uint64_t rune) {
  std::string digits;
  for (std::uint64_t rest = rune; rest != 0 || digits.empty(); rest >>= 4U) {
    digits.push_back(kUpper[rest & 0xfU]);
  }
  const int least = flags.has_precision && flags.precision > 4 ? flags.precision : 4;
  if (size(least) > digits.size()) digits.append(size(least) - digits.size(), '0');
  std::reverse(digits.begin(), digits.end());
  std::string text = "U+" + digits;
  if (flags.sharp && rune <= 0x10ffff && is_print(static_cast<char32_t>(rune))) {
    text += " '";
    append_rune(text, static_cast<char32_t>(rune));
    text += "'";
  }
  unpadded_zero(text);
}

void Formatter::character(std::uint64_t rune) {
  std::string text;
  append_rune(text, rune > 0x10ffff ? kRuneError : static_cast<char32_t>(rune));
  pad(text);
}

void Formatter::quoted_character(std::uint64_t rune) {
  char32_t r = rune > 0x10ffff ? kRuneError : static_cast<char32_t>(rune);
  if (r >= 0xd800 && r <= 0xdfff) r = kRuneError;
  std::string text = "'";
  append_escaped_rune(text, r, '\'', flags.plus);
  text.push_back('\'');
  pad(text);
}

/// '#': a decimal point always, and the trailing zeros that %g drops.
void Formatter::sharpen(std::string& digits, char verb, int precision) const {
  int missing = 0;
  if (verb == 'g' || verb == 'G' || verb == 'x') missing = precision == -1 ? 6 : precision;
  std::string tail;
  bool point = false;
  bool nonzero = false;
  const bool hex = verb == 'x' || verb == 'X';
  for (std::size_t i = 1; i < digits.size(); ++i) {
    const char c = digits[i];
    if (c == '.') {
      point = true;
      continue;
    }
    if (c == 'p' || c == 'P' || (!hex && (c == 'e' || c == 'E'))) {
      tail = digits.substr(i);
      digits.resize(i);
      break;
    }
    nonzero = nonzero || c != '0';
    if (nonzero) --missing;
  }
  if (!point) {
    if (digits.size() == 2 && digits[1] == '0') --missing;
    digits.push_back('.');
  }
  if (missing > 0) digits.append(size(missing), '0');
  digits += tail;
}

void Formatter::floating(double number, int bits, char verb, int precision) {
  if (flags.has_precision) precision = flags.precision;
  std::string text;
  append_float(text, number, verb, precision, bits);
  if (text[0] != '-' && text[0] != '+') text.insert(0, 1, '+');
  if (flags.space && text[0] == '+' && !flags.plus) text[0] = ' ';
  if (text[1] == 'I' || text[1] == 'N') {
    if (text[1] == 'N' && !flags.space && !flags.plus) text.erase(0, 1);
    unpadded_zero(text);
    return;
  }
  if (flags.sharp && verb != 'b') sharpen(text, verb, precision);
  if (!flags.plus && text[0] == '+') {
    pad(std::string_view(text).substr(1));
    return;
  }
  if (flags.zero && !flags.minus && flags.has_width && size(flags.width) > text.size()) {
    out_.push_back(text[0]);  // the sign stands before the zeros
    padding(flags.width - static_cast<int>(text.size()));
    out_.append(text, 1);
    return;
  }
  pad(text);
}

std::string_view Formatter::truncated(std::string_view text) const {
  if (!flags.has_precision) return text;
  std::size_t end = 0;
  for (int left = flags.precision; left > 0 && end < text.size(); --left) {
    end += decode_rune(text.substr(end)).size;
  }
  return text.substr(0, end);
}

void Formatter::text(std::string_view text) { pad(truncated(text)); }

void Formatter::quoted(std::string_view text) {
  text = truncated(text);
  std::string out;
  if (flags.sharp && can_backquote(text)) {
    out = "`" + std::string(text) + "`";
  } else {
    append_quoted(out, text, flags.plus);
  }
  pad(out);
}

void Formatter::hexadecimal(std::string_view text, bool upper) {
  if (flags.has_precision && size(flags.precision) < text.size()) {
    text = text.substr(0, size(flags.precision));
  }
  const std::string_view alphabet = upper ? kUpper : kLower;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (flags.space && i > 0) out.push_back(' ');
    if (flags.sharp && (flags.space || i == 0)) {
      out.push_back('0');
      out.push_back(alphabet[16]);
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    out.push_back(alphabet[byte >> 4U]);
    out.push_back(alphabet[byte & 0xfU]);
  }
  const int missing = flags.has_width ? flags.width - static_cast<int>(out.size()) : 0;
  if (!flags.minus || out.empty()) padding(missing);
  out_ += out;
  if (flags.minus && !out.empty()) padding(missing);
}

}  // namespace tiphys::gotmpl
