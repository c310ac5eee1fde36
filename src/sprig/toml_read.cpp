#include "sprig/internal.hpp"
#include "sprig/natives.hpp"
#include "sprig/toml.hpp"
#include "sprig/toml_scan.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/text/go_date.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace tiphys::sprig {
namespace {

using Key = std::vector<std::string>;

std::string join(const Key& key, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? "." : "") + key[i];
  return out;
}

class Decoder {
 public:
  explicit Decoder(std::string_view text) : in_(text), root_(value::Map()), table_(root_) {}

  Answer run() {
    for (in_.skip_lines(); !in_.at_end(); in_.skip_lines()) {
      if (in_.peek() == '[') {
        TRY(header());
      } else {
        TRY(assignment(table_, prefix_));
        in_.last_key = prefix_;
      }
      TRY(in_.end_line());
    }
    TRY(in_.finish());
    return root_;
  }

 private:
  /// A key up to and with its '='.
  base::Result<Key> dotted_key() {
    Key key;
    do {
      in_.skip_blanks();
      if (in_.at_end() || in_.peek() == '=')
        return in_.error(key.empty() ? "unexpected '=': key name appears blank" : "unexpected '='");
      if (in_.peek() == '.')
        return in_.error(key.empty() ? "unexpected '.': keys cannot start with a '.'"
                                     : "unexpected '.'");
      TRY_ASSIGN(std::string part, in_.key_part());
      key.push_back(std::move(part));
      in_.skip_blanks();
    } while (in_.take('.'));
    if (in_.take('=')) return key;
    if (in_.at_end()) return in_.error("unexpected EOF; expected key separator '='");
    return in_.found("expected '.' or '=', but got");
  }

  /// The name of a table up to and with its first ']'.
  base::Result<Key> table_name() {
    Key key;
    do {
      in_.skip_blanks();
      if (in_.at_end() || in_.peek() == ']')
        return in_.error("unexpected end of table name (table names cannot be empty)");
      if (in_.peek() == '.')
        return in_.error("unexpected table separator (table names cannot be empty)");
      TRY_ASSIGN(std::string part, in_.key_part());
      key.push_back(std::move(part));
      in_.skip_blanks();
    } while (in_.take('.'));
    if (in_.take(']')) return key;
    return in_.found("expected '.' or ']' to end table name, but got");
  }

  base::Error defined(const std::string& path) const {
    return in_.error("Key '" + path + "' has already been defined.");
  }

  /// The table under `name`, made when missing; the last one of an array of tables.
  base::Result<Value> descend(Value& table, const std::string& name, const std::string& path) {
    Value* next = table.map().find(name);
    if (next == nullptr) {
      table.map().set(name, Value(value::Map()));
      implicit_.insert(path);
      return *table.map().find(name);
    }
    if (next->is_map() && !closed_.contains(path)) return *next;
    if (next->is_list() && arrays_.contains(path)) return next->list().back();
    return defined(path);
  }

  base::Status header() {
    in_.take('[');
    const bool array = in_.take('[');
    TRY_ASSIGN(const Key key, table_name());
    if (array && !in_.take(']'))
      return in_.found("expected end of table array name delimiter ']', but got");
    Value table = root_;
    for (std::size_t i = 0; i + 1 < key.size(); ++i) {
      TRY_ASSIGN(table, descend(table, key[i], join(key, i + 1)));
    }
    prefix_ = join(key, key.size());
    in_.last_key = join(key, key.size() - 1);
    TRY_ASSIGN(table_, array ? array_table(table, key.back()) : plain_table(table, key.back()));
    in_.last_key = prefix_;
    return {};
  }

  Answer array_table(Value& table, const std::string& name) {
    Value* list = table.map().find(name);
    if (list == nullptr) {
      table.map().set(name, Value(value::List()));
      list = table.map().find(name);
      arrays_.insert(prefix_);
    } else if (!list->is_list() || !arrays_.contains(prefix_)) {
      return in_.error("Key '" + prefix_ + "' was already created and cannot be used as an array.");
    }
    // What was defined below the table before belongs to that one alone.
    std::erase_if(closed_,
                  [&](const std::string& path) { return path.starts_with(prefix_ + "."); });
    std::erase_if(named_, [&](const std::string& path) { return path.starts_with(prefix_ + "."); });
    list->list().emplace_back(value::Map());
    return list->list().back();
  }

