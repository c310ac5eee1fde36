#include "value/utf8.hpp"
#include "value/yaml_keys.hpp"
#include "value/yaml_writer.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/float_text.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace tiphys::value {

namespace {

// A cyclic tree (a template can build one) must end in an error, not in a stack overflow.
constexpr int kMaxDepth = 1000;
// go-yaml's own limits: of a key that it reads back from JSON, of one that it writes without `?`.
constexpr std::size_t kMaxJsonKey = 1024;
constexpr std::size_t kMaxSimpleKey = 128;

base::Error invalid(std::string message) { return {base::Code::Invalid, std::move(message)}; }

std::string integer_text(const Value& value) {
  const bool is_unsigned = value.go_type() == GoType::u64 || value.go_type() == GoType::u;
  return is_unsigned ? std::to_string(static_cast<std::uint64_t>(value.integer()))
                     : std::to_string(value.integer());
}

/// A float on its way through JSON text: whole numbers that fit become integers.
std::string float_through_json(double number, FloatBits bits) {
  std::string text = bits == FloatBits::b64 ? json_float(number) : float_g(number, bits);
  if (bits == FloatBits::b32) {
    const Value narrow = Value(number).as(GoType::f32);
    text = write_json(narrow).value_or(std::move(text));
  }
  const Resolved read = resolve_scalar(text);
  if (read.tag == Resolved::Tag::integer) return std::to_string(read.integer);
  if (read.tag == Resolved::Tag::uint)
    return std::to_string(static_cast<std::uint64_t>(read.integer));
  return float_g(read.floating);
}

enum class Oddity : unsigned char { none, change, refuse };

/// Strings that don't come through json.Marshal and go-yaml's reader unchanged.
Oddity oddity(std::string_view text) {
  Oddity found = Oddity::none;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x7F) {
      ++i;
      continue;
    }
    const Rune rune = decode_rune(text.substr(i));
    if (!rune.valid || rune.code == 0x85) {
      found = Oddity::change;
    } else if (rune.code == 0x7F || (rune.code >= 0x80 && rune.code < 0xA0) ||
               rune.code == 0xFFFE || rune.code == 0xFFFF) {
      return Oddity::refuse;
    }
    i += rune.size;
  }
  return found;
}

