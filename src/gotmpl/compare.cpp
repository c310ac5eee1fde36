#include "gotmpl/compare.hpp"

#include "gotmpl/complex.hpp"
#include "gotmpl/executor.hpp"
#include "gotmpl/printer.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

namespace {

enum class Basic : std::uint8_t {
  none,
  boolean,
  complex,
  integer,
  floating,
  string,
  unsigned_integer
};

base::Error wrong(std::string message) { return {base::Code::Invalid, std::move(message)}; }

bool is_unsigned(GoType type) {
  return type == GoType::u || type == GoType::u8 || type == GoType::u16 || type == GoType::u32 ||
         type == GoType::u64;
}

Basic basic_kind(const Value& v) {
  switch (v.kind()) {
    case Kind::boolean:
      return Basic::boolean;
    case Kind::integer:
      return is_unsigned(v.go_type()) ? Basic::unsigned_integer : Basic::integer;
    case Kind::floating:
      return Basic::floating;
    case Kind::string:
      return v.go_type() == GoType::bytes ? Basic::none : Basic::string;
    case Kind::native:
      return as_complex(v) != nullptr ? Basic::complex : Basic::none;
    default:
      return Basic::none;
  }
}

std::uint64_t bits(const Value& v) { return static_cast<std::uint64_t>(v.integer()); }

bool is_nil(const Value& v) {
  if (v.is_list() || v.is_map()) return value::is_nil(v.go_type());
  const NativeObject* object = native_object(v);
  if (object != nullptr && object->shape() == NativeObject::Shape::pointer) return !object->truth();
  return v.is_null();
}

bool is_comparable(const Value& v) {
  if (v.is_map() || v.is_list() || v.is_string()) return false;  // a string here is []byte
  const NativeObject* object = native_object(v);
  return object == nullptr || object->shape() != NativeObject::Shape::function;
}

std::string shown(const Value& v, const Host* host, char32_t verb) {
  std::string out;
  if (v.is_null()) return "<invalid reflect.Value>";
  Printer(out, host, std::size_t{1} << 20U).argument(v, verb);
  return out;
}

base::Error incompatible(const Value& a, const Value& b, const Host* host) {
  return wrong("incompatible types for comparison: " + type_name(a, host) + " and " +
               type_name(b, host));
}

bool same_basic(Basic kind, const Value& a, const Value& b) {
  switch (kind) {
    case Basic::boolean:
      return a.boolean() == b.boolean();
    case Basic::complex:
      return as_complex(a)->number() == as_complex(b)->number();
    case Basic::floating:
      return a.floating() == b.floating();
    case Basic::string:
      return a.string() == b.string();
    default:
      return a.integer() == b.integer();
  }
}

base::Result<bool> same_other(const Value& a, const Value& b, const Host* host) {
  if (kind_name(a) != kind_name(b) && !a.is_null() && !b.is_null()) {
    return wrong("non-comparable types " + shown(a, host, 's') + ": " + type_name(a, host) + ", " +
                 type_name(b, host) + ": " + shown(b, host, 'v'));
  }
  if (is_nil(a) || is_nil(b)) return is_nil(a) == is_nil(b);
  if (!is_comparable(b)) {
    return wrong("non-comparable type " + shown(b, host, 's') + ": " + type_name(b, host));
  }
  return a.native() == b.native();
}

base::Result<bool> same(const Value& a, const Value& b, const Host* host) {
  const Basic left = basic_kind(a);
  const Basic right = basic_kind(b);
  if (left == right) {
    if (left == Basic::none) return same_other(a, b, host);
    return same_basic(left, a, b);
  }
  if (left == Basic::integer && right == Basic::unsigned_integer) {
    return a.integer() >= 0 && bits(a) == bits(b);
  }
  if (left == Basic::unsigned_integer && right == Basic::integer) {
    return b.integer() >= 0 && bits(a) == bits(b);
  }
  if (a.is_null() || b.is_null()) return false;
  return incompatible(a, b, host);
}

base::Result<bool> ordered(Basic kind, const Value& a, const Value& b) {
  switch (kind) {
    case Basic::floating:
      return a.floating() < b.floating();
    case Basic::integer:
      return a.integer() < b.integer();
    case Basic::string:
      return a.string() < b.string();
    case Basic::unsigned_integer:
      return bits(a) < bits(b);
    default:
      return wrong("invalid type for comparison");
  }
}

}  // namespace

base::Result<bool> equal(const BuiltinCall& call) {
  if (call.size() < 2) return wrong("missing argument for comparison");
  for (std::size_t i = 1; i < call.size(); ++i) {
    TRY_ASSIGN(const bool found, same(call.values[0], call.values[i], call.executor.host()));
    if (found) return true;
  }
  return false;
}

base::Result<bool> not_equal(const BuiltinCall& call) {
  TRY_ASSIGN(const bool found, equal(call));
  return !found;
}

base::Result<bool> less(const BuiltinCall& call) {
  const Value& a = call.values[0];
  const Value& b = call.values[1];
  const Basic left = basic_kind(a);
  const Basic right = basic_kind(b);
  if (left == Basic::none || right == Basic::none) return wrong("invalid type for comparison");
  if (left == right) return ordered(left, a, b);
  if (left == Basic::integer && right == Basic::unsigned_integer) {
    return a.integer() < 0 || bits(a) < bits(b);
  }
  if (left == Basic::unsigned_integer && right == Basic::integer) {
    return b.integer() >= 0 && bits(a) < bits(b);
  }
  return incompatible(a, b, call.executor.host());
}

base::Result<bool> less_or_equal(const BuiltinCall& call) {
  TRY_ASSIGN(const bool found, less(call));
  if (found) return true;
  return equal(call);
}

base::Result<bool> greater(const BuiltinCall& call) {
  TRY_ASSIGN(const bool found, less_or_equal(call));
  return !found;
}

base::Result<bool> greater_or_equal(const BuiltinCall& call) {
  TRY_ASSIGN(const bool found, less(call));
  return !found;
}

}  // namespace tiphys::gotmpl
