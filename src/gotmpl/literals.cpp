#include "gotmpl/literals.hpp"

#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace tiphys::gotmpl {
namespace {

char lower(char c) { return static_cast<char>(c | 0x20); }
bool is_decimal(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_decimal(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// Go's digit separators: an underscore must stand between digits or after a base prefix.
bool underscores_ok(std::string_view text) {
  enum class Saw : std::uint8_t { start, digit, underscore, other } saw = Saw::start;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  bool hex = false;
  std::size_t i = 0;
  if (text.size() >= 2 && text[0] == '0' &&
      std::string_view("box").find(lower(text[1])) != std::string_view::npos) {
    i = 2;
    saw = Saw::digit;
    hex = lower(text[1]) == 'x';
  }
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (is_decimal(c) || (hex && hex_digit(c) >= 0)) {
      saw = Saw::digit;
    } else if (c == '_') {
      if (saw != Saw::digit) return false;
      saw = Saw::underscore;
    } else {
      if (saw == Saw::underscore) return false;
      saw = Saw::other;
    }
  }
  return saw != Saw::underscore;
}

/// strconv.ParseUint(text, 0, 64).
std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  const std::string_view whole = text;
  int base = 10;
  if (!text.empty() && text[0] == '0') {
    base = 8;
    std::size_t skip = 1;
    if (text.size() >= 3) {
      const char mark = lower(text[1]);
      if (mark == 'b') base = 2, skip = 2;
      if (mark == 'o') base = 8, skip = 2;
      if (mark == 'x') base = 16, skip = 2;
    }
    text.remove_prefix(skip);
    if (text.empty()) return 0;
  }
  if (text.empty()) return std::nullopt;
  std::string digits;
  bool underscores = false;
  for (const char c : text) {
    if (c == '_') {
      underscores = true;
    } else {
      digits.push_back(c);
    }
  }
  if (underscores && !underscores_ok(whole)) return std::nullopt;
  if (digits.empty()) return base == 10 ? std::nullopt : std::optional<std::uint64_t>(0);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// strconv.ParseInt(text, 0, 64).
std::optional<std::int64_t> parse_signed(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto magnitude = parse_unsigned(text);
  if (!magnitude) return std::nullopt;
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63U;
  if (!negative && *magnitude >= kLimit) return std::nullopt;
  if (negative && *magnitude > kLimit) return std::nullopt;
  return static_cast<std::int64_t>(negative ? ~*magnitude + 1 : *magnitude);
}

/// One (possibly escaped) character at the front of `text`.
struct Unquoted {
  char32_t rune = 0;
  bool multibyte = false;
  std::size_t size = 0;
};

std::optional<Unquoted> unquote_hex(std::string_view text, std::size_t digits) {
  if (text.size() < 2 + digits) return std::nullopt;
  std::uint32_t rune = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_digit(text[2 + i]);
    if (digit < 0) return std::nullopt;
    rune = (rune << 4U) | static_cast<std::uint32_t>(digit);
  }
  if (digits == 2) return Unquoted{rune, false, 4};
  if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return std::nullopt;
  return Unquoted{rune, true, 2 + digits};
}

std::optional<Unquoted> unquote_escape(std::string_view text, char quote) {
  if (text.size() < 2) return std::nullopt;
  const char c = text[1];
  constexpr std::string_view kNames = "abfnrtv\\";
  constexpr std::string_view kRunes = "\a\b\f\n\r\t\v\\";
  if (const auto at = kNames.find(c); at != std::string_view::npos) {
    return Unquoted{static_cast<unsigned char>(kRunes[at]), false, 2};
  }
  if (c == 'x') return unquote_hex(text, 2);
  if (c == 'u') return unquote_hex(text, 4);
  if (c == 'U') return unquote_hex(text, 8);
  if (c >= '0' && c <= '7') {
    if (text.size() < 4) return std::nullopt;
    char32_t rune = static_cast<char32_t>(c - '0');
    for (std::size_t i = 2; i < 4; ++i) {
      if (text[i] < '0' || text[i] > '7') return std::nullopt;
      rune = rune * 8 + static_cast<char32_t>(text[i] - '0');
    }
    if (rune > 255) return std::nullopt;
    return Unquoted{rune, false, 4};
  }
  if ((c == '\'' || c == '"') && c == quote) {
    return Unquoted{static_cast<unsigned char>(c), false, 2};
  }
  return std::nullopt;
}

std::optional<Unquoted> unquote_char(std::string_view text, char quote) {
  if (text.empty()) return std::nullopt;
  const char c = text[0];
  if (c == quote && (quote == '\'' || quote == '"')) return std::nullopt;
  if (static_cast<unsigned char>(c) >= 0x80) {
    const Decoded rune = decode_rune(text);
    return Unquoted{rune.rune, true, rune.size};
  }
  if (c != '\\') return Unquoted{static_cast<unsigned char>(c), false, 1};
  return unquote_escape(text, quote);
}

/// A quoted text that stands for itself; those with multibyte runes are looked at one by one.
bool is_verbatim(std::string_view text) {
  const std::string_view inner = text.substr(1, text.size() - 2);
  return text.back() == '"' && std::ranges::all_of(inner, [](char c) {
           return c >= ' ' && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\';
         });
}

bool fits_int(double f) { return f >= -9223372036854775808.0 && f < 9223372036854775808.0; }
bool fits_uint(double f) { return f > -1.0 && f < 18446744073709551616.0; }

/// What of a float constant is also an integer.
void promote_float(Number& n, double f) {
  n.is_float = true;
  n.floating = f;
  if (!n.is_int && fits_int(f) && std::trunc(f) == f) {
    n.is_int = true;
    n.integer = static_cast<std::int64_t>(f);
  }
  if (!n.is_uint && fits_uint(f) && f >= 0 && std::trunc(f) == f) {
    n.is_uint = true;
    n.unsigned_integer = static_cast<std::uint64_t>(f);
  }
}

void simplify_complex(Number& n) {
  n.is_complex = true;
  if (n.complex.imag() == 0) promote_float(n, n.complex.real());
}

/// "1+2i": the sign of the imaginary part is the last one that no exponent owns.
std::optional<std::complex<double>> parse_complex(std::string_view text) {
  if (text.empty() || text.back() != 'i') return std::nullopt;
  text.remove_suffix(1);
  const bool hex = text.find_first_of("xX") != std::string_view::npos;
  for (std::size_t i = text.size(); i-- > 1;) {
    if (text[i] != '+' && text[i] != '-') continue;
    if (lower(text[i - 1]) == 'p' || (!hex && lower(text[i - 1]) == 'e')) continue;
    const auto real = parse_float(text.substr(0, i));
    const auto imaginary = parse_float(text.substr(i));
    if (!real || !imaginary) return std::nullopt;
    return std::complex<double>(*real, *imaginary);
  }
  return std::nullopt;
}

std::optional<Number> parse_character(std::string_view text, std::string& error) {
  const auto rune = unquote_char(text.substr(1), text[0]);
  if (!rune) {
    error = "invalid syntax";
    return std::nullopt;
  }
  if (text.substr(1 + rune->size) != "'") {
    error = "malformed character constant: " + std::string(text);
    return std::nullopt;
  }
  Number n;
  n.is_int = n.is_uint = n.is_float = true;
  n.integer = static_cast<std::int64_t>(rune->rune);
  n.unsigned_integer = rune->rune;
  n.floating = static_cast<double>(rune->rune);
  return n;
}

}  // namespace

