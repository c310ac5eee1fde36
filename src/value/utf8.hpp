#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::value {

/// One decoded code point. A byte that starts no valid sequence is {0xFFFD, 1} with valid false, as
/// Go's utf8.DecodeRune answers.
struct Rune {
  std::uint32_t code = 0xFFFD;
  std::uint8_t size = 1;
  bool valid = false;
};

/// text must not be empty.
Rune decode_rune(std::string_view text);
void append_rune(std::string& out, std::uint32_t code);
bool valid_utf8(std::string_view text);

}  // namespace tiphys::value
