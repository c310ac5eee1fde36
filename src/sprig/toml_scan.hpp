#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::sprig {

/// Reads TOML's tokens: blanks, comments, strings, bare words. Errors carry the line and the last
/// key as BurntSushi/toml prints them.
class TomlScanner {
 public:
  /// Reads up to the first byte that TOML forbids; what comes to that place fails with its error.
  explicit TomlScanner(std::string_view text);

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c);
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }
  void skip(std::size_t count) { at_ += count; }
  void skip_blanks();
  /// Blanks, newlines and comments.
  void skip_lines();
  /// The end of a line, a comment before it allowed.
  base::Status end_line();
  /// Was everything read? Fails at a forbidden byte.
  base::Status finish() const;

  base::Result<std::string> key_part();
  base::Result<std::string> string();
  std::string_view word();
  /// The letters that come next, maybe none.
  std::string_view letters();
  base::Error error(const std::string& message) const;
  /// MESSAGE, then the next character as %q prints it and "instead".
  base::Error found(const std::string& message) const;
  /// The next character in quotes, or "end of file".
  std::string next_or_end() const;

  std::string last_key;

 private:
  base::Result<std::string> basic(bool multiline);
  base::Result<std::string> literal(bool multiline);
  base::Status escape(std::string& out, bool multiline);
  std::size_t line() const;

  std::string_view text_;
  std::string forbidden_;  // the error of the byte after text_
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the string that is being read
};

}  // namespace tiphys::sprig
