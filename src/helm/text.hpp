#pragma once

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
bool equal_fold_ascii(std::string_view a, std::string_view b);

}  // namespace tiphys::helm
