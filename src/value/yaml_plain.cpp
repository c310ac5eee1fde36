#include "value/yaml_plain.hpp"

#include "value/yaml_line.hpp"
#include "value/yaml_resolve.hpp"

#include "tiphys/value/json.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace tiphys::value {
namespace {

using Tag = Resolved::Tag;

/// libyaml's limit is 1024 bytes from the key's start to its colon.
constexpr std::size_t kMaxKey = 1000;
constexpr std::size_t kUsualEntries = 4;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '/';
}

/// False in every method: not a text for this reader.
class PlainReader {
 public:
  PlainReader(std::string_view text, const YamlOptions& options)
      : text_(text), lines_(text), options_(options) {}

  bool document(Value& out) {
    if (!lines_.begin() || lines_.at_end()) return false;
    return block(out, 1) && lines_.at_end();
  }

 private:
  bool count(std::size_t nodes, std::size_t depth) {
    nodes_ += nodes;
    return nodes_ <= options_.limits.nodes && depth <= options_.limits.depth;
  }

  bool block(Value& out, std::size_t depth) {
    return lines_.at_dash() ? list(lines_.column(), out, depth) : map(lines_.column(), out, depth);
  }

  bool map(int indent, Value& out, std::size_t depth) {
    std::vector<Map::Entry> entries;
    if (!count(1, depth)) return false;
    entries.reserve(kUsualEntries);
    while (lines_.column() == indent) {
      std::string key;
      if (!read_key(key) || !count(1, depth)) return false;
      Value& item = entries.emplace_back(std::move(key), Value()).second;
      if (!after_key(indent, item, depth)) return false;
    }
    out = Value(Map::from(std::move(entries)));
    return lines_.column() < indent;
  }

  bool list(int indent, Value& out, std::size_t depth) {
    List items;
    if (!count(1, depth)) return false;
    while (lines_.column() == indent && lines_.at_dash()) {
      lines_.skip(1);
      if (!after_dash(indent, items.emplace_back(), depth)) return false;
    }
    out = Value(std::move(items));
    return lines_.column() <= indent;
  }

  /// Behind `key:`. A list may stand at the key's own column.
  bool after_key(int indent, Value& out, std::size_t depth) {
    const std::size_t spaces = lines_.skip_spaces();
    if (lines_.peek() != '\n' && (lines_.peek() != '#' || spaces == 0))
      return inline_node(indent, out, depth);
    lines_.seek(lines_.position() - spaces);
    if (!lines_.end_line() || !lines_.next_token()) return false;
    if (lines_.column() > indent) return block(out, depth + 1);
    if (lines_.column() == indent && lines_.at_dash()) return list(indent, out, depth + 1);
    return count(1, depth);
  }

  bool after_dash(int indent, Value& out, std::size_t depth) {
    const std::size_t spaces = lines_.skip_spaces();
    if (lines_.peek() == '\n' || lines_.peek() == '#') {
      lines_.seek(lines_.position() - spaces);
      if (!lines_.end_line() || !lines_.next_token()) return false;
      if (lines_.column() > indent) return block(out, depth + 1);
      return count(1, depth);
    }
    const int column = indent + 1 + static_cast<int>(spaces);
    if (lines_.at_dash() || starts_map()) {
      lines_.set_column(column);
      return block(out, depth + 1);
    }
    return inline_node(indent, out, depth);
  }

  /// The key that it reads is kept for the map.
  bool starts_map() {
    const std::size_t start = lines_.position();
    ahead_.clear();  // what was no key is in it, and quoted ones are appended
    if (!read_key(ahead_)) {
      lines_.seek(start);
      return false;
    }
    ahead_end_ = lines_.position();
    lines_.seek(start);
    return true;
  }

  bool quoted(std::string& out, YamlLines::Lines lines) {
    const bool twice = lines_.peek() == '"';
    lines_.skip(1);
    return twice ? lines_.double_quoted(out, lines) : lines_.single_quoted(out, lines);
  }

  /// A key and its colon.
  bool read_key(std::string& out) {
    const std::size_t start = lines_.position();
    if (ahead_end_ > start) {
      out = std::move(ahead_);
      lines_.seek(std::exchange(ahead_end_, 0));
      return true;
    }
    const char first = lines_.peek();
    if (first == '"' || first == '\'') {
      if (!quoted(out, YamlLines::Lines::one)) return false;
    } else {
      if (!is_word(first)) return false;
      while (is_word(lines_.peek()) || lines_.peek() == '-' ||
             (lines_.peek() == ':' && lines_.peek(1) != ' ' && lines_.peek(1) != '\n'))
        lines_.skip(1);
      const std::string_view text = text_.substr(start, lines_.position() - start);
      if (!key_text(text, out)) return false;
    }
    if (lines_.peek() != ':' || lines_.position() - start > kMaxKey) return false;
    if (lines_.peek(1) != ' ' && lines_.peek(1) != '\n') return false;
    lines_.skip(1);
    return true;
  }

  static bool key_text(std::string_view text, std::string& out) {
    const Resolved resolved = resolve_scalar(text);
    if (resolved.tag == Tag::boolean)
      out = resolved.boolean ? "true" : "false";
    else if (resolved.tag == Tag::integer)
      out = std::to_string(resolved.integer);
    else
      out = text;
    return resolved.tag != Tag::null && resolved.tag != Tag::floating && resolved.tag != Tag::uint;
  }

