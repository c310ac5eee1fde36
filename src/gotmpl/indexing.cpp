#include "gotmpl/indexing.hpp"

#include "gotmpl/executor.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <array>
#include <vector>

namespace tiphys::gotmpl {

using value::GoType;
using value::Value;

namespace {

base::Error wrong(std::string message) { return {base::Code::Invalid, std::move(message)}; }

base::Result<std::size_t> index_argument(const Value& index, std::size_t limit, const Host* host) {
  const Value v = plain(index);
  if (v.is_null()) return wrong("cannot index slice/array with nil");
  if (!v.is_int()) return wrong("cannot index slice/array with type " + type_name(index, host));
  const std::int64_t i = v.integer();
  if (i < 0 || static_cast<std::uint64_t>(i) > limit) {
    return wrong("index out of range: " + std::to_string(i));
  }
  return static_cast<std::size_t>(i);
}

/// []byte and string: a byte.
base::Result<Operand> index_text(const Value& item, const Value& index, const Host* host) {
  const std::string_view text = item.string();
  TRY_ASSIGN(const std::size_t i, index_argument(index, text.size(), host));
  if (i == text.size()) {
    return wrong(item.go_type() == GoType::bytes ? "reflect: slice index out of range"
                                                 : "reflect: string index out of range");
  }
  const auto byte = static_cast<std::int64_t>(static_cast<unsigned char>(text[i]));
  return Operand::concrete(Value(byte).as(GoType::u8));
}

base::Result<Operand> index_list(const Value& item, const Value& index, const Host* host) {
  TRY_ASSIGN(const std::size_t i, index_argument(index, item.list().size(), host));
  if (i == item.list().size()) return wrong("reflect: slice index out of range");
  return element_of(item, item.list()[i]);
}

base::Result<Operand> index_map(const Value& item, const Value& index, const Host* host) {
  if (index.is_null()) return wrong("value is nil; should be of type string");
  if (!index.is_string() || index.go_type() == GoType::bytes) {
    return wrong("value has type " + type_name(index, host) + "; should be string");
  }
  const Value* found = item.map().find(index.string());
  return found != nullptr ? element_of(item, *found) : zero_element(item);
}

base::Result<Operand> index_once(const Value& item, const Value& index, const Host* host) {
  const Value v = plain(item);
  if (v.is_string()) return index_text(v, index, host);
  if (v.is_list()) return index_list(v, index, host);
  if (v.is_map()) return index_map(v, index, host);
  return wrong("can't index item of type " + type_name(item, host));
}

Value sub_list(const Value& item, std::size_t from, std::size_t to) {
  const auto begin = item.list().begin();
  value::List part(begin + static_cast<std::ptrdiff_t>(from),
                   begin + static_cast<std::ptrdiff_t>(to));
  return Value(std::move(part)).as(item.go_type());
}

base::Result<Value> call_argument(const Value& arg, const Parameter& parameter, std::size_t i,
                                  const Host* host) {
  using Kind = Parameter::Kind;
  if (parameter.kind == Kind::any) return arg;
  const std::string wanted(parameter.type_name());
  if (arg.is_null()) {
    if (parameter.nillable()) return arg;
    return wrong("arg " + std::to_string(i) + ": value is nil; should be of type " + wanted);
  }
  if (arg.is_int() && parameter.kind == Kind::integer) return arg.as(GoType::i);
  if (arg.is_int() && parameter.kind == Kind::int64) return arg.as(GoType::natural);
  if (type_name(arg, host) == wanted) return arg;
  return wrong("arg " + std::to_string(i) + ": value has type " + type_name(arg, host) +
               "; should be " + wanted);
}

}  // namespace

base::Result<Operand> index_items(const BuiltinCall& call) {
  Operand item = call.operand(0);
  item.unwrap();
  if (!item.is_valid()) return wrong("index of untyped nil");
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (item.value.is_null()) return wrong("index of nil pointer");
    TRY_ASSIGN(item, index_once(item.value, call.values[i], call.executor.host()));
  }
  return item;
}

base::Result<Operand> slice_item(const BuiltinCall& call) {
  const Host* host = call.executor.host();
  if (call.values[0].is_null()) return wrong("slice of untyped nil");
  const std::size_t indexes = call.size() - 1;
  if (indexes > 3) return wrong("too many slice indexes: " + std::to_string(indexes));
  const Value item = plain(call.values[0]);
  const bool text = item.is_string() && item.go_type() != GoType::bytes;
  if (text && indexes == 3) return wrong("cannot 3-index slice a string");
  if (!item.is_string() && !item.is_list()) {
    return wrong("can't slice item of type " + type_name(call.values[0], host));
  }
  const std::size_t size = item.is_string() ? item.string().size() : item.list().size();
  std::array<std::size_t, 3> at{0, size, size};
  for (std::size_t i = 0; i < indexes; ++i) {
    // Go looks through the interface {} of index's arguments, but not of slice's.
    if (call.forms[i + 1] == Form::interface) {
      return wrong("cannot index slice/array with type interface {}");
    }
    TRY_ASSIGN(at.at(i), index_argument(call.values[i + 1], size, host));
  }
  const auto invalid = [](std::size_t a, std::size_t b) {
    return wrong("invalid slice index: " + std::to_string(a) + " > " + std::to_string(b));
  };
  if (at[0] > at[1]) return invalid(at[0], at[1]);
  if (indexes == 3 && at[1] > at[2]) return invalid(at[1], at[2]);
  if (item.is_list()) return Operand::concrete(sub_list(item, at[0], at[1]));
  return Operand::concrete(Value(item.string().substr(at[0], at[1] - at[0])).as(item.go_type()));
}

base::Result<Operand> call_value(const BuiltinCall& call, const NativeObject& object,
                                 const Function& row) {
  BoundFunction function = BoundFunction::bind(row);
  function.name = call.callee;
  const std::size_t given = call.size() - 1;
  const std::size_t wanted = function.fixed.size();
  if (function.variadic ? given < wanted : given != wanted) {
    return wrong("wrong number of args for " + function.name + ": got " + std::to_string(given) +
                 " want " + (function.variadic ? "at least " : "") + std::to_string(wanted));
  }
  std::vector<Value> args;
  for (std::size_t i = 0; i < given; ++i) {
    const Parameter& parameter = i < wanted ? function.fixed[i] : function.rest;
    TRY_ASSIGN(Value arg, call_argument(call.values[i + 1], parameter, i, call.executor.host()));
    args.push_back(std::move(arg));
  }
  TRY_ASSIGN(Value result, call.executor.invoke(function, args, &object));
  return result.is_null() ? Operand::wrapped(Value()) : Operand::concrete(std::move(result));
}

}  // namespace tiphys::gotmpl
