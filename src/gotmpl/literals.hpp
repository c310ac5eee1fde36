#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

/// strconv.Unquote of "...", `...` and '...'; nullopt where Go says "invalid syntax".
std::optional<std::string> unquote(std::string_view text);

/// What a numeric or character constant may stand for, as parse.NumberNode.
struct Number {
  bool is_int = false;
  bool is_uint = false;
  bool is_float = false;
  bool is_complex = false;
  std::int64_t integer = 0;
  std::uint64_t unsigned_integer = 0;
  double floating = 0;
  std::complex<double> complex;
};

enum class NumberToken : std::uint8_t { number, complex, character };

/// Nullopt and `error` set (the text Go's parser prints) when the constant is malformed.
std::optional<Number> parse_number(std::string_view text, NumberToken token, std::string& error);

/// strconv.ParseFloat(text, 64); nullopt for a syntax or range error.
std::optional<double> parse_float(std::string_view text);

}  // namespace tiphys::gotmpl