  /// A scalar or a collection that starts behind a key or a dash of a node at `indent`.
  bool inline_node(int indent, Value& out, std::size_t depth) {
    const char first = lines_.peek();
    if (first == '|' || first == '>') {
      std::string text;
      if (!count(1, depth) || !lines_.block_scalar(indent, text)) return false;
      out = Value(std::move(text));
      return true;
    }
    if (first == '"' || first == '\'' || first == '[' || first == '{') {
      if (!flow(out, depth)) return false;
    } else {
      constexpr std::string_view kReserved = "&*!%@`,]}#?:";
      if (kReserved.find(first) != std::string_view::npos || lines_.at_dash()) return false;
      std::string text;
      if (!count(1, depth) || !lines_.plain(indent, text)) return false;
      return scalar(std::move(text), out) && lines_.next_token();
    }
    return lines_.end_line() && lines_.next_token();
  }

  bool scalar(std::string text, Value& out) const {
    const Resolved resolved = resolve_scalar(text);
    if (resolved.tag == Tag::string || resolved.tag == Tag::timestamp) {
      out = Value(std::move(text));
      return true;
    }
    auto value = scalar_value(resolved, text, options_.numbers);
    if (!value) return false;
    out = *std::move(value);
    return true;
  }

  /// A quoted scalar, or a collection in brackets on one line.
  bool flow(Value& out, std::size_t depth) {
    const char first = lines_.peek();
    if (first == '[' || first == '{') {
      lines_.skip(1);
      return first == '[' ? flow_list(out, depth + 1) : flow_map(out, depth + 1);
    }
    if (!count(1, depth)) return false;
    std::string text;
    if (first == '"' || first == '\'') {
      if (!quoted(text, YamlLines::Lines::many)) return false;
      out = Value(std::move(text));
      return true;
    }
    return is_word(first) && flow_word(text) && scalar(std::move(text), out);
  }

  bool flow_word(std::string& out) {
    const std::size_t start = lines_.position();
    while (is_word(lines_.peek()) || lines_.peek() == '-') lines_.skip(1);
    out = text_.substr(start, lines_.position() - start);
    return true;
  }

  /// Behind an item: a comma and another one, or the end.
  bool more(char end, bool& again) {
    lines_.skip_spaces();
    again = lines_.peek() == ',';
    if (!again && lines_.peek() != end) return false;
    lines_.skip(1);
    if (!again) return true;
    lines_.skip_spaces();
    again = lines_.peek() != end;
    if (!again) lines_.skip(1);
    return true;
  }

  bool flow_list(Value& out, std::size_t depth) {
    List items;
    if (!count(1, depth)) return false;
    lines_.skip_spaces();
    bool again = lines_.peek() != ']';
    if (!again) lines_.skip(1);
    while (again)
      if (!flow(items.emplace_back(), depth) || !more(']', again)) return false;
    out = Value(std::move(items));
    return true;
  }

  bool flow_map(Value& out, std::size_t depth) {
    std::vector<Map::Entry> entries;
    if (!count(1, depth)) return false;
    lines_.skip_spaces();
    bool again = lines_.peek() != '}';
    if (!again) lines_.skip(1);
    while (again) {
      std::string key;
      if (!count(1, depth) || !flow_key(key)) return false;
      Value& item = entries.emplace_back(std::move(key), Value()).second;
      if (!flow(item, depth) || !more('}', again)) return false;
    }
    out = Value(Map::from(std::move(entries)));
    return true;
  }

  bool flow_key(std::string& out) {
    const std::size_t start = lines_.position();
    const char first = lines_.peek();
    if (first == '"' || first == '\'') {
      if (!quoted(out, YamlLines::Lines::one)) return false;
    } else {
      std::string text;
      if (!is_word(first) || !flow_word(text) || !key_text(text, out)) return false;
    }
    if (lines_.peek() != ':' || lines_.peek(1) != ' ' || lines_.position() - start > kMaxKey)
      return false;
    lines_.skip(1);
    lines_.skip_spaces();
    return true;
  }

  std::string_view text_;
  YamlLines lines_;
  const YamlOptions& options_;
  std::size_t nodes_ = 0;
  std::string ahead_;          // a key that was read already
  std::size_t ahead_end_ = 0;  // behind it
};

}  // namespace

std::optional<Value> scalar_value(const Resolved& resolved, std::string_view text,
                                  Numbers numbers) {
  switch (resolved.tag) {
    case Tag::null:
      return Value();
    case Tag::boolean:
      return Value(resolved.boolean);
    case Tag::integer:
      if (numbers == Numbers::int64) return Value(resolved.integer);
      return Value(static_cast<double>(resolved.integer));
    case Tag::uint:
      return Value(static_cast<double>(static_cast<std::uint64_t>(resolved.integer)));
    case Tag::floating:
      if (!std::isfinite(resolved.floating)) return std::nullopt;
      if (numbers == Numbers::float64 || std::trunc(resolved.floating) != resolved.floating)
        return Value(resolved.floating);
      // The digits of its JSON text count: 5.259686108419979e+18 is 5259686108419979000.
      return parse_json(json_float(resolved.floating)).value_or(Value(resolved.floating));
    default:
      return Value(text);
  }
}

std::optional<Value> parse_plain_yaml(std::string_view text, const YamlOptions& options) {
  if (options.duplicate_keys == DuplicateKeys::refuse || !YamlLines::readable(text))
    return std::nullopt;
  Value out;
  if (!PlainReader(text, options).document(out)) return std::nullopt;
  return out;
}

}  // namespace tiphys::value
