#include "value/utf8.hpp"

#include <algorithm>

namespace tiphys::value {

namespace {

std::uint32_t tail(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]) & 0x3FU;
}

bool is_tail(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

Rune decode_rune(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  if (lead >= 0xC2 && lead < 0xE0 && is_tail(text, 1))
    return {(lead & 0x1FU) << 6U | tail(text, 1), 2, true};
  if (lead >= 0xE0 && lead < 0xF0 && is_tail(text, 1) && is_tail(text, 2)) {
    const std::uint32_t code = (lead & 0x0FU) << 12U | tail(text, 1) << 6U | tail(text, 2);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3, true};
  }
  if (lead >= 0xF0 && lead < 0xF5 && is_tail(text, 1) && is_tail(text, 2) && is_tail(text, 3)) {
    const std::uint32_t code =
        (lead & 0x07U) << 18U | tail(text, 1) << 12U | tail(text, 2) << 6U | tail(text, 3);
    if (code >= 0x10000 && code <= 0x10FFFF) return {code, 4, true};
  }
  return {};
}

void append_rune(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(b); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | code >> 6U);
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | code >> 12U);
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | code >> 18U);
    byte(0x80U | (code >> 12U & 0x3FU));
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    if (!rune.valid) return false;
    text.remove_prefix(rune.size);
  }
  return true;
}

}  // namespace tiphys::value
