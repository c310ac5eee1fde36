#include "sprig/internal.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <cmath>
#include <limits>

namespace tiphys::sprig {
namespace {

/// "12.00" -> "12": cast takes off a fraction of nothing but zeros.
std::string_view trim_zero_decimal(std::string_view text) {
  bool zero = false;
  for (std::size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (c == '.') {
      if (zero) return text.substr(0, i - 1);
    } else if (c == '0') {
      zero = true;
    } else {
      return text;
    }
  }
  return text;
}

/// cast knows two named integers, time.Month and time.Weekday.
std::int64_t calendar_int(const Value& value) {
  const auto* native = gotmpl::native_object(value);
  const std::string_view type = value.native()->go_type();
  if (native == nullptr || (type != "time.Month" && type != "time.Weekday")) return 0;
  const Value number = native->underlying();
  return number.is_int() ? number.integer() : 0;
}

bool is_nil(const Value& value) { return value::is_nil(value.go_type()); }

/// reflect.DeepEqual that remembers when it had to give up.
class DeepEqual {
 public:
  bool gave_up = false;

  bool equal(const Value& a, const Value& b, int depth) {
    if (a.kind() != b.kind() || value::base_type(a.go_type()) != value::base_type(b.go_type()))
      return false;
    if (depth > kMostDepth) {
      gave_up = true;
      return false;
    }
    switch (a.kind()) {
      case value::Kind::null:
        return true;
      case value::Kind::boolean:
        return a.boolean() == b.boolean();
      case value::Kind::integer:
        return a.integer() == b.integer();
      case value::Kind::floating:
        return a.floating() == b.floating();
      case value::Kind::string:
        return a.string() == b.string();
      case value::Kind::list:
        return lists(a, b, depth);
      case value::Kind::map:
        return maps(a, b, depth);
      case value::Kind::native:
        return natives(a, b, depth);
    }
    return false;
  }

 private:
  bool lists(const Value& a, const Value& b, int depth) {
    if (is_nil(a) != is_nil(b) || a.list().size() != b.list().size()) return false;
    if (a.same_reference(b)) return true;
    for (std::size_t i = 0; i < a.list().size(); ++i)
      if (!equal(a.list()[i], b.list()[i], depth + 1)) return false;
    return true;
  }

  bool maps(const Value& a, const Value& b, int depth) {
    if (is_nil(a) != is_nil(b) || a.map().size() != b.map().size()) return false;
    if (a.same_reference(b)) return true;
    auto other = b.map().begin();
    for (const auto& [key, item] : a.map()) {
      if (other->first != key || !equal(item, other->second, depth + 1)) return false;
      ++other;
    }
    return true;
  }

  bool natives(const Value& a, const Value& b, int depth) {
    if (a.native() == b.native()) return true;
    if (a.native()->go_type() != b.native()->go_type()) return false;
    const auto* left = gotmpl::native_object(a);
    const auto* right = gotmpl::native_object(b);
    if (left == nullptr || right == nullptr) return false;
    if (!equal(left->underlying(), right->underlying(), depth + 1)) return false;
    const auto fields = left->fields();
    const auto others = right->fields();
    if (fields.size() != others.size()) return false;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!equal(fields[i].second, others[i].second, depth + 1)) return false;
    return left->text() == right->text();
  }
};

}  // namespace

Value string_list(std::vector<std::string> strings) {
  value::List items;
  items.reserve(strings.size());
  for (std::string& item : strings) items.emplace_back(std::move(item));
  return Value(std::move(items)).as(GoType::strings);
}

Answer list_of(Call& call, value::List items) {
  TRY(call.run.charge(items.size() * sizeof(Value)));
  return Value(std::move(items));
}

void append_strval(std::string& out, const Value& value, const gotmpl::Host* host) {
  if (value.is_string())
    out.append(value.string());
  else
    gotmpl::append_v(out, value, host);
}

std::string strval(const Value& value, const gotmpl::Host* host) {
  std::string out;
  append_strval(out, value, host);
  return out;
}

