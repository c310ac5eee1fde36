#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

enum class TokenKind : std::uint8_t {
  error,
  boolean,
  character,
  char_constant,
  comment,
  complex,
  assign,
  declare,
  eof,
  field,
  identifier,
  left_delim,
  left_paren,
  number,
  pipe,
  raw_string,
  right_delim,
  right_paren,
  space,
  string,
  text,
  variable,
  // keywords
  block,
  break_loop,
  continue_loop,
  dot,
  define,
  otherwise,
  end,
  if_branch,
  nil,
  range,
  invoke,
  with
};

struct Token {
  TokenKind kind = TokenKind::eof;
  std::uint32_t pos = 0;
  std::string_view text;
  std::uint32_t line = 1;
};

/// How "unexpected %s" prints a token.
std::string token_text(const Token& token);

/// Go's template lexer, delimiters {{ and }}. An error token ends the input; its text is the
/// message and lives in the lexer.
class Lexer {
 public:
  Lexer(std::string_view input, bool break_is_function, bool continue_is_function)
      : input_(input),
        break_is_function_(break_is_function),
        continue_is_function_(continue_is_function) {}

  Token next();

 private:
  struct Step {
    Token token;
    bool done;  ///< false: nothing was emitted (a comment), go on
  };
  static constexpr int kEof = -1;

  Token lex_text();
  Step lex_left_delim();
  Step lex_comment();
  Token lex_right_delim();
  Token lex_inside_action();
  Token lex_punctuation(char32_t rune);
  Token lex_space();
  Token lex_identifier();
  Token lex_field_or_variable(TokenKind kind);
  Token lex_quoted(char quote, TokenKind kind, std::string_view what);
  Token lex_raw();
  Token lex_number();
  bool scan_number();
  bool at_terminator();
  void skip_word();

  std::int32_t advance();
  std::int32_t peek();
  bool accept(std::string_view valid);
  void accept_run(std::string_view valid);
  std::string_view rest() const { return input_.substr(pos_); }
  bool at_right_delim(bool& trims) const;
  Token emit(TokenKind kind);
  void ignore();
  Token fail(std::string message);

  std::string_view input_;
  std::size_t pos_ = 0;
  std::size_t start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t start_line_ = 1;
  int paren_depth_ = 0;
  bool inside_action_ = false;
  bool break_is_function_;
  bool continue_is_function_;
  std::string message_;
};

}  // namespace tiphys::gotmpl
