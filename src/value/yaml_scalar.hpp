#pragma once

#include "value/yaml_resolve.hpp"

#include <string_view>

namespace tiphys::value {

/// In what styles go-yaml's emitter may write a text.
struct ScalarTraits {
  bool multiline = false;
  bool flow_plain = false;
  bool block_plain = true;
  bool single_quoted = true;
  bool block = false;
};
ScalarTraits analyze_scalar(std::string_view text, YamlVersion version);

/// Printable for the emitter: everything else is escaped in double quotes. The text at `at`.
bool yaml_printable(std::string_view text, std::size_t at);
/// Bytes of the line break at `at` (CR, LF, NEL, LS, PS), 0 when there is none.
std::size_t yaml_break(std::string_view text, std::size_t at);
/// Bytes of the character that starts with this byte.
std::size_t yaml_width(char lead);

}  // namespace tiphys::value