bool is_slice(const Value& value) {
  if (value.is_list()) return true;
  if (value.is_string()) return value.go_type() == GoType::bytes;
  const auto* native = gotmpl::native_object(value);
  return native != nullptr && native->shape() == gotmpl::NativeObject::Shape::slice;
}

Value as_list(const Value& value) {
  if (value.is_list()) return value;
  if (const auto* native = gotmpl::native_object(value)) return native->underlying();
  value::List bytes;
  for (const char c : value.text())
    bytes.push_back(Value(std::int64_t{static_cast<unsigned char>(c)}).as(GoType::u8));
  return Value(std::move(bytes));
}

Value element(const Value& list, std::size_t index) {
  const Value& item = list.list()[index];
  if (list.go_type() == GoType::ints) return item.as(GoType::i);
  return item;
}

std::vector<std::string> strslice(const Value& value, const gotmpl::Host* host) {
  if (value.is_null()) return {};
  if (!is_slice(value)) return {strval(value, host)};
  const Value list = as_list(value);
  std::vector<std::string> strings;
  strings.reserve(list.list().size());
  for (const Value& item : list.list())
    if (!item.is_null()) strings.push_back(strval(item, host));
  return strings;
}

bool is_empty(const Value& value) {
  switch (value.kind()) {
    case value::Kind::null:
      return true;
    case value::Kind::boolean:
      return !value.boolean();
    case value::Kind::integer:
      return value.integer() == 0;
    case value::Kind::floating:
      return value.floating() == 0;
    case value::Kind::string:
      return value.string().empty();
    case value::Kind::list:
      return value.list().empty();
    case value::Kind::map:
      return value.map().empty();
    case value::Kind::native:
      break;
  }
  using Shape = gotmpl::NativeObject::Shape;
  const auto* native = gotmpl::native_object(value);
  if (native == nullptr) return false;
  if (native->shape() == Shape::structure || native->shape() == Shape::pointer ||
      native->shape() == Shape::function)
    return !native->truth();
  return is_empty(native->underlying());
}

base::Error too_deep() {
  return {base::Code::ResourceExhausted,
          "value exceeds the depth limit of " + std::to_string(kMostDepth)};
}

base::Result<bool> deep_equal(const Value& a, const Value& b) {
  DeepEqual compare;
  const bool same = compare.equal(a, b, 0);
  if (compare.gave_up) return too_deep();
  return same;
}

std::int64_t truncate(double number) {
  if (!(number >= -0x1p63 && number < 0x1p63)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

std::int64_t to_int64(const Value& value) {
  switch (value.kind()) {
    case value::Kind::boolean:
      return value.boolean() ? 1 : 0;
    case value::Kind::integer:
      return value.integer();
    case value::Kind::floating:
      return truncate(value.floating());
    case value::Kind::string: {
      if (value.go_type() == GoType::bytes) return 0;
      const ParsedInt parsed = parse_int(trim_zero_decimal(value.string()), 0);
      return parsed.ok ? parsed.value : 0;
    }
    case value::Kind::native:
      return calendar_int(value);
    default:
      return 0;
  }
}

double to_float64(const Value& value) {
  switch (value.kind()) {
    case value::Kind::boolean:
      return value.boolean() ? 1 : 0;
    case value::Kind::integer: {
      const GoType type = value.go_type();
      if (type == GoType::u64 || type == GoType::u)
        return static_cast<double>(static_cast<std::uint64_t>(value.integer()));
      return static_cast<double>(value.integer());
    }
    case value::Kind::floating:
      return value.floating();
    case value::Kind::string: {
      double number = 0;
      if (value.go_type() == GoType::bytes || !parse_float(value.string(), number)) return 0;
      return number;
    }
    case value::Kind::native:
      return static_cast<double>(calendar_int(value));
    default:
      return 0;
  }
}

Answer ask(Call& call, const Entropy::Make& make) {
  const Question question{call.function, call.args, call.template_name,
                          call.run.next_ordinal(call)};
  return host(call).entropy().answer(question, make);
}

}  // namespace tiphys::sprig
