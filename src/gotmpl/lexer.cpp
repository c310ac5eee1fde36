#include "gotmpl/lexer.hpp"

#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::gotmpl {
namespace {

constexpr std::string_view kLeft = "{{";
constexpr std::string_view kRight = "}}";
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::size_t kTrimMarker = 2;  // the minus and the blank beside it

constexpr auto kKeywords = std::to_array<std::pair<std::string_view, TokenKind>>({
    {"block", TokenKind::block},
    {"break", TokenKind::break_loop},
    {"continue", TokenKind::continue_loop},
    {"define", TokenKind::define},
    {"else", TokenKind::otherwise},
    {"end", TokenKind::end},
    {"if", TokenKind::if_branch},
    {"nil", TokenKind::nil},
    {"range", TokenKind::range},
    {"template", TokenKind::invoke},
    {"with", TokenKind::with},
    {"true", TokenKind::boolean},
    {"false", TokenKind::boolean},
});

bool is_space(std::int32_t rune) {
  return rune == ' ' || rune == '\t' || rune == '\r' || rune == '\n';
}

/// ASCII's letters, digits and the underscore.
constexpr auto kWordBytes = [] {
  std::array<bool, 256> out{};
  for (int c = '0'; c <= '9'; ++c) out.at(static_cast<std::size_t>(c)) = true;
  for (int c = 'a'; c <= 'z'; ++c) out.at(static_cast<std::size_t>(c)) = true;
  for (int c = 'A'; c <= 'Z'; ++c) out.at(static_cast<std::size_t>(c)) = true;
  out.at('_') = true;
  return out;
}();

bool is_alphanumeric(std::int32_t rune) {
  if (rune < 0) return false;
  if (rune < 0x80) return kWordBytes[static_cast<std::size_t>(rune)];
  const auto r = static_cast<char32_t>(rune);
  return r == '_' || is_letter(r) || is_digit(r);
}

bool has_left_marker(std::string_view text) {
  return text.size() >= 2 && text[0] == '-' && is_space(text[1]);
}

bool has_right_marker(std::string_view text) {
  return text.size() >= 2 && is_space(text[0]) && text[1] == '-';
}

std::uint32_t count_lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

/// %#U
std::string unicode_text(std::int32_t rune) {
  const auto r = static_cast<std::uint64_t>(static_cast<std::int64_t>(rune));
  std::string out = fmt::format("U+{:04X}", r);
  if (rune >= 0 && is_print(static_cast<char32_t>(rune))) {
    out += " '";
    append_rune(out, static_cast<char32_t>(rune));
    out += "'";
  }
  return out;
}

}  // namespace

std::string token_text(const Token& token) {
  if (token.kind == TokenKind::eof) return "EOF";
  if (token.kind == TokenKind::error) return std::string(token.text);
  if (token.kind > TokenKind::variable) return "<" + std::string(token.text) + ">";
  if (token.text.size() <= 10) return quote(token.text);
  std::size_t end = 0;
  for (int runes = 0; runes < 10 && end < token.text.size(); ++runes) {
    end += decode_rune(token.text.substr(end)).size;
  }
  return quote(token.text.substr(0, end)) + "...";
}

std::int32_t Lexer::advance() {
  if (pos_ >= input_.size()) return kEof;
  const auto byte = static_cast<unsigned char>(input_[pos_]);
  if (byte < 0x80) {
    ++pos_;
    if (byte == '\n') ++line_;
    return byte;
  }
  const Decoded rune = decode_rune(rest());
  pos_ += rune.size;
  return static_cast<std::int32_t>(rune.rune);
}

std::int32_t Lexer::peek() {
  if (pos_ >= input_.size()) return kEof;
  const auto byte = static_cast<unsigned char>(input_[pos_]);
  return byte < 0x80 ? byte : static_cast<std::int32_t>(decode_rune(rest()).rune);
}

bool Lexer::accept(std::string_view valid) {
  if (pos_ < input_.size() && valid.find(input_[pos_]) != std::string_view::npos) {
    ++pos_;
    return true;
  }
  return false;
}

void Lexer::accept_run(std::string_view valid) {
  while (accept(valid)) {
  }
}

bool Lexer::at_right_delim(bool& trims) const {
  trims = false;
  if (pos_ >= input_.size() || (input_[pos_] != kRight[0] && !is_space(input_[pos_]))) return false;
  trims = has_right_marker(rest()) && rest().substr(kTrimMarker).starts_with(kRight);
  return trims || rest().starts_with(kRight);
}