  Answer plain_table(Value& table, const std::string& name) {
    Value* known = table.map().find(name);
    if (known == nullptr) {
      table.map().set(name, Value(value::Map()));
      known = table.map().find(name);
    } else if (!known->is_map() || !implicit_.erase(prefix_) || named_.contains(prefix_)) {
      return defined(prefix_);
    }
    named_.insert(prefix_);
    return *known;
  }

  base::Status assignment(Value table, const std::string& prefix) {
    TRY_ASSIGN(const Key key, dotted_key());
    std::string path = prefix;
    in_.last_key = prefix + (prefix.empty() ? "" : ".") + join(key, key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      path += (path.empty() ? "" : ".") + key[i];
      if (i + 1 == key.size()) break;
      TRY_ASSIGN(table, descend(table, key[i], path));
    }
    TRY_ASSIGN(Value item, read(path));
    if (table.map().contains(key.back())) return defined(path);
    if (item.is_map() || item.is_list()) closed_.insert(path);
    table.map().set(key.back(), std::move(item));
    return {};
  }

  Answer read(const std::string& path) {
    if (++depth_ > 100) return too_deep();
    in_.skip_blanks();
    Answer item = any(path);
    --depth_;
    return item;
  }

  Answer any(const std::string& path) {
    switch (in_.peek()) {
      case '"':
      case '\'': {
        TRY_ASSIGN(std::string text, in_.string());
        return Value(std::move(text));
      }
      case '[':
        return array(path);
      case '{':
        return inline_table(path);
      default:
        return scalar();
    }
  }

  Answer array(const std::string& path) {
    in_.take('[');
    value::List items;
    for (in_.skip_lines(); !in_.take(']'); in_.skip_lines()) {
      if (in_.peek() == ',') return in_.error("unexpected comma");
      TRY_ASSIGN(Value item, read(path));
      items.push_back(std::move(item));
      in_.skip_lines();
      if (!in_.take(',') && in_.peek() != ']')
        return in_.error("expected a comma (',') or array terminator (']'), but got " +
                         in_.next_or_end());
    }
    return Value(std::move(items));
  }

  Answer inline_table(const std::string& path) {
    in_.take('{');
    Value table{value::Map()};
    for (in_.skip_lines(); !in_.take('}'); in_.skip_lines()) {
      if (in_.peek() == ',') return in_.error("unexpected comma");
      TRY(assignment(table, path));
      in_.skip_lines();
      if (!in_.take(',') && in_.peek() != '}')
        return in_.error("expected a comma or an inline table terminator '}', but got " +
                         in_.next_or_end() + " instead");
    }
    in_.last_key = path;
    return table;
  }

  Answer scalar() {
    if (in_.at_end()) return in_.error("unexpected EOF; expected value");
    if (in_.peek() == '.') return in_.error("floats must start with a digit, not '.'");
    if (in_.starts_with("inf") || in_.starts_with("nan")) {
      const bool infinite = in_.peek() == 'i';
      in_.skip(3);
      return number(infinite ? "inf" : "nan");
    }
    const std::string_view letters = in_.letters();
    if (letters == "true" || letters == "false") return Value(letters == "true");
    if (!letters.empty())
      return in_.error("expected value but found " + gotmpl::quote(letters) + " instead");
    if (!std::string_view("0123456789+-").contains(in_.peek()))
      return in_.found("expected value but found");
    const std::string_view word = in_.word();
    const std::size_t digits = word.find_first_not_of("0123456789");
    if (digits != 0 && digits != word.npos && (word[digits] == '-' || word[digits] == ':'))
      return date_time(word);
    return number(word);
  }

