#include "value/yaml_scalar.hpp"

#include <cstdint>

namespace tiphys::value {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

bool blank_or_break(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\t' || text[at] == '\0' ||
         yaml_break(text, at) != 0;
}

/// What one pass over the text finds.
struct Findings {
  bool block_indicators = false;
  bool flow_indicators = false;
  bool line_breaks = false;
  bool special = false;
  bool tabs = false;
  bool leading_space = false;
  bool leading_break = false;
  bool trailing_space = false;
  bool trailing_break = false;
  bool break_space = false;
  bool space_break = false;

  void both() { block_indicators = flow_indicators = true; }
};

void first_indicator(Findings& f, char c, bool followed_by_blank) {
  const bool always = std::string_view("#,[]{}&*!|>'\"%@`").find(c) != std::string_view::npos;
  if (always || (c == '-' && followed_by_blank)) {
    f.both();
  } else if (c == '?' || c == ':') {
    f.flow_indicators = true;
    f.block_indicators |= followed_by_blank;
  }
}

void later_indicator(Findings& f, char c, bool preceded_by_blank, bool followed_by_blank) {
  if (c == ':') {
    f.flow_indicators = true;
    f.block_indicators |= followed_by_blank;
  } else if (c == '#') {
    if (preceded_by_blank) f.both();
  } else if (std::string_view(",?[]{}").find(c) != std::string_view::npos) {
    f.flow_indicators = true;
  }
}

Findings scan(std::string_view text, YamlVersion version) {
  Findings f;
  if (text.starts_with("---") || text.starts_with("...")) f.both();
  bool preceded_by_blank = true;
  bool previous_space = false;
  bool previous_break = false;
  for (std::size_t i = 0, w = 0; i < text.size(); i += w) {
    w = yaml_width(text[i]);
    const std::size_t next = i + w;
    const bool followed_by_blank = next >= text.size() || text[next] == ' ' || text[next] == '\t';
    if (i == 0)
      first_indicator(f, text[i], followed_by_blank);
    else
      later_indicator(f, text[i], preceded_by_blank, followed_by_blank);
    if (text[i] == '\t' && version == YamlVersion::v3)
      f.tabs = true;
    else if (!yaml_printable(text, i))
      f.special = true;
    const bool space = text[i] == ' ';
    const bool line_break = yaml_break(text, i) != 0;
    if (space) {
      f.leading_space |= i == 0;
      f.trailing_space |= next >= text.size();
      f.break_space |= previous_break;
    } else if (line_break) {
      f.line_breaks = true;
      f.leading_break |= i == 0;
      f.trailing_break |= next >= text.size();
      f.space_break |= previous_space;
    }
    previous_space = space;
    previous_break = line_break;
    preceded_by_blank = blank_or_break(text, i);
  }
  return f;
}

}  // namespace

std::size_t yaml_width(char lead) {
  const auto byte = static_cast<std::uint8_t>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

bool yaml_printable(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  const std::uint8_t second = byte_at(text, at + 1);
  const std::uint8_t third = byte_at(text, at + 2);
  if (lead < 0x80) return lead == 0x0A || (lead >= 0x20 && lead <= 0x7E);
  if (lead == 0xC2) return second >= 0xA0;
  if (lead > 0xC2 && lead < 0xED) return true;
  if (lead == 0xED) return second < 0xA0;
  if (lead == 0xEE) return true;
  if (lead != 0xEF) return false;
  const bool bom = second == 0xBB && third == 0xBF;
  const bool noncharacter = second == 0xBF && (third == 0xBE || third == 0xBF);
  return !bom && !noncharacter;
}

std::size_t yaml_break(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (at >= text.size()) return 0;
  if (lead == '\r' || lead == '\n') return 1;
  if (lead == 0xC2 && byte_at(text, at + 1) == 0x85) return 2;
  if (lead == 0xE2 && byte_at(text, at + 1) == 0x80 &&
      (byte_at(text, at + 2) == 0xA8 || byte_at(text, at + 2) == 0xA9))
    return 3;
  return 0;
}

ScalarTraits analyze_scalar(std::string_view text, YamlVersion version) {
  if (text.empty()) return {};
  const Findings f = scan(text, version);
  ScalarTraits t{.multiline = f.line_breaks,
                 .flow_plain = true,
                 .block_plain = true,
                 .single_quoted = true,
                 .block = true};
  const bool edges = f.leading_space || f.leading_break || f.trailing_space || f.trailing_break;
  const bool no_quotes = f.break_space || f.space_break || f.tabs || f.special;
  t.block_plain = !(edges || no_quotes || f.line_breaks || f.block_indicators);
  t.flow_plain = !(edges || no_quotes || f.line_breaks || f.flow_indicators);
  t.single_quoted = !no_quotes;
  t.block = !(f.trailing_space || f.space_break || f.special);
  return t;
}

}  // namespace tiphys::value
