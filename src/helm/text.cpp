#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace tiphys::helm {

namespace {

constexpr std::array<std::string_view, 18> kWideSpaces = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f"};
constexpr std::string_view kIdeographic = "\xe3\x80\x80";

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string_view trim_left_space(std::string_view text) {
  while (!text.empty()) {
    if (is_ascii_space(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    if (static_cast<unsigned char>(text.front()) < 0x80) return text;
    std::size_t length = text.starts_with(kIdeographic) ? 3 : 0;
    for (std::string_view const wide : kWideSpaces)
      if (text.starts_with(wide)) length = wide.size();
    if (length == 0) return text;
    text.remove_prefix(length);
  }
  return text;
}

std::string_view trim_right_space(std::string_view text) {
  while (!text.empty()) {
    if (is_ascii_space(text.back())) {
      text.remove_suffix(1);
      continue;
    }
    if (static_cast<unsigned char>(text.back()) < 0x80) return text;
    std::size_t length = text.ends_with(kIdeographic) ? 3 : 0;
    for (std::string_view const wide : kWideSpaces)
      if (text.ends_with(wide)) length = wide.size();
    if (length == 0) return text;
    text.remove_suffix(length);
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find(from);
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    out.append(to);
    text.remove_prefix(at + from.size());
  }
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool equal_fold_ascii(std::string_view a, std::string_view b) {
  return to_lower_ascii(a) == to_lower_ascii(b);
}

bool is_space(char32_t rune) {
  return (rune >= 0x09 && rune <= 0x0d) || rune == 0x20 || rune == 0x85 || rune == 0xa0 ||
         rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 || rune == 0x2029 ||
         rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

char32_t next_rune(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length == 1) return static_cast<char32_t>(text[at++]);
  if (lead < 0xc2 || lead > 0xf4 || at + length > text.size()) return ++at, 0xfffd;
  char32_t rune = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0U) != 0x80) return ++at, 0xfffd;
    rune = (rune << 6U) | (next & 0x3fU);
  }
  at += length;
  return rune;
}

std::string slog_text(std::string_view text) {
  bool plain = !text.empty();
  for (std::size_t at = 0; plain && at < text.size();) {
    const char32_t rune = next_rune(text, at);
    plain = rune < 0x80 ? rune > ' ' && rune < 0x7f && rune != '"' && rune != '='
                        : rune != 0xfffd && !is_space(rune) && gotmpl::is_print(rune);
  }
  return plain ? std::string(text) : gotmpl::quote(text);
}

std::string_view odd_rune(std::string_view text, std::string_view allowed) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t rune = next_rune(text, at);
    if (rune >= 0x80) return text.substr(start, at - start);
    if (std::isalnum(static_cast<int>(rune)) == 0 && !allowed.contains(text[start]))
      return text.substr(start, 1);
  }
  return {};
}

base::Result<std::int64_t> atoi(std::string_view text) {
  const auto failed = [text](const char* why) {
    return base::Error(base::Code::Invalid,
                       fmt::format("strconv.Atoi: parsing {}: {}", gotmpl::quote(text), why));
  };
  const bool plus = text.starts_with('+');
  const std::string_view digits = text.substr(plus ? 1 : 0);
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = !digits.empty() && end == digits.data() + digits.size();
  if (!whole || code == std::errc::invalid_argument || (plus && digits.starts_with('-')))
    return failed("invalid syntax");
  if (code == std::errc::result_out_of_range) return failed("value out of range");
  return number;
}

}  // namespace tiphys::helm