Token Lexer::emit(TokenKind kind) {
  const Token token{kind, static_cast<std::uint32_t>(start_), input_.substr(start_, pos_ - start_),
                    start_line_};
  start_ = pos_;
  start_line_ = line_;
  return token;
}

void Lexer::ignore() {
  line_ += count_lines(input_.substr(start_, pos_ - start_));
  start_ = pos_;
  start_line_ = line_;
}

Token Lexer::fail(std::string message) {
  message_ = std::move(message);
  const Token token{TokenKind::error, static_cast<std::uint32_t>(start_), message_, start_line_};
  input_ = input_.substr(0, 0);
  pos_ = start_ = 0;
  return token;
}

Token Lexer::next() { return inside_action_ ? lex_inside_action() : lex_text(); }

Token Lexer::lex_text() {
  for (;;) {
    const auto found = rest().find(kLeft);
    if (found == std::string_view::npos) {
      pos_ = input_.size();
      if (pos_ == start_) return emit(TokenKind::eof);
      line_ += count_lines(input_.substr(start_, pos_ - start_));
      return emit(TokenKind::text);
    }
    if (found > 0) {
      pos_ += found;
      std::size_t trimmed = 0;
      if (has_left_marker(rest().substr(kLeft.size()))) {
        const std::string_view text = input_.substr(start_, pos_ - start_);
        const auto last = text.find_last_not_of(kSpaces);
        trimmed = text.size() - (last == std::string_view::npos ? 0 : last + 1);
      }
      pos_ -= trimmed;
      line_ += count_lines(input_.substr(start_, pos_ - start_));
      const Token token = emit(TokenKind::text);
      pos_ += trimmed;
      ignore();
      if (!token.text.empty()) return token;
    }
    const Step step = lex_left_delim();
    if (step.done) return step.token;
  }
}

Lexer::Step Lexer::lex_left_delim() {
  pos_ += kLeft.size();
  const std::size_t marker = has_left_marker(rest()) ? kTrimMarker : 0;
  if (rest().substr(marker).starts_with("/*")) {
    pos_ += marker;
    ignore();
    return lex_comment();
  }
  const Token token = emit(TokenKind::left_delim);
  inside_action_ = true;
  pos_ += marker;
  ignore();
  paren_depth_ = 0;
  return {token, true};
}

Lexer::Step Lexer::lex_comment() {
  pos_ += 2;
  const auto end = rest().find("*/");
  if (end == std::string_view::npos) return {fail("unclosed comment"), true};
  pos_ += end + 2;
  bool trims = false;
  if (!at_right_delim(trims)) return {fail("comment ends before closing delimiter"), true};
  line_ += count_lines(input_.substr(start_, pos_ - start_));
  emit(TokenKind::comment);
  pos_ += (trims ? kTrimMarker : 0) + kRight.size();
  if (trims) pos_ = std::min(input_.find_first_not_of(kSpaces, pos_), input_.size());
  ignore();
  return {{}, false};
}

Token Lexer::lex_right_delim() {
  bool trims = false;
  at_right_delim(trims);
  if (trims) {
    pos_ += kTrimMarker;
    ignore();
  }
  pos_ += kRight.size();
  const Token token = emit(TokenKind::right_delim);
  if (trims) {
    pos_ = std::min(input_.find_first_not_of(kSpaces, pos_), input_.size());
    ignore();
  }
  inside_action_ = false;
  return token;
}

Token Lexer::lex_inside_action() {
  bool trims = false;
  if (at_right_delim(trims)) {
    return paren_depth_ == 0 ? lex_right_delim() : fail("unclosed left paren");
  }
  const std::int32_t rune = peek();
  if (rune == kEof) return fail("unclosed action");
  if (is_space(rune)) return lex_space();
  if (is_alphanumeric(rune) && !(rune >= '0' && rune <= '9')) return lex_identifier();
  const bool digit_follows =
      pos_ + 1 < input_.size() && input_[pos_ + 1] >= '0' && input_[pos_ + 1] <= '9';
  if (rune == '+' || rune == '-' || (rune >= '0' && rune <= '9') ||
      (rune == '.' && (digit_follows || pos_ + 1 == input_.size()))) {
    return lex_number();
  }
  advance();
  return lex_punctuation(static_cast<char32_t>(rune));
}

