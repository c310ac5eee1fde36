#include "value/yaml_line.hpp"

#include "value/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace tiphys::value {
namespace {

bool is_readable(std::uint32_t code) {
  if (code < 0xA0) return false;
  return code != 0x2028 && code != 0x2029 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
}

bool is_marker(std::string_view line) { return line.starts_with("---") || line.starts_with("..."); }

}  // namespace

bool YamlLines::readable(std::string_view text) {
  unsigned odd = 0;
  unsigned high = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    odd |= static_cast<unsigned>(byte < 0x20 && byte != '\n' && byte != '\t') |
           static_cast<unsigned>(byte == 0x7F);
    high |= byte & 0x80U;
  }
  if (odd != 0) return false;
  if (high == 0) return true;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<std::uint8_t>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const Rune rune = decode_rune(text.substr(at));
    if (!rune.valid || !is_readable(rune.code)) return false;
    at += rune.size;
  }
  return true;
}

YamlLines::Line YamlLines::line_at(std::size_t start) const {
  std::size_t content = start;
  while (content < text_.size() && text_[content] == ' ') ++content;
  const std::size_t end = std::min(text_.find('\n', content), text_.size());
  return {content, end, static_cast<int>(content - start), content == end};
}

bool YamlLines::token_from(std::size_t start) {
  while (start < text_.size()) {
    const Line line = line_at(start);
    if (!line.blank && text_[line.content] != '#') {
      const std::string_view text = text_.substr(line.content, 3);
      if (text.front() == '\t') return false;
      if (line.column == 0 && (is_marker(text) || text.front() == '%')) return false;
      at_ = line.content;
      column_ = line.column;
      return true;
    }
    start = line.end + 1;
  }
  at_ = text_.size();
  column_ = -1;
  return true;
}

bool YamlLines::begin() {
  for (std::size_t start = 0; start < text_.size();) {
    const Line line = line_at(start);
    if (text_.substr(start, line.end - start) == "---") return token_from(line.end + 1);
    if (!line.blank && text_[line.content] != '#') return token_from(start);
    start = line.end + 1;
  }
  return token_from(text_.size());
}

bool YamlLines::next_token() { return token_from(at_ + 1); }

std::size_t YamlLines::skip_spaces() {
  const std::size_t before = at_;
  while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  return at_ - before;
}

bool YamlLines::end_line() {
  const std::size_t spaces = skip_spaces();
  if (peek() == '#' && spaces > 0) at_ = std::min(text_.find('\n', at_), text_.size());
  return peek() == '\n';
}

// The scalar's text in the line up to `end`; at_ is then behind it, and before a comment if
// `commented`.
bool YamlLines::plain_line(std::size_t end, std::string_view& out, bool& commented) {
  std::string_view line = text_.substr(at_, end - at_);
  commented = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\t') return false;
    if (c == ':' && (i + 1 == line.size() || line[i + 1] == ' ')) return false;
    if (c == '#' && i > 0 && line[i - 1] == ' ') {
      line = line.substr(0, i);
      commented = true;
      break;
    }
  }
  while (line.ends_with(' ')) line.remove_suffix(1);
  out = line;
  at_ = end;
  return true;
}

bool YamlLines::plain(int indent, std::string& out) {
  std::string_view part;
  bool commented = false;
  if (!plain_line(std::min(text_.find('\n', at_), text_.size()), part, commented)) return false;
  out = part;
  while (!commented && at_ < text_.size()) {
    std::size_t breaks = 0;
    std::size_t start = at_ + 1;
    Line line = line_at(start);
    while (line.blank && start < text_.size()) {
      ++breaks;
      start = line.end + 1;
      line = start < text_.size() ? line_at(start) : Line{.column = -1};
    }
    if (start >= text_.size() || line.column <= indent || text_[line.content] == '#') break;
    at_ = line.content;
    if (!plain_line(line.end, part, commented)) return false;
    if (breaks == 0)
      out += ' ';
    else
      out.append(breaks, '\n');
    out += part;
  }
  return true;
}

