#include "gotmpl/quote.hpp"

#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <array>

namespace tiphys::gotmpl {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_hex(std::string& out, char32_t rune, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out.push_back(kHex[(rune >> static_cast<unsigned>(shift)) & 0xfU]);
  }
}

}  // namespace

void append_escaped_rune(std::string& out, char32_t rune, char quote, bool ascii_only) {
  if (rune == static_cast<unsigned char>(quote) || rune == '\\') {
    out.push_back('\\');
    out.push_back(static_cast<char>(rune));
    return;
  }
  if (is_print(rune) && (rune < 0x80 || !ascii_only)) {
    append_rune(out, rune);
    return;
  }
  constexpr std::string_view kControls = "\a\b\t\n\v\f\r";
  constexpr std::string_view kNames = "abtnvfr";
  if (rune >= 7 && rune <= 13) {
    out.push_back('\\');
    out.push_back(kNames[kControls.find(static_cast<char>(rune))]);
  } else if (rune < ' ' || rune == 0x7f) {
    out += "\\x";
    append_hex(out, rune, 2);
  } else if (rune < 0x10000) {
    out += "\\u";
    append_hex(out, rune >= 0xd800 && rune <= 0xdfff ? kRuneError : rune, 4);
  } else if (rune > 0x10ffff) {
    out += "\\ufffd";
  } else {
    out += "\\U";
    append_hex(out, rune, 8);
  }
}

void append_quoted(std::string& out, std::string_view text, bool ascii_only) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      out.push_back(text[i++]);
      continue;
    }
    const Decoded rune = decode_rune(text.substr(i));
    if (rune.size == 1 && rune.rune == kRuneError) {
      out += "\\x";
      append_hex(out, byte, 2);
    } else {
      append_escaped_rune(out, rune.rune, '"', ascii_only);
    }
    i += rune.size;
  }
  out.push_back('"');
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

bool can_backquote(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Decoded rune = decode_rune(text.substr(i));
    i += rune.size;
    if (rune.size > 1) {
      if (rune.rune == 0xfeff) return false;
      continue;
    }
    if (rune.rune == kRuneError) return false;
    if ((rune.rune < ' ' && rune.rune != '\t') || rune.rune == '`' || rune.rune == 0x7f)
      return false;
  }
  return true;
}

}  // namespace tiphys::gotmpl