Token Lexer::lex_punctuation(char32_t rune) {
  switch (rune) {
    case '=':
      return emit(TokenKind::assign);
    case ':':
      return advance() == '=' ? emit(TokenKind::declare) : fail("expected :=");
    case '|':
      return emit(TokenKind::pipe);
    case '"':
      return lex_quoted('"', TokenKind::string, "unterminated quoted string");
    case '\'':
      return lex_quoted('\'', TokenKind::char_constant, "unterminated character constant");
    case '`':
      return lex_raw();
    case '$':
      return lex_field_or_variable(TokenKind::variable);
    case '.':
      return lex_field_or_variable(TokenKind::field);
    case '(':
      ++paren_depth_;
      return emit(TokenKind::left_paren);
    case ')':
      return --paren_depth_ < 0 ? fail("unexpected right paren") : emit(TokenKind::right_paren);
    default:
      if (rune < 0x80 && is_print(rune)) return emit(TokenKind::character);
      return fail("unrecognized character in action: " +
                  unicode_text(static_cast<std::int32_t>(rune)));
  }
}

Token Lexer::lex_space() {
  std::size_t count = 0;
  while (is_space(peek())) {
    advance();
    ++count;
  }
  // The last blank may belong to a trimming right delimiter.
  const std::string_view last = input_.substr(pos_ - 1);
  if (has_right_marker(last) && last.substr(kTrimMarker).starts_with(kRight)) {
    --pos_;
    if (input_[pos_] == '\n') --line_;
    if (count == 1) return lex_right_delim();
  }
  return emit(TokenKind::space);
}

void Lexer::skip_word() {
  for (;;) {
    while (pos_ < input_.size() && kWordBytes[static_cast<unsigned char>(input_[pos_])]) ++pos_;
    if (pos_ >= input_.size() || static_cast<unsigned char>(input_[pos_]) < 0x80) return;
    if (!is_alphanumeric(peek())) return;
    advance();
  }
}

bool Lexer::at_terminator() {
  const std::int32_t rune = peek();
  if (rune == kEof || is_space(rune)) return true;
  if (rune < 0x80 &&
      std::string_view(".,|:)(").find(static_cast<char>(rune)) != std::string::npos) {
    return true;
  }
  return rest().starts_with(kRight);
}

Token Lexer::lex_identifier() {
  skip_word();
  const std::string_view word = input_.substr(start_, pos_ - start_);
  if (!at_terminator()) return fail("bad character " + unicode_text(peek()));
  for (const auto& [name, kind] : kKeywords) {
    if (name != word) continue;
    const bool function = (kind == TokenKind::break_loop && break_is_function_) ||
                          (kind == TokenKind::continue_loop && continue_is_function_);
    return emit(function ? TokenKind::identifier : kind);
  }
  return emit(TokenKind::identifier);
}

Token Lexer::lex_field_or_variable(TokenKind kind) {
  if (at_terminator()) return emit(kind == TokenKind::variable ? kind : TokenKind::dot);
  skip_word();
  if (!at_terminator()) return fail("bad character " + unicode_text(peek()));
  return emit(kind);
}

Token Lexer::lex_quoted(char quote, TokenKind kind, std::string_view what) {
  for (;;) {
    std::int32_t rune = advance();
    if (rune == '\\') {
      rune = advance();
      if (rune != kEof && rune != '\n') continue;
    }
    if (rune == kEof || rune == '\n') return fail(std::string(what));
    if (rune == quote) return emit(kind);
  }
}

Token Lexer::lex_raw() {
  const auto end = rest().find('`');
  if (end == std::string_view::npos) {
    return fail("unterminated raw quoted string");
  }
  line_ += count_lines(rest().substr(0, end));
  pos_ += end + 1;
  return emit(TokenKind::raw_string);
}

Token Lexer::lex_number() {
  const auto bad = [&] {
    return fail("bad number syntax: " + quote(input_.substr(start_, pos_ - start_)));
  };
  if (!scan_number()) return bad();
  const std::int32_t sign = peek();
  if (sign != '+' && sign != '-') return emit(TokenKind::number);
  if (!scan_number() || input_[pos_ - 1] != 'i') return bad();
  return emit(TokenKind::complex);
}

bool Lexer::scan_number() {
  constexpr std::string_view kDecimal = "0123456789_";
  constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF_";
  std::string_view digits = kDecimal;
  accept("+-");
  if (accept("0")) {
    if (accept("xX")) {
      digits = kHexadecimal;
    } else if (accept("oO")) {
      digits = "01234567_";
    } else if (accept("bB")) {
      digits = "01_";
    }
  }
  accept_run(digits);
  if (accept(".")) accept_run(digits);
  if ((digits == kDecimal && accept("eE")) || (digits == kHexadecimal && accept("pP"))) {
    accept("+-");
    accept_run(kDecimal);
  }
  accept("i");
  if (!is_alphanumeric(peek())) return true;
  advance();
  return false;
}

}  // namespace tiphys::gotmpl