std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const char quote = text[0];
  std::string out;
  if (quote == '`') {
    if (text.find('`', 1) != text.size() - 1) return std::nullopt;
    for (const char c : text.substr(1, text.size() - 2)) {
      if (c != '\r') out.push_back(c);
    }
    return out;
  }
  if (quote != '"' && quote != '\'') return std::nullopt;
  if (quote == '"' && is_verbatim(text)) return std::string(text.substr(1, text.size() - 2));
  out.reserve(text.size());
  text.remove_prefix(1);
  while (!text.empty() && text[0] != quote) {
    const auto next = unquote_char(text, quote);
    if (!next || text[0] == '\n') return std::nullopt;
    if (next->multibyte) {
      append_rune(out, next->rune);
    } else {
      out.push_back(static_cast<char>(next->rune));
    }
    text.remove_prefix(next->size);
    if (quote == '\'') break;
  }
  if (text.size() != 1 || text[0] != quote) return std::nullopt;
  return out;
}

std::optional<double> parse_float(std::string_view text) {
  if (text.find('_') != std::string_view::npos && !underscores_ok(text)) return std::nullopt;
  std::string clean;
  for (const char c : text) {
    if (c != '_') clean.push_back(c);
  }
  const char* first = clean.c_str();
  const char* const last = first + clean.size();
  bool negative = false;
  if (*first == '+' || *first == '-') negative = *first++ == '-';
  auto format = std::chars_format::general;
  const bool hex = last - first > 2 && first[0] == '0' && lower(first[1]) == 'x';
  if (hex) {
    if (clean.find_first_of("pP") == std::string::npos) return std::nullopt;
    format = std::chars_format::hex;
    first += 2;
  }
  if (first == last || (!is_decimal(*first) && *first != '.' && (!hex || hex_digit(*first) < 0))) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(first, last, number, format);
  if (end != last) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    number = std::strtod(hex ? first - 2 : first, nullptr);
    if (std::isinf(number)) return std::nullopt;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return negative ? -number : number;
}

std::optional<Number> parse_number(std::string_view text, NumberToken token, std::string& error) {
  if (token == NumberToken::character) return parse_character(text, error);
  Number n;
  if (token == NumberToken::complex) {
    const auto complex = parse_complex(text);
    if (!complex) {
      error = "syntax error scanning complex number";
      return std::nullopt;
    }
    n.complex = *complex;
    simplify_complex(n);
    return n;
  }
  if (!text.empty() && text.back() == 'i') {
    if (const auto imaginary = parse_float(text.substr(0, text.size() - 1))) {
      n.complex = {0, *imaginary};
      simplify_complex(n);
      return n;
    }
  }
  if (const auto u = parse_unsigned(text)) {
    n.is_uint = true;
    n.unsigned_integer = *u;
  }
  if (const auto i = parse_signed(text)) {
    n.is_int = true;
    n.integer = *i;
    if (*i == 0) n.is_uint = true;
  }
  if (n.is_int || n.is_uint) {
    n.is_float = true;
    n.floating =
        n.is_int ? static_cast<double>(n.integer) : static_cast<double>(n.unsigned_integer);
    return n;
  }
  if (const auto f = parse_float(text)) {
    if (text.find_first_of(".eEpP") == std::string_view::npos) {
      error = "integer overflow: " + quote(text);
      return std::nullopt;
    }
    promote_float(n, *f);
    return n;
  }
  error = "illegal number syntax: " + quote(text);
  return std::nullopt;
}

}  // namespace tiphys::gotmpl