  Answer date_time(std::string_view word) {
    struct Layout {
      std::string_view text;
      std::string_view zone;  // how BurntSushi/toml names times that say none
    };
    static constexpr std::array<Layout, 7> kLayouts = {{
        {"2006-01-02T15:04:05.999999999Z07:00", ""},
        {"2006-01-02T15:04:05.999999999", "datetime-local"},
        {"2006-01-02", "date-local"},
        {"15:04:05.999999999", "time-local"},
        {"2006-01-02T15:04Z07:00", ""},
        {"2006-01-02T15:04", "datetime-local"},
        {"15:04", "time-local"},
    }};
    std::string text(word);
    for (char& c : text)
      if (c == 'z' || c == 't') c = static_cast<char>(c - 0x20);
    std::ranges::replace(text, ' ', 'T');
    for (const Layout& layout : kLayouts) {
      auto zone = layout.zone.empty() ? text::TimeZone::utc()
                                      : text::TimeZone::fixed(std::string(layout.zone), 0);
      auto time = text::parse_time(layout.text, text, std::move(zone));
      if (time.ok()) return time_value(*std::move(time));
    }
    return in_.error("invalid datetime: " + gotmpl::quote(text));
  }

  Answer number(std::string_view word) {
    const std::string_view digits =
        word.starts_with('+') || word.starts_with('-') ? word.substr(1) : word;
    const bool special = digits == "inf" || digits == "nan";
    if (!special && (digits.empty() || digits[0] < '0' || digits[0] > '9'))
      return in_.error("expected a digit but got '" + std::string(digits.substr(0, 1)) + "'");
    const bool prefixed =
        digits.starts_with("0x") || digits.starts_with("0o") || digits.starts_with("0b");
    const bool real = special || (!prefixed && digits.find_first_of(".eE") != digits.npos);
    const std::string_view kind = real ? "float" : "integer";
    if (!special && !underscores_ok(digits))
      return in_.error("Invalid " + std::string(kind) + " " + gotmpl::quote(word) +
                       ": underscores must be surrounded by digits");
    if (!prefixed && !special && digits.size() > 1 && digits[0] == '0' && digits[1] != '.' &&
        digits[1] != 'e' && digits[1] != 'E')
      return in_.error("Invalid " + std::string(kind) + " " + gotmpl::quote(word) +
                       ": cannot have leading zeroes");
    std::string plain(word);
    std::erase(plain, '_');
    if (!real) return integer(word, plain);
    return floating(word, plain, digits);
  }

  Answer integer(std::string_view word, const std::string& plain) {
    const ParsedInt parsed = parse_int(plain, 0);
    if (parsed.ok) return Value(parsed.value);
    if (parsed.value != 0) return in_.error(std::string(word) + " is out of range for int64");
    return in_.error("expected value but found " + gotmpl::quote(word) + " instead");
  }

  Answer floating(std::string_view word, std::string plain, std::string_view digits) {
    if (digits == "nan") {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      return Value(word[0] == '-' ? -nan : nan);
    }
    const std::size_t point = plain.find('.');
    if (point != std::string::npos &&
        (point + 1 >= plain.size() || plain[point + 1] < '0' || plain[point + 1] > '9'))
      return in_.error("Invalid float " + gotmpl::quote(word) +
                       ": '.' must be followed by one or more digits");
    double number = 0;
    if (!parse_float(plain, number))
      return in_.error("Invalid float value: " + gotmpl::quote(word));
    return Value(number);
  }

  static bool underscores_ok(std::string_view digits) {
    bool accept = false;
    for (const char c : digits) {
      if (c == '_' && !accept) return false;
      accept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!accept && c != '_') accept = false;
    }
    return !digits.ends_with('_');
  }

  TomlScanner in_;
  Value root_;
  Value table_;
  std::string prefix_;
  int depth_ = 0;
  std::set<std::string> implicit_;  // tables that a longer key made on its way
  std::set<std::string> named_;     // tables with a header of their own
  std::set<std::string> arrays_;    // arrays of tables
  std::set<std::string> closed_;    // inline tables and arrays: nothing may be added
};

}  // namespace

base::Result<Value> parse_toml(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    text.remove_prefix(2);
  else if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  if (text.substr(0, 6).contains('\0'))
    return failure(
        "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be "
        "UTF-8");
  return Decoder(text).run();
}

}  // namespace tiphys::sprig
