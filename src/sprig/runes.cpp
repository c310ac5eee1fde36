#include "sprig/runes.hpp"

#include "sprig/unicode_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace tiphys::sprig {
namespace {

bool in(std::span<const Range> ranges, char32_t rune) {
  const auto at =
      std::ranges::upper_bound(ranges, static_cast<std::uint32_t>(rune), {}, &Range::low);
  return at != ranges.begin() && rune <= std::prev(at)->high;
}

char32_t convert(char32_t rune, std::size_t which) {
  const auto ranges = case_ranges();
  const auto after =
      std::ranges::upper_bound(ranges, static_cast<std::uint32_t>(rune), {}, &CaseRange::low);
  if (after == ranges.begin()) return rune;
  const CaseRange& range = *std::prev(after);
  if (rune > range.high) return rune;
  const std::int32_t delta = range.delta[which];
  if (delta > 0x10FFFF) {
    // Upper and lower case alternate from `low`, which is upper; title case is upper.
    const std::uint32_t offset = (static_cast<std::uint32_t>(rune) - range.low) & ~1U;
    return static_cast<char32_t>(range.low + (offset | (which == 1 ? 1U : 0U)));
  }
  return static_cast<char32_t>(static_cast<std::int32_t>(rune) + delta);
}

bool continuation(unsigned char c, unsigned char low = 0x80, unsigned char high = 0xBF) {
  return c >= low && c <= high;
}

}  // namespace

Rune decode_rune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const Rune bad{kRuneError, 1};
  if (first < 0xC2 || first > 0xF4) return bad;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < size) return bad;
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (!continuation(byte(1), low, high)) return bad;
  char32_t code = first & (0xFFU >> (size + 1));
  code = (code << 6) | (byte(1) & 0x3FU);
  for (std::size_t i = 2; i < size; ++i) {
    if (!continuation(byte(i))) return bad;
    code = (code << 6) | (byte(i) & 0x3FU);
  }
  return {code, size};
}

void append_rune(std::string& out, char32_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) rune = kRuneError;
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xC0 | (rune >> 6));
    put(0x80 | (rune & 0x3F));
  } else if (rune < 0x10000) {
    put(0xE0 | (rune >> 12));
    put(0x80 | ((rune >> 6) & 0x3F));
    put(0x80 | (rune & 0x3F));
  } else {
    put(0xF0 | (rune >> 18));
    put(0x80 | ((rune >> 12) & 0x3F));
    put(0x80 | ((rune >> 6) & 0x3F));
    put(0x80 | (rune & 0x3F));
  }
}

std::vector<char32_t> to_runes(std::string_view text) {
  std::vector<char32_t> runes;
  runes.reserve(text.size());
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    runes.push_back(rune.code);
    text.remove_prefix(rune.size);
  }
  return runes;
}

std::string from_runes(const std::vector<char32_t>& runes) {
  std::string out;
  out.reserve(runes.size());
  for (const char32_t rune : runes) append_rune(out, rune);
  return out;
}

bool is_space(char32_t rune) {
  switch (rune) {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case ' ':
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return true;
    default:
      return rune >= 0x2000 && rune <= 0x200A;
  }
}

bool is_upper(char32_t rune) { return in(upper_ranges(), rune); }
bool is_lower(char32_t rune) { return in(lower_ranges(), rune); }
bool is_title(char32_t rune) { return in(title_ranges(), rune); }
bool is_letter(char32_t rune) { return in(letter_ranges(), rune); }
bool is_digit(char32_t rune) { return in(digit_ranges(), rune); }
bool is_number(char32_t rune) { return in(number_ranges(), rune); }
bool is_punct(char32_t rune) { return in(punct_ranges(), rune); }
char32_t to_upper(char32_t rune) { return convert(rune, 0); }
char32_t to_lower(char32_t rune) { return convert(rune, 1); }
char32_t to_title(char32_t rune) { return convert(rune, 2); }

}  // namespace tiphys::sprig
