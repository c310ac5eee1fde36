#include "value/utf8.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/float_text.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace tiphys::value {

namespace {

// A cyclic tree (a template can build one) must end in an error, not in a stack overflow.
constexpr std::size_t kMaxDepth = 1000;

/// Bytes that need an escape; 2: only with HTML escapes.
constexpr std::array<std::uint8_t, 256> kSpecial = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 1;
  for (std::size_t c = 0x80; c < 256; ++c) table[c] = 1;
  table['"'] = table['\\'] = 1;
  table['<'] = table['>'] = table['&'] = 2;
  return table;
}();

void append_special(std::string& out, char c) {
  static constexpr std::string_view kBytes = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kNames = "\"\\bfnrt";
  const std::size_t found = kBytes.find(c);
  if (found != std::string_view::npos) {
    out += '\\';
    out += kNames[found];
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint8_t>(c));
  }
}

std::string float_text(double number, FloatBits bits) {
  const double magnitude = std::fabs(bits == FloatBits::b32 ? static_cast<float>(number) : number);
  const bool tiny =
      bits == FloatBits::b32 ? static_cast<float>(magnitude) < 1e-6F : magnitude < 1e-6;
  const bool huge =
      bits == FloatBits::b32 ? static_cast<float>(magnitude) >= 1e21F : magnitude >= 1e21;
  if (magnitude == 0 || !(tiny || huge)) return float_f(number, bits);
  std::string text = float_e(number, bits);
  // Go cleans up e-09 to e-9 (and only that).
  const std::size_t n = text.size();
  if (n >= 4 && text[n - 4] == 'e' && text[n - 3] == '-' && text[n - 2] == '0') {
    text[n - 2] = text[n - 1];
    text.pop_back();
  }
  return text;
}

class Writer {
 public:
  Writer(std::string& out, EscapeHtml escape, bool pretty, std::string_view indent)
      : out_(out), escape_(escape), pretty_(pretty), indent_(indent) {}

  base::Status write(const Value& value, std::size_t depth) {
    switch (value.kind()) {
      case Kind::null:
        out_ += "null";
        return {};
      case Kind::boolean:
        out_ += value.boolean() ? "true" : "false";
        return {};
      case Kind::integer:
        integer(value);
        return {};
      case Kind::floating:
        return floating(value);
      case Kind::string:
        if (value.go_type() == GoType::bytes)
          out_ += '"' + base::base64_encode(value.string()) + '"';
        else
          append_json_string(out_, value.string(), escape_);
        return {};
      case Kind::list:
        return list(value, depth);
      case Kind::map:
        return map(value, depth);
      case Kind::native:
        return native(value, depth);
    }
    return {};
  }

 private:
  static base::Error invalid(std::string message) {
    return {base::Code::Invalid, std::move(message)};
  }

  void integer(const Value& value) {
    const bool is_unsigned = value.go_type() == GoType::u64 || value.go_type() == GoType::u;
    std::array<char, 24> buffer{};
    char* const last = buffer.data() + buffer.size();
    const auto end = is_unsigned ? std::to_chars(buffer.data(), last,
                                                 static_cast<std::uint64_t>(value.integer()))
                                 : std::to_chars(buffer.data(), last, value.integer());
    out_.append(buffer.data(), end.ptr);
  }

  base::Status floating(const Value& value) {
    const FloatBits bits = value.go_type() == GoType::f32 ? FloatBits::b32 : FloatBits::b64;
    if (!std::isfinite(value.floating()))
      return invalid("json: unsupported value: " + float_g(value.floating(), bits));
    out_ += float_text(value.floating(), bits);
    return {};
  }

  base::Status native(const Value& value, std::size_t depth) {
    if (const auto fields = value.native()->json_fields()) return object(*fields, depth);
    const auto tree = value.native()->tree();
    if (!tree) return invalid(fmt::format("json: unsupported type: {}", value.native()->go_type()));
    return write(*tree, depth);
  }

  void line(std::size_t depth) {
    if (!pretty_) return;
    out_ += '\n';
    for (std::size_t i = 0; i < depth; ++i) out_ += indent_;
  }

  base::Status enter(std::size_t depth, std::string_view type) const {
    if (depth < kMaxDepth) return {};
    return invalid(fmt::format("json: unsupported value: encountered a cycle via {}", type));
  }

  base::Status list(const Value& value, std::size_t depth) {
    const List& items = value.list();
    if (items.empty()) {
      out_ += is_nil(value.go_type()) ? "null" : "[]";
      return {};
    }
    TRY(enter(depth, "[]interface {}"));
    char open = '[';
    for (const Value& item : items) {
      out_ += open;
      open = ',';
      line(depth + 1);
      TRY(write(item, depth + 1));
    }
    line(depth);
    out_ += ']';
    return {};
  }

  base::Status map(const Value& value, std::size_t depth) {
    const Map& entries = value.map();
    if (entries.empty()) {
      out_ += is_nil(value.go_type()) ? "null" : "{}";
      return {};
    }
    TRY(enter(depth, "map[string]interface {}"));
    return object(entries, depth);
  }

  /// Members in the order they come in; at least one, or "{}".
  base::Status object(const auto& entries, std::size_t depth) {
    if (entries.empty()) {
      out_ += "{}";
      return {};
    }
    char open = '{';
    for (const auto& [key, item] : entries) {
      out_ += open;
      open = ',';
      line(depth + 1);
      append_json_string(out_, key, escape_);
      out_ += pretty_ ? ": " : ":";
      TRY(write(item, depth + 1));
    }
    line(depth);
    out_ += '}';
    return {};
  }

  std::string& out_;
  EscapeHtml escape_;
  bool pretty_;
  std::string_view indent_;
};

}  // namespace

std::string json_float(double number) { return float_text(number, FloatBits::b64); }

void append_json_string(std::string& out, std::string_view text, EscapeHtml escape) {
  const std::uint8_t from = escape == EscapeHtml::yes ? 3 : 2;  // table values escaped: < from
  out += '"';
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::uint8_t special = kSpecial[static_cast<std::uint8_t>(text[at])];
    if (special == 0 || special >= from) {
      ++at;
      continue;
    }
    std::size_t size = 1;
    std::string_view replacement;
    if (static_cast<std::uint8_t>(text[at]) >= 0x80) {
      const Rune rune = decode_rune(text.substr(at));
      size = rune.size;
      if (!rune.valid) replacement = "\\ufffd";
      if (rune.code == 0x2028) replacement = "\\u2028";
      if (rune.code == 0x2029) replacement = "\\u2029";
      if (replacement.empty()) {
        at += size;
        continue;
      }
    }
    out.append(text.substr(start, at - start));
    if (replacement.empty())
      append_special(out, text[at]);
    else
      out += replacement;
    at += size;
    start = at;
  }
  out.append(text.substr(start));
  out += '"';
}

base::Status append_json(std::string& out, const Value& value, EscapeHtml escape) {
  return Writer(out, escape, false, "").write(value, 0);
}

base::Result<std::string> write_json(const Value& value, EscapeHtml escape) {
  std::string out;
  TRY(append_json(out, value, escape));
  return out;
}

base::Result<std::string> write_json_pretty(const Value& value, std::string_view indent,
                                            EscapeHtml escape) {
  std::string out;
  TRY(Writer(out, escape, true, indent).write(value, 0));
  return out;
}

}  // namespace tiphys::value
