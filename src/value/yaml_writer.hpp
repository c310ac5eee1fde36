#pragma once

#include "value/yaml_scalar.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::value {

/// The lowest layer of go-yaml's emitter: characters, columns, indentation, the five scalar styles.
class YamlWriter {
 public:
  explicit YamlWriter(YamlVersion version)
      : version_(version), width_(version == YamlVersion::v2 ? 80 : -1) {}

  /// Starts a new line at `indent` unless we stand there already.
  void line(int indent);
  enum class Space : unsigned char { none, before };
  /// `-`, `?`, `:`, `{}`. keeps_indention: what follows may stand on this line as if it were
  /// indented (the dash of a list).
  void indicator(std::string_view text, Space space, bool is_whitespace, bool keeps_indention);
  /// A null, a boolean or a number: its text never needs quotes.
  void plain_token(std::string_view text);
  /// A string. `resolved`: plain text would be read as something else. indent: for folds and
  /// blocks.
  void string(std::string_view text, const ScalarTraits& traits, bool resolved, bool simple_key,
              int indent);

  bool at_indention() const { return indention_; }
  std::string take() && { return std::move(out_); }

 private:
  enum class Style : unsigned char { plain, single_quoted, double_quoted, literal };
  Style choose(std::string_view text, const ScalarTraits& traits, bool resolved,
               bool simple_key) const;
  void put(char c);
  void put_break();
  void copy(std::string_view text, std::size_t& at);
  void copy_break(std::string_view text, std::size_t& at);
  void plain(std::string_view text, bool fold, int indent);
  void single_quoted(std::string_view text, bool fold, int indent);
  void double_quoted(std::string_view text, bool fold, int indent);
  void escape(std::string_view text, std::size_t& at);
  void literal(std::string_view text, int indent);
  bool too_wide() const { return width_ >= 0 && column_ > width_; }

  std::string out_;
  YamlVersion version_;
  int width_;
  int column_ = 0;
  bool whitespace_ = true;
  bool indention_ = true;
};

}  // namespace tiphys::value
