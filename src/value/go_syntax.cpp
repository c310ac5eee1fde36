#include "value/go_syntax.hpp"

#include "tiphys/value/float_text.hpp"

#include <fmt/format.h>

namespace tiphys::value {

namespace {

/// strconv.Quote, but for the runes that Unicode doesn't print.
std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const std::size_t known = std::string_view("\"\\\a\b\f\n\r\t\v").find(c);
    if (known != std::string_view::npos && c != '\0') {
      out += '\\';
      out += std::string_view("\"\\abfnrtv")[known];
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string list_syntax(const List& list) {
  std::string out = "[]interface {}{";
  for (const Value& item : list) out += (&item == list.data() ? "" : ", ") + go_syntax(item);
  return out + "}";
}

std::string map_syntax(const Map& map) {
  std::string out = "map[interface {}]interface {}{";
  std::string_view comma;
  for (const auto& [key, item] : map) {
    out += fmt::format("{}{}:{}", comma, quote(key), go_syntax(item));
    comma = ", ";
  }
  return out + "}";
}

}  // namespace

std::string go_syntax(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean() ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.integer());
    case Kind::floating:
      return float_g(value.floating());
    case Kind::string:
      return quote(value.string());
    case Kind::list:
      return list_syntax(value.list());
    case Kind::map:
      return map_syntax(value.map());
    default:
      return "interface {}(nil)";
  }
}

}  // namespace tiphys::value
