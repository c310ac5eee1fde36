#include "sprig/internal.hpp"
#include "sprig/natives.hpp"
#include "sprig/toml.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"
#include "tiphys/text/go_date.hpp"

#include <algorithm>
#include <cmath>

namespace tiphys::sprig {
namespace {

base::Error nil_element() { return failure("toml: cannot encode array with nil element"); }

/// Times that said no zone are written without one: their zone's name tells (see toml_read.cpp).
std::string_view time_layout(const text::GoTime& time) {
  const std::string_view zone = time.zone ? std::string_view(time.zone->name()) : "";
  if (zone == "datetime-local") return "2006-01-02T15:04:05.999999999";
  if (zone == "date-local") return "2006-01-02";
  if (zone == "time-local") return "15:04:05.999999999";
  return "2006-01-02T15:04:05.999999999Z07:00";
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t at = std::string_view("\"\\\b\t\n\f\r").find(c);
        at != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(std::string_view("\"\\btnfr")[at]);
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_key(std::string& out, std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  if (bare)
    out.append(key);
  else
    append_quoted(out, key);
}

using Key = std::vector<std::string_view>;

class Encoder {
 public:
  explicit Encoder(const gotmpl::Host* host) : host_(host) {}
  std::string out;

  base::Status encode(const Key& key, const Value& value) {
    if (key.size() > static_cast<std::size_t>(kMostDepth)) return too_deep();
    switch (value.kind()) {
      case value::Kind::null:
        return {};
      case value::Kind::list: {
        TRY_ASSIGN(const bool tables, is_table_array(value, 0));
        return tables ? array_of_tables(key, value) : key_value(key, value);
      }
      case value::Kind::map:
        return table(key, value);
      case value::Kind::native: {
        const auto tree = value.native()->tree();
        if (tree && tree->is_map()) return table(key, *tree);
        return key_value(key, value);
      }
      default:
        return key_value(key, value);
    }
  }

 private:
  /// Every element is a table; the whole array is walked because nil is refused anywhere in it.
  static base::Result<bool> is_table_array(const Value& list, int depth) {
    if (depth > kMostDepth) return too_deep();
    bool tables = !list.list().empty();
    for (const Value& item : list.list()) {
      if (item.is_null() || value::is_nil(item.go_type())) return nil_element();
      if (item.is_list()) TRY(is_table_array(item, depth + 1));
      if (!item.is_map()) tables = false;
    }
    return tables;
  }

  base::Status array_of_tables(const Key& key, const Value& list) {
    if (key.empty()) return failure("toml: top-level values must be Go maps or structs");
    for (const Value& item : list.list()) {
      newline();
      header(key, "[[", "]]");
      TRY(entries(key, item));
    }
    return {};
  }

  base::Status table(const Key& key, const Value& map) {
    if (key.size() == 1) newline();
    if (!key.empty()) header(key, "[", "]");
    return entries(key, map);
  }

  void header(const Key& key, std::string_view open, std::string_view close) {
    indent(key);
    out.append(open);
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (i > 0) out.push_back('.');
      append_key(out, key[i]);
    }
    out.append(close).push_back('\n');
  }

  static base::Result<bool> is_table(const Value& value) {
    if (value.is_map()) return true;
    if (value.is_list()) return is_table_array(value, 0);
    if (value.kind() != value::Kind::native) return false;
    const auto tree = value.native()->tree();
    return tree && tree->is_map();
  }

  /// Simple values first: after a table's header everything belongs to that table.
  base::Status entries(const Key& key, const Value& map) {
    for (const bool tables : {false, true}) {
      for (const auto& [name, item] : map.map()) {
        TRY_ASSIGN(const bool table, is_table(item));
        if (table != tables) continue;
        Key inner = key;
        inner.push_back(name);
        TRY(encode(inner, item));
      }
    }
    return {};
  }

  base::Status key_value(const Key& key, const Value& value) {
    if (key.empty()) return element(value, 0);
    if (value::is_nil(value.go_type())) return {};
    indent(key);
    append_key(out, key.back());
    out.append(" = ");
    TRY(element(value, 0));
    newline();
    return {};
  }

  base::Status inline_table(const Value& map, int depth) {
    std::vector<const value::Map::Entry*> direct;
    std::vector<const value::Map::Entry*> nested;
    for (const auto& entry : map.map()) {
      TRY_ASSIGN(const bool table, is_table(entry.second));
      (table ? nested : direct).push_back(&entry);
    }
    out.push_back('{');
    TRY(inline_entries(direct, !nested.empty(), depth));
    TRY(inline_entries(nested, false, depth));
    out.push_back('}');
    return {};
  }

  base::Status inline_entries(const std::vector<const value::Map::Entry*>& entries, bool more,
                              int depth) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& [name, item] = *entries[i];
      if (item.is_null()) continue;
      append_key(out, name);
      out.append(" = ");
      TRY(element(item, depth + 1));
      if (more || i + 1 < entries.size()) out.append(", ");
    }
    return {};
  }

  base::Status element(const Value& value, int depth) {
    if (depth > kMostDepth) return too_deep();
    switch (value.kind()) {
      case value::Kind::null:
        return failure("reflect: call of reflect.Value.Interface on zero Value");
      case value::Kind::boolean:
        out.append(value.boolean() ? "true" : "false");
        return {};
      case value::Kind::integer:
        gotmpl::append_v(out, value, host_);
        return {};
      case value::Kind::floating:
        append_real(value.floating());
        return {};
      case value::Kind::string:
        if (value.go_type() == GoType::bytes) return elements(as_list(value), depth);
        append_quoted(out, value.string());
        return {};
      case value::Kind::list:
        return elements(value, depth);
      case value::Kind::map:
        return inline_table(value, depth);
      case value::Kind::native:
        return native(value, depth);
    }
    return {};
  }

  base::Status elements(const Value& list, int depth) {
    out.push_back('[');
    for (std::size_t i = 0; i < list.list().size(); ++i) {
      if (i > 0) out.append(", ");
      TRY(element(list.list()[i], depth + 1));
    }
    out.push_back(']');
    return {};
  }

  base::Status native(const Value& value, int depth) {
    const auto tree = value.native()->tree();
    if (!tree) return failure("unsupported type: " + std::string(gotmpl::kind_name(value)));
    if (const text::GoTime* time = as_time(value)) {
      out.append(text::format_time(*time, time_layout(*time)));
      return {};
    }
    return element(*tree, depth + 1);
  }

  void append_real(double number) {
    if (std::isnan(number) || std::isinf(number)) {
      if (std::signbit(number)) out.push_back('-');
      out.append(std::isnan(number) ? "nan" : "inf");
      return;
    }
    const std::size_t start = out.size();
    gotmpl::append_float(out, number, 'g', -1);
    if (out.find_first_of("e.", start) == std::string::npos) out.append(".0");
  }

  void indent(const Key& key) { out.append((key.size() - 1) * 2, ' '); }
  void newline() {
    if (!out.empty()) out.push_back('\n');
  }

  const gotmpl::Host* host_;
};

}  // namespace

base::Result<std::string> write_toml(const Value& value, const gotmpl::Host* host) {
  if (value.is_null()) return failure("reflect: call of reflect.Value.Type on zero Value");
  Encoder encoder(host);
  TRY(encoder.encode({}, value));
  return std::move(encoder.out);
}

}  // namespace tiphys::sprig