/// Invalid UTF-8 becomes U+FFFD; U+0085 is a line break inside of quotes and folds as one.
std::string through_json(std::string_view text) {
  std::string out;
  std::size_t blanks = 0;  // spaces at the end of out
  for (std::size_t i = 0; i < text.size();) {
    const Rune rune = decode_rune(text.substr(i));
    i += rune.size;
    if (rune.code != 0x85) {
      append_rune(out, rune.code);
      blanks = rune.code == ' ' ? blanks + 1 : 0;
      continue;
    }
    out.resize(out.size() - blanks);
    blanks = 0;
    std::size_t more = 0;
    while (i < text.size()) {
      const Rune next = decode_rune(text.substr(i));
      if (next.code != 0x85 && next.code != ' ') break;
      if (next.code == 0x85) ++more;
      i += next.size;
    }
    if (more == 0)
      out += ' ';
    else
      out.append(more, '\n');
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 70;
  std::string encoded = base::base64_encode(bytes);
  if (encoded.size() < kLine) return encoded;
  std::string out;
  for (std::size_t i = 0; i < encoded.size(); i += kLine) out += encoded.substr(i, kLine) + '\n';
  return out;
}

class Emitter {
 public:
  explicit Emitter(YamlVersion version) : version_(version), out_(version) {}

  base::Result<std::string> document(const Value& root) {
    TRY(node(root, -1, false, 0));
    out_.line(0);
    return std::move(out_).take();
  }

 private:
  using Space = YamlWriter::Space;

  base::Status node(const Value& value, int indent, bool in_mapping, int depth) {
    if (depth >= kMaxDepth)
      return invalid(fmt::format("yaml: exceeded max depth of {}", kMaxDepth));
    switch (value.kind()) {
      case Kind::null:
        out_.plain_token("null");
        return {};
      case Kind::boolean:
        out_.plain_token(value.boolean() ? "true" : "false");
        return {};
      case Kind::integer:
        out_.plain_token(integer_text(value));
        return {};
      case Kind::floating:
        return floating(value);
      case Kind::string:
        return string_node(value, indent, in_mapping);
      case Kind::list:
        return list(value, indent, in_mapping, depth);
      case Kind::map:
        return map(value, indent, depth);
      case Kind::native: {
        const auto tree = value.native()->tree();
        if (!tree)
          return invalid(fmt::format("error marshaling into JSON: json: unsupported type: {}",
                                     value.native()->go_type()));
        return node(*tree, indent, in_mapping, depth + 1);
      }
    }
    return {};
  }

  base::Status floating(const Value& value) {
    const double number = value.floating();
    const FloatBits bits = value.go_type() == GoType::f32 ? FloatBits::b32 : FloatBits::b64;
    if (version_ == YamlVersion::v2) {
      if (!std::isfinite(number))
        return invalid("error marshaling into JSON: json: unsupported value: " + float_g(number));
      out_.plain_token(float_through_json(number, bits));
    } else if (std::isnan(number)) {
      out_.plain_token(".nan");
    } else if (std::isinf(number)) {
      out_.plain_token(number > 0 ? ".inf" : "-.inf");
    } else {
      out_.plain_token(float_g(number, bits));
    }
    return {};
  }

  static int deeper(int indent) { return indent < 0 ? 2 : indent + 2; }

  base::Status string_node(const Value& value, int indent, bool in_mapping) {
    if (value.go_type() != GoType::bytes) return string(value.string(), deeper(indent));
    if (version_ == YamlVersion::v2)
      return string(base::base64_encode(value.string()), deeper(indent));
    List bytes;  // go-yaml v3 knows no []byte
    for (const char c : value.string()) bytes.emplace_back(static_cast<std::uint8_t>(c));
    return list(Value(std::move(bytes)), indent, in_mapping, 0);
  }

  base::Status string(std::string_view text, int indent) {
    std::string changed;
    TRY(prepare(text, changed));
    if (tagged_) {
      tagged_ = false;
      out_.indicator("!!binary", Space::before, false, false);
      out_.string(text, analyze_scalar(text, version_), false, false, indent);
      return {};
    }
    out_.string(text, analyze_scalar(text, version_), quoted(text), false, indent);
    return {};
  }

  /// Replaces text by what it becomes on its way; changed holds it then.
  base::Status prepare(std::string_view& text, std::string& changed) {
    if (version_ == YamlVersion::v3) {
      if (valid_utf8(text)) return {};
      changed = base64_lines(text);
      tagged_ = true;
      text = changed;
      return {};
    }
    const Oddity odd = oddity(text);
    if (odd == Oddity::refuse) return invalid("yaml: control characters are not allowed");
    if (odd == Oddity::none) return {};
    changed = through_json(text);
    text = changed;
    return {};
  }

  bool quoted(std::string_view text) const {
    if (resolve_scalar(text, version_).tag != Resolved::Tag::string || is_base60(text)) return true;
    return version_ == YamlVersion::v3 && is_old_bool(text);
  }

  base::Status list(const Value& value, int indent, bool in_mapping, int depth) {
    const List& items = value.list();
    if (items.empty()) {
      if (is_nil(value.go_type()) && version_ == YamlVersion::v2)
        out_.plain_token("null");
      else
        out_.indicator("[]", Space::before, false, false);
      return {};
    }
    const bool indentless = version_ == YamlVersion::v2 && in_mapping && !out_.at_indention();
    const int inner = indent < 0 ? 0 : (indentless ? indent : indent + 2);
    for (const Value& item : items) {
      out_.line(inner);
      out_.indicator("-", Space::before, false, true);
      TRY(node(item, inner, false, depth + 1));
    }
    return {};
  }

  base::Status map(const Value& value, int indent, int depth) {
    if (value.map().empty()) {
      if (is_nil(value.go_type()) && version_ == YamlVersion::v2)
        out_.plain_token("null");
      else
        out_.indicator("{}", Space::before, false, false);
      return {};
    }
    const int inner = indent < 0 ? 0 : indent + 2;
    for (const Map::Entry* entry : yaml_key_order(value.map(), version_)) {
      out_.line(inner);
      TRY(key(entry->first, inner));
      TRY(node(entry->second, inner, true, depth + 1));
    }
    return {};
  }

  base::Status key(std::string_view text, int indent) {
    if (version_ == YamlVersion::v2) {
      std::string json;
      append_json_string(json, text);
      std::size_t runes = 0;
      for (const char c : json) runes += (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U ? 1U : 0U;
      if (runes > kMaxJsonKey || text.find("\xC2\x85") != std::string_view::npos)
        return invalid("yaml: could not find expected ':'");
    }
    std::string changed;
    TRY(prepare(text, changed));
    const ScalarTraits traits = analyze_scalar(text, version_);
    const bool tagged = std::exchange(tagged_, false);
    const bool simple = !traits.multiline && text.size() + (tagged ? 8 : 0) <= kMaxSimpleKey;
    if (!simple) out_.indicator("?", Space::before, false, true);
    if (tagged) out_.indicator("!!binary", Space::before, false, false);
    out_.string(text, traits, !tagged && quoted(text), simple, deeper(indent));
    if (simple) {
      out_.indicator(":", Space::none, false, false);
    } else {
      out_.line(indent);
      out_.indicator(":", Space::before, false, true);
    }
    return {};
  }

  YamlVersion version_;
  YamlWriter out_;
  bool tagged_ = false;  // prepare() made base64 of a text
};

}  // namespace

base::Result<std::string> to_yaml(const Value& value) {
  return Emitter(YamlVersion::v2).document(value);
}

base::Result<std::string> to_yaml_pretty(const Value& value) {
  return Emitter(YamlVersion::v3).document(value);
}

}  // namespace tiphys::value
