#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Go's unicode.IsSpace over UTF-8 is asked at both ends.
std::string_view trim_left_space(std::string_view text);
std::string_view trim_right_space(std::string_view text);
inline std::string_view trim_space(std::string_view text) {
  return trim_right_space(trim_left_space(text));
}
/// path.Base of a clean path.
inline std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}
std::vector<std::string_view> split(std::string_view text, char separator);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
std::string to_lower_ascii(std::string_view text);
/// Go's unicode.IsSpace.
bool is_space(char32_t rune);
/// One rune of valid UTF-8, else U+FFFD of one byte.
char32_t next_rune(std::string_view text, std::size_t& at);
/// The first rune that is no ASCII letter or digit and none of `allowed`, "" for none.
std::string_view odd_rune(std::string_view text, std::string_view allowed);
/// strconv.Atoi. Errors: Invalid with Go's text (`strconv.Atoi: parsing "x": invalid syntax`).
base::Result<std::int64_t> atoi(std::string_view text);
/// A value in a line of Go's slog: quoted where blanks, quotes, `=` or the like need it.
std::string slog_text(std::string_view text);
bool equal_fold_ascii(std::string_view a, std::string_view b);

}  // namespace tiphys::helm
