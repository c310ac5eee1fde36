#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::value {

/// What go-yaml's resolve() makes of an unquoted scalar (YAML 1.1 with its peculiarities).
struct Resolved {
  enum class Tag : unsigned char { string, boolean, null, integer, uint, floating, timestamp };
  Tag tag = Tag::string;
  bool boolean = false;
  std::int64_t integer = 0;  // uint: its bit pattern
  double floating = 0;
};

/// go-yaml v2 takes y, yes, on, n, no and off for booleans, v3 doesn't.
enum class YamlVersion : unsigned char { v2, v3 };

Resolved resolve_scalar(std::string_view text, YamlVersion version = YamlVersion::v2);
/// With an explicit tag (long form). false: the tag and the text don't agree; `out` then holds what
/// the text is. Other tags than bool, int, float, null, str and timestamp leave a string.
bool resolve_tagged(std::string_view tag, std::string_view text, Resolved& out);
/// "!!int" and so on, for messages.
std::string_view short_tag(Resolved::Tag tag);

/// Looks like a base 60 number of YAML 1.1 ("1:20"): written in quotes.
bool is_base60(std::string_view text);
/// y, Yes, ON, ...: what v3 writes in quotes for the sake of older readers.
bool is_old_bool(std::string_view text);

}  // namespace tiphys::value
