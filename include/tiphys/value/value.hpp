#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::value {

class Value;

/// A Go-side object that templates see but YAML and JSON do not: .Files, .Capabilities, a time, a
/// function. gotmpl and helm derive from it. Immutable once shared.
class Native {
 public:
  virtual ~Native() = default;
  /// What reflect would print, e.g. "time.Time", "engine.files".
  virtual std::string_view go_type() const = 0;
  /// What encoding/json would write for it, as a tree; nothing: it can't be marshalled. The
  /// default: json_fields() as a map.
  virtual std::optional<Value> tree() const;
  /// The members of a struct as encoding/json writes them, in their declared order; nothing: it
  /// isn't a struct (the default).
  virtual std::optional<std::vector<std::pair<std::string, Value>>> json_fields() const;
};

enum class Kind : std::uint8_t { null, boolean, integer, floating, string, list, map, native };

/// The Go type behind a kind where templates can tell the difference (typeOf, kindOf, printf %T,
/// comparison). `natural` is what JSON/YAML decoding and literals give: bool, int64 (int in a
/// template literal is `i`), float64, string, []interface {}, map[string]interface {}.
enum class GoType : std::uint8_t {
  natural,
  i,
  i8,
  i16,
  i32,
  u,
  u8,
  u16,
  u32,
  u64,
  f32,    // numbers; u64 above INT64_MAX is kept as its bit pattern
  bytes,  // string kind: []byte
  strings,
  ints,
  string_map,      // []string, []int, map[string]string
  lists,           // [][]interface {}
  nil_list,        // a nil []interface {}: an empty list that marshals as null
  nil_strings,     // a nil []string, likewise
  nil_map,         // a nil map[string]interface {}: an empty map that marshals as null
  nil_string_map,  // a nil map[string]string, likewise
  named,           // a named type: see type_name()
};

/// Is it a nil slice or map?
constexpr bool is_nil(GoType type) {
  return type == GoType::nil_list || type == GoType::nil_strings || type == GoType::nil_map ||
         type == GoType::nil_string_map;
}
/// The type without being nil: of a nil []string, []string.
constexpr GoType base_type(GoType type) {
  if (type == GoType::nil_list || type == GoType::nil_map) return GoType::natural;
  if (type == GoType::nil_strings) return GoType::strings;
  return type == GoType::nil_string_map ? GoType::string_map : type;
}

using List = std::vector<Value>;

/// Entries sorted bytewise by key, as Go prints and marshals maps. Appending in order is O(1).
class Map {
 public:
  using Entry = std::pair<std::string, Value>;
  using const_iterator = std::vector<Entry>::const_iterator;
  using iterator = std::vector<Entry>::iterator;
  /// Sorts; of equal keys the last one stays. For bulk loads.
  static Map from(std::vector<Entry> entries);
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// The value under key, made null when absent.
  Value& operator[](std::string_view key);
  void set(std::string_view key, Value value);
  bool erase(std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  std::size_t size() const;
  bool empty() const;
  void reserve(std::size_t n);
  const_iterator begin() const;
  const_iterator end() const;
  /// Keys must not be changed through it.
  iterator begin();
  iterator end();

 private:
  std::vector<Entry> entries_;
};

/// The one tree type. 16 bytes. Scalars are held in place; strings, lists and maps are reference
/// counted (atomically) and SHARED on copy, as Go's are: writing through list()/map() of a copy is
/// seen by every copy. deep_copy() separates. A tree may be read from many threads as long as
/// nobody writes.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}                               // NOLINT(google-explicit-constructor)
  Value(bool b);                                         // NOLINT(google-explicit-constructor)
  Value(int i) : Value(static_cast<std::int64_t>(i)) {}  // NOLINT(google-explicit-constructor)
  Value(std::int64_t i);                                 // NOLINT(google-explicit-constructor)
  Value(double d);                                       // NOLINT(google-explicit-constructor)
  Value(std::string s);                                  // NOLINT(google-explicit-constructor)
  Value(std::string_view s) : Value(std::string(s)) {}   // NOLINT(google-explicit-constructor)
  Value(const char* s) : Value(std::string(s)) {}        // NOLINT(google-explicit-constructor)
  Value(List list);                                      // NOLINT(google-explicit-constructor)
  Value(Map map);                                        // NOLINT(google-explicit-constructor)
  explicit Value(std::shared_ptr<const Native> native);
  static Value object(std::initializer_list<std::pair<std::string_view, Value>> entries);
  static Value array(std::initializer_list<Value> items);

  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  Kind kind() const { return kind_; }
  GoType go_type() const { return type_; }
  /// The same value under another Go type; it shares what this one shares.
  Value as(GoType type) const;

  bool is_null() const { return kind_ == Kind::null; }
  bool is_bool() const { return kind_ == Kind::boolean; }
  bool is_int() const { return kind_ == Kind::integer; }
  bool is_float() const { return kind_ == Kind::floating; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }

  // Each needs its kind (asserted). Views live as long as some copy of this value does.
  bool boolean() const;
  std::int64_t integer() const;
  double floating() const;
  std::string_view string() const;
  const List& list() const;
  List& list();
  const Map& map() const;
  Map& map();
  const std::shared_ptr<const Native>& native() const;

  // Lenient look-ups for reading API objects: a wrong kind or a missing key is null / empty, never
  // an error.
  /// The member of a map, or a shared null.
  const Value& operator[](std::string_view key) const;
  /// Members of maps along a path: at({"metadata", "name"}).
  const Value& at(std::initializer_list<std::string_view> path) const;
  /// The string, or "" for any other kind.
  std::string_view text() const { return is_string() ? string() : std::string_view(); }
  /// Integers (and floats without a fraction), or fallback.
  std::int64_t integer_or(std::int64_t fallback) const;
  bool boolean_or(bool fallback) const { return is_bool() ? boolean() : fallback; }
  /// Elements of a list, or of nothing.
  const List& items() const;
  /// Entries of a map, or of nothing.
  const Map& entries() const;
  std::size_t size() const;

  /// Writes value at a path of map keys, making maps on the way (and in place of non-maps).
  void set_at(std::initializer_list<std::string_view> path, Value value);

  Value deep_copy() const;
  /// Same lists and maps in memory (Go's reference identity)?
  bool same_reference(const Value& other) const;

 private:
  struct Rep;
  union Payload {
    bool b;
    std::int64_t i;
    double d;
    Rep* rep;
  };
  void retain() const;
  void release();

  Payload payload_{.i = 0};
  Kind kind_ = Kind::null;
  GoType type_ = GoType::natural;
};

inline std::size_t Map::size() const { return entries_.size(); }
inline bool Map::empty() const { return entries_.empty(); }
inline void Map::reserve(std::size_t n) { entries_.reserve(n); }
inline Map::const_iterator Map::begin() const { return entries_.begin(); }
inline Map::const_iterator Map::end() const { return entries_.end(); }
inline Map::iterator Map::begin() { return entries_.begin(); }
inline Map::iterator Map::end() { return entries_.end(); }

/// Deep equality of JSON trees: int 1 equals float 1.0; Go types are ignored.
bool equal(const Value& a, const Value& b);

}  // namespace tiphys::value
