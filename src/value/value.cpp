#include "tiphys/value/value.hpp"

#include <sys/single_threaded.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <numeric>
#include <variant>

namespace tiphys::value {

namespace {

/// fetch_add. Without a second thread a locked instruction is not needed, and it takes longer than
/// most of what is done between two of them: `tiphys template` and workers have one thread.
std::uint32_t add(std::atomic<std::uint32_t>& refs, std::uint32_t count, std::memory_order order) {
  if (__libc_single_threaded == 0) return refs.fetch_add(count, order);
  const std::uint32_t before = refs.load(std::memory_order_relaxed);
  refs.store(before + count, std::memory_order_relaxed);
  return before;
}

}  // namespace

struct Value::Rep {
  template <class T>
  explicit Rep(T&& value) : data(std::forward<T>(value)) {}

  /// One that is the only one needs no write: nobody else can make a copy.
  void release() {
    if (refs.load(std::memory_order_acquire) == 1 ||
        add(refs, static_cast<std::uint32_t>(-1), std::memory_order_acq_rel) == 1)
      delete this;
  }

  std::atomic<std::uint32_t> refs{1};
  std::variant<std::string, List, Map, std::shared_ptr<const Native>> data;
};

namespace {

auto lower(auto& entries, std::string_view key) {
  return std::lower_bound(
      entries.begin(), entries.end(), key,
      [](const Map::Entry& entry, std::string_view wanted) { return entry.first < wanted; });
}

const Value& null_value() {
  static const Value null;
  return null;
}

bool is_heap(Kind kind) { return kind >= Kind::string; }

}  // namespace

std::optional<std::vector<std::pair<std::string, Value>>> Native::json_fields() const {
  return std::nullopt;
}

std::optional<Value> Native::tree() const {
  auto fields = json_fields();
  if (!fields) return std::nullopt;
  return Value(Map::from(*std::move(fields)));
}

Map Map::from(std::vector<Entry> entries) {
  Map map;
  const auto not_less = [](const Entry& a, const Entry& b) { return a.first >= b.first; };
  if (std::adjacent_find(entries.begin(), entries.end(), not_less) == entries.end()) {
    map.entries_ = std::move(entries);
    return map;
  }
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&entries](std::size_t a, std::size_t b) {
    const int by_key = entries[a].first.compare(entries[b].first);
    return by_key != 0 ? by_key < 0 : a < b;
  });
  map.entries_.reserve(entries.size());
  for (const std::size_t i : order) {
    if (!map.entries_.empty() && map.entries_.back().first == entries[i].first)
      map.entries_.back().second = std::move(entries[i].second);
    else
      map.entries_.push_back(std::move(entries[i]));
  }
  return map;
}

const Value* Map::find(std::string_view key) const {
  const auto it = lower(entries_, key);
  return it != entries_.end() && it->first == key ? &it->second : nullptr;
}

Value* Map::find(std::string_view key) {
  const auto it = lower(entries_, key);
  return it != entries_.end() && it->first == key ? &it->second : nullptr;
}

Value& Map::operator[](std::string_view key) {
  if (entries_.empty() || entries_.back().first < key)
    return entries_.emplace_back(std::string(key), Value()).second;
  const auto it = lower(entries_, key);
  if (it->first == key) return it->second;
  return entries_.emplace(it, std::string(key), Value())->second;
}

void Map::set(std::string_view key, Value value) { (*this)[key] = std::move(value); }

bool Map::erase(std::string_view key) {
  const auto it = lower(entries_, key);
  if (it == entries_.end() || it->first != key) return false;
  entries_.erase(it);
  return true;
}

Value::Value(bool b) : payload_{.b = b}, kind_(Kind::boolean) {}
Value::Value(std::int64_t i) : payload_{.i = i}, kind_(Kind::integer) {}
Value::Value(double d) : payload_{.d = d}, kind_(Kind::floating) {}
Value::Value(std::string s) : payload_{.rep = new Rep(std::move(s))}, kind_(Kind::string) {}
Value::Value(List list) : payload_{.rep = new Rep(std::move(list))}, kind_(Kind::list) {}
Value::Value(Map map) : payload_{.rep = new Rep(std::move(map))}, kind_(Kind::map) {}
Value::Value(std::shared_ptr<const Native> native)
    : payload_{.rep = new Rep(std::move(native))}, kind_(Kind::native) {}

Value Value::object(std::initializer_list<std::pair<std::string_view, Value>> entries) {
  Map map;
  map.reserve(entries.size());
  for (const auto& [key, value] : entries) map.set(key, value);
  return Value(std::move(map));
}

Value Value::array(std::initializer_list<Value> items) { return Value(List(items)); }

Value::Value(const Value& other)
    : payload_(other.payload_), kind_(other.kind_), type_(other.type_) {
  retain();
}

Value::Value(Value&& other) noexcept
    : payload_(other.payload_), kind_(other.kind_), type_(other.type_) {
  other.kind_ = Kind::null;
  other.type_ = GoType::natural;
}

Value& Value::operator=(const Value& other) {
  if (this == &other) return *this;
  Value copy(other);
  return *this = std::move(copy);
}

