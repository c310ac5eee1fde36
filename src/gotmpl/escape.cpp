#include "gotmpl/escape.hpp"

#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

namespace tiphys::gotmpl {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '\0':
        out += "\uFFFD";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string escape_js(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      const Decoded rune = decode_rune(text.substr(i));
      if (is_print(rune.rune)) {
        out += text.substr(i, rune.size);
      } else {
        out += fmt::format("\\u{:04X}", static_cast<std::uint32_t>(rune.rune));
      }
      i += rune.size;
      continue;
    }
    ++i;
    if (byte == '\\' || byte == '\'' || byte == '"') {
      out.push_back('\\');
      out.push_back(static_cast<char>(byte));
    } else if (byte < ' ' || byte == '<' || byte == '>' || byte == '&' || byte == '=') {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out.push_back(static_cast<char>(byte));
    }
  }
  return out;
}

std::string escape_query(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') ||
                       ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z' && byte < 0x80) ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace tiphys::gotmpl
