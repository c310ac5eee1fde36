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

std::string hex_byte(std::uint32_t byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', 'x', kDigits[byte / 16 % 16], kDigits[byte % 16]};
}

/// What TOML says to the character at the front; nothing when it is allowed.
std::string forbidden(std::string_view text, Rune rune) {
  if (rune.code == kRuneError && rune.size == 1)
    return "invalid UTF-8 byte: " + hex_byte(static_cast<std::uint8_t>(text[0]));
  const bool control = rune.code < ' ' || rune.code == 0x7F;
  const bool line_end = rune.code == '\n' || text.starts_with("\r\n");
  if (!control || rune.code == '\t' || line_end) return "";
  return "TOML files cannot contain control characters: '" + hex_byte(rune.code) + "'";
}

}  // namespace

TomlScanner::TomlScanner(std::string_view text) : text_(text) {
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = decode_rune(text.substr(at));
    forbidden_ = forbidden(text.substr(at), rune);
    if (!forbidden_.empty()) {
      text_ = text.substr(0, at);
      return;
    }
    at += rune.size;
  }
}

base::Status TomlScanner::finish() const {
  if (!forbidden_.empty()) return error(forbidden_);
  return {};
}

std::size_t TomlScanner::line() const {
  // The end of a text that ends with a newline counts to its last line.
  const bool past_newline = at_end() && forbidden_.empty() && text_.ends_with('\n');
  return static_cast<std::size_t>(std::ranges::count(text_.substr(0, at_), '\n')) +
         (past_newline ? 0 : 1);
}

base::Error TomlScanner::error(const std::string& message) const {
  std::string text = "toml: line " + std::to_string(line());
  if (!last_key.empty()) text += " (last key " + gotmpl::quote(last_key) + ")";
  const bool stopped = at_end() && !forbidden_.empty();
  return {base::Code::Invalid, text + ": " + (stopped ? forbidden_ : message)};
}

std::string TomlScanner::next_or_end() const {
  if (at_end()) return "end of file";
  return "'" + std::string(text_.substr(at_, decode_rune(text_.substr(at_)).size)) + "'";
}

base::Error TomlScanner::found(const std::string& message) const {
  std::string shown = "\\x00";
  if (!at_end()) {
    const std::string_view rune = text_.substr(at_, decode_rune(text_.substr(at_)).size);
    shown = gotmpl::quote(rune);
    shown = shown.substr(1, shown.size() - 2);
    if (rune == "\"") shown = rune;
    if (rune == "'") shown = "\\'";
  }
  return error(message + " '" + shown + "' instead");
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

base::Status TomlScanner::end_line() {
  skip_blanks();
  if (peek() == '#')
    while (!at_end() && text_[at_] != '\n') ++at_;
  take('\r');
  if (at_end() || take('\n')) return {};
  return found("expected a top-level item to end with a newline, comment, or EOF, but got");
}

base::Result<std::string> TomlScanner::key_part() {
  if (take('"')) return basic(false);
  if (take('\'')) return literal(false);
  // An empty bare key is taken here: what comes after it is the error.
  const std::size_t start = at_;
  while (!at_end() && is_bare(text_[at_])) ++at_;
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
  start_ = at_;
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
  return error(multiline ? R"(unexpected EOF; expected '"""')" : R"(unexpected EOF; expected '"')");
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
  if (digits == 0) {
    const Rune rune = at_end() ? Rune{} : decode_rune(text_.substr(at_));
    return error("invalid escape in string '\\" + std::string(text_.substr(at_, rune.size)) + "'");
  }
  ++at_;
  char32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(peek());
    if (digit < 0) {
      const std::size_t size = at_end() ? 0 : decode_rune(text_.substr(at_)).size;
      return error("expected " +
                   std::string(digits == 2   ? "two"
                               : digits == 4 ? "four"
                                             : "eight") +
                   " hexadecimal digits after '\\" + std::string(1, c) + "', but got " +
                   gotmpl::quote(text_.substr(start_, at_ + size - start_)) + " instead");
    }
    code = code * 16 + static_cast<char32_t>(digit);
    ++at_;
  }
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return error("Escaped character is not valid UTF-8.");
  append_rune(out, code);
  return {};
}

std::string_view TomlScanner::letters() {
  const std::size_t start = at_;
  while (!at_end()) {
    const Rune rune = decode_rune(text_.substr(at_));
    if (!is_letter(rune.code)) break;
    at_ += rune.size;
  }
  return text_.substr(start, at_ - start);
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
