#pragma once

#include "tiphys/gotmpl/print.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

inline constexpr char32_t kRuneError = 0xfffd;

struct Decoded {
  char32_t rune;
  std::size_t size;  ///< 1 with kRuneError for an invalid byte, 0 at the end
};

/// Go's utf8.DecodeRuneInString: no overlong forms, no surrogates.
Decoded decode_rune(std::string_view text);
/// Invalid code points become U+FFFD.
void append_rune(std::string& out, char32_t rune);
std::size_t count_runes(std::string_view text);
bool valid_utf8(std::string_view text);

bool is_letter(char32_t rune);
bool is_digit(char32_t rune);

}  // namespace tiphys::gotmpl
