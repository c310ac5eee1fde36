#include "sprig/toml_scan.hpp"

#include "sprig/runes.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <utility>

namespace tiphys::sprig {
namespace {

bool is_bare(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t TomlScanner::line() const {
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size()));
  return static_cast<std::size_t>(std::count(text_.begin(), end, '\n')) + 1;
}

base::Error TomlScanner::error(std::string message) const {
  std::string text = "toml: line " + std::to_string(line());
  if (!last_key.empty()) text += " (last key " + gotmpl::quote(last_key) + ")";
  return {base::Code::Invalid, text + ": " + std::move(message)};
}

base::Error TomlScanner::unexpected(std::string_view wanted) const {
  std::string found = "end of file";
  if (!at_end()) {
    const Rune rune = decode_rune(text_.substr(at_));
    found = rune.code == '\n' ? "new line" : "'" + std::string(text_.substr(at_, rune.size)) + "'";
    if (rune.code == '\n')
      return error("expected " + std::string(wanted) + " but found '\\n' instead");
    return error("expected " + std::string(wanted) + " but found " + found + " instead");
  }
  return error("unexpected EOF; expected " + std::string(wanted));
}

bool TomlScanner::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void TomlScanner::skip_blanks() {
  while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

void TomlScanner::skip_lines() {
  for (;;) {
    while (!at_end() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
    if (peek() != '#' || at_end()) return;
    while (!at_end() && text_[at_] != '\n') ++at_;
  }
}

base::Status TomlScanner::end_line(std::string_view after) {
  skip_blanks();
  if (peek() == '#')
    while (!at_end() && text_[at_] != '\n') ++at_;
  take('\r');
  if (at_end() || take('\n')) return {};
  const Rune rune = decode_rune(text_.substr(at_));
  return error("expected a " + std::string(after) +
               " to end with a newline, comment, or EOF, but got '" +
               std::string(text_.substr(at_, rune.size)) + "' instead");
}

base::Result<std::string> TomlScanner::key_part() {
  if (peek() == '"' || peek() == '\'') {
    if (starts_with("\"\"\"") || starts_with("'''"))
      return error("multi-line strings cannot be used as keys");
    return string();
  }
  const std::size_t start = at_;
  while (!at_end() && is_bare(text_[at_])) ++at_;
  if (at_ == start) return unexpected("a key");
  return std::string(text_.substr(start, at_ - start));
}

base::Result<std::string> TomlScanner::string() {
  const bool multiline = starts_with("\"\"\"") || starts_with("'''");
  const bool raw = peek() == '\'';
  skip(multiline ? 3 : 1);
  if (multiline && !take('\n') && starts_with("\r\n")) skip(2);
  return raw ? literal(multiline) : basic(multiline);
}

base::Result<std::string> TomlScanner::literal(bool multiline) {
  std::string out;
  while (!at_end()) {
    if (multiline ? starts_with("'''") : peek() == '\'') {
      skip(multiline ? 3 : 1);
      // Up to two quotes may stand right before the closing ones.
      while (multiline && take('\'')) out.push_back('\'');
      return out;
    }
    if (!multiline && peek() == '\n') return error("strings cannot contain newlines");
    out.push_back(text_[at_++]);
  }
  return error("unexpected EOF; expected " + std::string(multiline ? "\"'''\"" : "\"'\""));
}

base::Result<std::string> TomlScanner::basic(bool multiline) {
  std::string out;
  while (!at_end()) {
    const char c = peek();
    if (multiline ? starts_with("\"\"\"") : c == '"') {
      skip(multiline ? 3 : 1);
      while (multiline && take('"')) out.push_back('"');
      return out;
    }
    if (!multiline && c == '\n') return error("strings cannot contain newlines");
    if (c == '\\') {
      TRY(escape(out, multiline));
      continue;
    }
    out.push_back(c);
    ++at_;
  }
  return error("unexpected EOF; expected '\"'");
}

base::Status TomlScanner::escape(std::string& out, bool multiline) {
  ++at_;
  const char c = peek();
  if (multiline && std::string_view(" \t\r\n").contains(c)) {
    const std::size_t end = text_.find_first_not_of(" \t\r\n", at_);
    if (text_.substr(at_, end - at_).contains('\n')) {
      at_ = std::min(end, text_.size());
      return {};
    }
  }
  if (const std::size_t at = std::string_view("btnfre\"\\").find(c); at != std::string_view::npos) {
    out.push_back(std::string_view("\b\t\n\f\r\x1b\"\\")[at]);
    ++at_;
    return {};
  }
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits == 0) return error("invalid escape: '\\" + std::string(1, c) + "'");
  ++at_;
  char32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(peek());
    if (digit < 0)
      return error("expected " + std::to_string(digits) + " hexadecimal digits after '\\" +
                   std::string(1, c) + "', but got '" + std::string(1, peek()) + "' instead");
    code = code * 16 + static_cast<char32_t>(digit);
    ++at_;
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return error("Escaped character is not valid UTF-8.");
  append_rune(out, code);
  return {};
}

std::string_view TomlScanner::word() {
  const std::size_t start = at_;
  while (!at_end() && !std::string_view(",]}# \t\r\n").contains(text_[at_])) ++at_;
  // A date and a time may be separated by a blank.
  if (at_ - start == 10 && text_[start + 4] == '-' && peek() == ' ' && at_ + 1 < text_.size() &&
      text_[at_ + 1] >= '0' && text_[at_ + 1] <= '9') {
    ++at_;
    while (!at_end() && !std::string_view(",]}# \t\r\n").contains(text_[at_])) ++at_;
  }
  return text_.substr(start, at_ - start);
}

}  // namespace tiphys::sprig
