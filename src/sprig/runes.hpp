#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::sprig {

inline constexpr char32_t kRuneError = 0xFFFD;

struct Rune {
  char32_t code = kRuneError;
  std::size_t size = 0;  ///< bytes it took; 1 for an invalid byte
};
/// utf8.DecodeRuneInString; the text must not be empty.
Rune decode_rune(std::string_view text);
void append_rune(std::string& out, char32_t rune);
/// []rune(text): invalid bytes become U+FFFD.
std::vector<char32_t> to_runes(std::string_view text);
std::string from_runes(const std::vector<char32_t>& runes);

/// Package unicode.
bool is_space(char32_t rune);
bool is_upper(char32_t rune);
bool is_lower(char32_t rune);
bool is_title(char32_t rune);
bool is_letter(char32_t rune);
bool is_digit(char32_t rune);
bool is_number(char32_t rune);
bool is_punct(char32_t rune);
char32_t to_upper(char32_t rune);
char32_t to_lower(char32_t rune);
char32_t to_title(char32_t rune);

}  // namespace tiphys::sprig
