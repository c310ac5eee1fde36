#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::value {

/// Where a line's token stands in a text without tabs before it. Reads what fits on one line, and
/// block scalars. Every reader answers false for what it doesn't know, and then the text must be
/// read by libyaml.
class YamlLines {
 public:
  explicit YamlLines(std::string_view text) : text_(text) {}

  /// No control characters, no line breaks but LF, nothing but valid UTF-8.
  static bool readable(std::string_view text);

  /// Goes to the first token of all; one line `---` before it is passed over.
  bool begin();
  /// At the end of a line's content: goes to the next token. At the end of the text column() is -1.
  bool next_token();

  int column() const { return column_; }
  bool at_end() const { return column_ < 0; }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n';
  }
  void skip(std::size_t count) { at_ += count; }
  std::size_t position() const { return at_; }
  void seek(std::size_t at) { at_ = at; }
  void set_column(int column) { column_ = column; }
  /// How many blanks it passes over.
  std::size_t skip_spaces();
  /// A `-` with a blank or nothing behind it?
  bool at_dash() const { return peek() == '-' && (peek(1) == ' ' || peek(1) == '\n'); }
  /// Passes over blanks and a comment; false when something else stands in the line.
  bool end_line();

  /// Of a plain scalar below `indent`, its continuation lines included.
  bool plain(int indent, std::string& out);
  /// Behind a quote, up to and with the closing one; a key's must be on the same line.
  enum class Lines : unsigned char { one, many };
  bool single_quoted(std::string& out, Lines lines);
  bool double_quoted(std::string& out, Lines lines);
  /// At `|` or `>`, of a node below `indent`. Ends at the next token.
  bool block_scalar(int indent, std::string& out);

 private:
  struct Line {
    std::size_t content = 0;  // of its first character that is no blank
    std::size_t end = 0;
    int column = 0;
    bool blank = false;
  };
  Line line_at(std::size_t start) const;
  bool token_from(std::size_t start);
  bool plain_line(std::size_t end, std::string_view& out, bool& commented);
  bool fold(std::string& out, std::size_t floor);
  bool block_header(char& chomp);
  bool block_indent(int indent, std::size_t start, int& found) const;

  std::string_view text_;
  std::size_t at_ = 0;
  int column_ = -1;
};

}  // namespace tiphys::value
