#include "value/yaml_writer.hpp"

#include "value/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace tiphys::value {

namespace {

bool space_at(std::string_view text, std::size_t at) { return at < text.size() && text[at] == ' '; }

}  // namespace

void YamlWriter::put(char c) {
  out_ += c;
  ++column_;
}

void YamlWriter::put_break() {
  out_ += '\n';
  column_ = 0;
  if (version_ == YamlVersion::v3) indention_ = true;
}

void YamlWriter::copy(std::string_view text, std::size_t& at) {
  const std::size_t width = yaml_width(text[at]);
  out_.append(text.substr(at, width));
  at += width;
  ++column_;
}

void YamlWriter::copy_break(std::string_view text, std::size_t& at) {
  const std::size_t width = yaml_break(text, at);
  if (text[at] == '\n') {
    put_break();
  } else {
    out_.append(text.substr(at, width));
    column_ = 0;
    if (version_ == YamlVersion::v3) indention_ = true;
  }
  at += width;
}

void YamlWriter::line(int indent) {
  if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) put_break();
  if (column_ < indent) {
    out_.append(static_cast<std::size_t>(indent - column_), ' ');
    column_ = indent;
  }
  whitespace_ = true;
  indention_ = version_ == YamlVersion::v2 || indention_;
}

void YamlWriter::indicator(std::string_view text, Space space, bool is_whitespace,
                           bool keeps_indention) {
  if (space == Space::before && !whitespace_) put(' ');
  out_.append(text);
  column_ += static_cast<int>(text.size());
  whitespace_ = is_whitespace;
  indention_ = indention_ && keeps_indention;
}

void YamlWriter::plain_token(std::string_view text) {
  if (!whitespace_) put(' ');
  out_.append(text);
  column_ += static_cast<int>(text.size());
  whitespace_ = false;
  indention_ = false;
}

YamlWriter::Style YamlWriter::choose(std::string_view text, const ScalarTraits& traits,
                                     bool resolved, bool simple_key) const {
  Style style = resolved ? Style::double_quoted : Style::plain;
  if (text.find('\n') != std::string_view::npos) style = Style::literal;
  if (simple_key && traits.multiline) style = Style::double_quoted;
  if (style == Style::plain && (!traits.block_plain || (text.empty() && simple_key)))
    style = Style::single_quoted;
  if (style == Style::single_quoted && !traits.single_quoted) style = Style::double_quoted;
  if (style == Style::literal && (!traits.block || simple_key)) style = Style::double_quoted;
  return style;
}

void YamlWriter::string(std::string_view text, const ScalarTraits& traits, bool resolved,
                        bool simple_key, int indent) {
  switch (choose(text, traits, resolved, simple_key)) {
    case Style::plain:
      return plain(text, !simple_key, indent);
    case Style::single_quoted:
      return single_quoted(text, !simple_key, indent);
    case Style::double_quoted:
      return double_quoted(text, !simple_key, indent);
    case Style::literal:
      return literal(text, indent);
  }
}

void YamlWriter::plain(std::string_view text, bool fold, int indent) {
  if (!whitespace_ && (version_ == YamlVersion::v2 || !text.empty())) put(' ');
  bool spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      if (fold && !spaces && too_wide() && !space_at(text, i + 1)) {
        line(indent);
        ++i;
      } else {
        copy(text, i);
      }
      spaces = true;
    } else {
      copy(text, i);
      indention_ = false;
      spaces = false;
    }
  }
  whitespace_ = false;
  indention_ = false;
}

void YamlWriter::single_quoted(std::string_view text, bool fold, int indent) {
  indicator("'", Space::before, false, false);
  bool spaces = false;
  bool breaks = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      if (fold && !spaces && too_wide() && i > 0 && i + 1 < text.size() && !space_at(text, i + 1)) {
        line(indent);
        ++i;
      } else {
        copy(text, i);
      }
      spaces = true;
    } else if (yaml_break(text, i) != 0) {
      if (!breaks && text[i] == '\n') put_break();
      copy_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) line(indent);
      if (text[i] == '\'') put('\'');
      copy(text, i);
      indention_ = false;
      spaces = false;
      breaks = false;
    }
  }
  indicator("'", Space::none, false, false);
  whitespace_ = false;
  indention_ = false;
}

void YamlWriter::escape(std::string_view text, std::size_t& at) {
  struct Short {
    std::uint32_t code;
    char name;
  };
  static constexpr std::array<Short, 15> kShort = {{{0x00, '0'},
                                                    {0x07, 'a'},
                                                    {0x08, 'b'},
                                                    {0x09, 't'},
                                                    {0x0A, 'n'},
                                                    {0x0B, 'v'},
                                                    {0x0C, 'f'},
                                                    {0x0D, 'r'},
                                                    {0x1B, 'e'},
                                                    {0x22, '"'},
                                                    {0x5C, '\\'},
                                                    {0x85, 'N'},
                                                    {0xA0, '_'},
                                                    {0x2028, 'L'},
                                                    {0x2029, 'P'}}};
  const Rune rune = decode_rune(text.substr(at));
  at += rune.size;
  put('\\');
  const auto* const found = std::find_if(kShort.begin(), kShort.end(),
                                         [&rune](const Short& s) { return s.code == rune.code; });
  if (found != kShort.end()) return put(found->name);
  const std::size_t before = out_.size();
  auto to = std::back_inserter(out_);
  if (rune.code <= 0xFF)
    fmt::format_to(to, "x{:02X}", rune.code);
  else if (rune.code <= 0xFFFF)
    fmt::format_to(to, "u{:04X}", rune.code);
  else
    fmt::format_to(to, "U{:08X}", rune.code);
  column_ += static_cast<int>(out_.size() - before);
}

void YamlWriter::double_quoted(std::string_view text, bool fold, int indent) {
  // go-yaml asks whether the whole text starts with a byte order mark, for every character.
  const bool bom = text.starts_with("\xEF\xBB\xBF");
  indicator("\"", Space::before, false, false);
  bool spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    if (bom || !yaml_printable(text, i) || yaml_break(text, i) != 0 || text[i] == '"' ||
        text[i] == '\\') {
      escape(text, i);
      spaces = false;
    } else if (text[i] == ' ') {
      if (fold && !spaces && too_wide() && i > 0 && i + 1 < text.size()) {
        line(indent);
        if (space_at(text, i + 1)) put('\\');
        ++i;
      } else {
        copy(text, i);
      }
      spaces = true;
    } else {
      copy(text, i);
      spaces = false;
    }
  }
  indicator("\"", Space::none, false, false);
  whitespace_ = false;
  indention_ = false;
}

void YamlWriter::literal(std::string_view text, int indent) {
  indicator("|", Space::before, false, false);
  if (text[0] == ' ' || yaml_break(text, 0) != 0) indicator("2", Space::none, false, false);
  const auto start_of_last = [&text](std::size_t end) {
    std::size_t i = end - 1;
    while ((static_cast<std::uint8_t>(text[i]) & 0xC0U) == 0x80U) --i;
    return i;
  };
  const std::size_t last = start_of_last(text.size());
  if (yaml_break(text, last) == 0)
    indicator("-", Space::none, false, false);
  else if (last == 0 || yaml_break(text, start_of_last(last)) != 0)
    indicator("+", Space::none, false, false);
  put_break();
  indention_ = true;
  whitespace_ = true;
  bool breaks = true;
  for (std::size_t i = 0; i < text.size();) {
    if (yaml_break(text, i) != 0) {
      copy_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) line(indent);
      copy(text, i);
      indention_ = false;
      breaks = false;
    }
  }
}

}  // namespace tiphys::value