// At the end of a line inside of quotes: one break is a blank, more are one less. What is in `out`
// from `floor` on came from this line without an escape.
bool YamlLines::fold(std::string& out, std::size_t floor) {
  while (out.size() > floor && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
  std::size_t breaks = 0;
  for (;;) {
    ++at_;
    if (is_marker(text_.substr(at_, 3))) return false;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size()) return false;
    if (text_[at_] != '\n') break;
    ++breaks;
  }
  if (breaks == 0)
    out += ' ';
  else
    out.append(breaks, '\n');
  return true;
}

bool YamlLines::single_quoted(std::string& out, Lines lines) {
  std::size_t floor = 0;
  for (;;) {
    const std::size_t stop = text_.find_first_of("'\n", at_);
    if (stop == std::string_view::npos) return false;
    out.append(text_, at_, stop - at_);
    at_ = stop;
    if (text_[stop] == '\n') {
      if (lines == Lines::one || !fold(out, floor)) return false;
    } else {
      ++at_;
      if (peek() != '\'') return true;
      out += '\'';
      ++at_;
    }
    floor = out.size();
  }
}

bool YamlLines::double_quoted(std::string& out, Lines lines) {
  std::size_t floor = 0;
  for (;;) {
    const std::size_t stop = text_.find_first_of("\"\\\n", at_);
    if (stop == std::string_view::npos) return false;
    out.append(text_, at_, stop - at_);
    at_ = stop + 1;
    if (text_[stop] == '"') return true;
    if (text_[stop] == '\n') {
      --at_;
      if (lines == Lines::one || !fold(out, floor)) return false;
    } else {
      const char escaped = peek();
      if (escaped == 'n')
        out += '\n';
      else if (escaped == 't')
        out += '\t';
      else if (escaped == '"' || escaped == '\\')
        out += escaped;
      else
        return false;
      ++at_;
    }
    floor = out.size();
  }
}

// `|` or `>`, a sign, blanks and a comment.
bool YamlLines::block_header(char& chomp) {
  ++at_;
  chomp = ' ';
  if (peek() == '-' || peek() == '+') {
    chomp = peek();
    ++at_;
  }
  return end_line();
}

// The column of the first line with text. Blank lines before it may not be longer.
bool YamlLines::block_indent(int indent, std::size_t start, int& found) const {
  int longest = 0;
  while (start < text_.size()) {
    const Line line = line_at(start);
    if (!line.blank) {
      found = line.column > indent ? line.column : -1;
      return longest <= line.column && text_[line.content] != '\t';
    }
    longest = std::max(longest, line.column);
    start = line.end + 1;
  }
  found = -1;
  return true;
}

// libyaml's scan_block_scalar with its four strings.
bool YamlLines::block_scalar(int indent, std::string& out) {
  const bool literal = peek() == '|';
  char chomp = ' ';
  if (!block_header(chomp)) return false;
  int column = 0;
  if (!block_indent(indent, at_ + 1, column)) return false;
  if (column < 0) return chomp != '+' && next_token();
  const auto width = static_cast<std::size_t>(column);
  bool leading_break = false;
  bool leading_blank = false;
  std::size_t breaks = 0;  // blank lines since the last line with text
  std::size_t start = at_ + 1;
  while (start < text_.size()) {
    const Line line = line_at(start);
    if (line.column < column) {
      if (!line.blank) {
        if (text_[line.content] == '\t') return false;
        break;
      }
      if (line.end < text_.size()) ++breaks;
      start = line.end + 1;
      continue;
    }
    const std::size_t content = start + width;
    if (content == line.end) {
      if (line.end < text_.size()) ++breaks;
      start = line.end + 1;
      continue;
    }
    const bool blank = text_[content] == ' ' || text_[content] == '\t';
    if (leading_break && (literal || leading_blank || blank))
      out += '\n';
    else if (leading_break && breaks == 0)
      out += ' ';
    out.append(breaks, '\n');
    breaks = 0;
    out.append(text_, content, line.end - content);
    leading_blank = blank;
    leading_break = line.end < text_.size();
    start = line.end + 1;
  }
  if (chomp != '-' && leading_break) out += '\n';
  if (chomp == '+') out.append(breaks, '\n');
  return token_from(std::min(start, text_.size()));
}

}  // namespace tiphys::value