// The old content is released last: `other` may live inside of it.
Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  Rep* const old = is_heap(kind_) ? payload_.rep : nullptr;
  payload_ = other.payload_;
  kind_ = other.kind_;
  type_ = other.type_;
  other.kind_ = Kind::null;
  other.type_ = GoType::natural;
  if (old != nullptr) old->release();
  return *this;
}

Value::~Value() { release(); }

void Value::retain() const {
  if (is_heap(kind_)) add(payload_.rep->refs, 1, std::memory_order_relaxed);
}

void Value::release() {
  if (is_heap(kind_)) payload_.rep->release();
}

Value Value::as(GoType type) const {
  Value copy(*this);
  copy.type_ = type;
  return copy;
}

bool Value::boolean() const {
  assert(is_bool());
  return payload_.b;
}

std::int64_t Value::integer() const {
  assert(is_int());
  return payload_.i;
}

double Value::floating() const {
  assert(is_float());
  return payload_.d;
}

std::string_view Value::string() const {
  assert(is_string());
  return *std::get_if<std::string>(&payload_.rep->data);
}

const List& Value::list() const {
  assert(is_list());
  return *std::get_if<List>(&payload_.rep->data);
}

List& Value::list() {
  assert(is_list());
  return *std::get_if<List>(&payload_.rep->data);
}

const Map& Value::map() const {
  assert(is_map());
  return *std::get_if<Map>(&payload_.rep->data);
}

Map& Value::map() {
  assert(is_map());
  return *std::get_if<Map>(&payload_.rep->data);
}

const std::shared_ptr<const Native>& Value::native() const {
  assert(kind_ == Kind::native);
  return *std::get_if<std::shared_ptr<const Native>>(&payload_.rep->data);
}

const Value& Value::operator[](std::string_view key) const {
  const Value* found = is_map() ? map().find(key) : nullptr;
  return found != nullptr ? *found : null_value();
}

const Value& Value::at(std::initializer_list<std::string_view> path) const {
  const Value* here = this;
  for (const std::string_view key : path) here = &(*here)[key];
  return *here;
}

std::int64_t Value::integer_or(std::int64_t fallback) const {
  if (is_int()) return payload_.i;
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!is_float() || !(payload_.d >= -kLimit && payload_.d < kLimit)) return fallback;
  return std::trunc(payload_.d) == payload_.d ? static_cast<std::int64_t>(payload_.d) : fallback;
}

const List& Value::items() const {
  static const List none;
  return is_list() ? list() : none;
}

const Map& Value::entries() const {
  static const Map none;
  return is_map() ? map() : none;
}

std::size_t Value::size() const {
  if (is_string()) return string().size();
  return is_list() ? list().size() : entries().size();
}

void Value::set_at(std::initializer_list<std::string_view> path, Value value) {
  Value* here = this;
  for (const std::string_view key : path) {
    if (!here->is_map()) *here = Value(Map());
    here = &here->map()[key];
  }
  *here = std::move(value);
}

Value Value::deep_copy() const {
  if (is_list()) {
    List copy;
    copy.reserve(list().size());
    for (const Value& item : list()) copy.push_back(item.deep_copy());
    return Value(std::move(copy)).as(type_);
  }
  if (is_map()) {
    Map copy(map());
    for (auto& [key, item] : copy)
      if (item.is_list() || item.is_map()) item = item.deep_copy();
    return Value(std::move(copy)).as(type_);
  }
  return *this;
}

bool Value::same_reference(const Value& other) const {
  return (is_list() || is_map()) && kind_ == other.kind_ && payload_.rep == other.payload_.rep;
}

namespace {

bool unsigned_above_int64(const Value& v) {
  return (v.go_type() == GoType::u64 || v.go_type() == GoType::u) && v.integer() < 0;
}

double as_double(const Value& v) {
  if (v.is_float()) return v.floating();
  if (unsigned_above_int64(v)) return static_cast<double>(static_cast<std::uint64_t>(v.integer()));
  return static_cast<double>(v.integer());
}

bool equal_numbers(const Value& a, const Value& b) {
  if (a.is_int() && b.is_int())
    return a.integer() == b.integer() && unsigned_above_int64(a) == unsigned_above_int64(b);
  return as_double(a) == as_double(b);
}

bool is_number(const Value& v) { return v.is_int() || v.is_float(); }

bool equal_lists(const List& a, const List& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), equal);
}

bool equal_maps(const Map& a, const Map& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
           return x.first == y.first && equal(x.second, y.second);
         });
}

}  // namespace

bool equal(const Value& a, const Value& b) {
  if (is_number(a) && is_number(b)) return equal_numbers(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::boolean:
      return a.boolean() == b.boolean();
    case Kind::string:
      return a.string() == b.string();
    case Kind::list:
      return a.same_reference(b) || equal_lists(a.list(), b.list());
    case Kind::map:
      return a.same_reference(b) || equal_maps(a.map(), b.map());
    case Kind::native:
      return a.native() == b.native();
    default:
      return true;
  }
}

}  // namespace tiphys::value
