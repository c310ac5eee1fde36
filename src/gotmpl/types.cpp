#include "gotmpl/complex.hpp"
#include "gotmpl/printer.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"
#include "tiphys/gotmpl/run.hpp"

#include <array>
#include <cmath>

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

namespace {

std::string_view integer_name(GoType type) {
  switch (type) {
    case GoType::i:
      return "int";
    case GoType::i8:
      return "int8";
    case GoType::i16:
      return "int16";
    case GoType::i32:
      return "int32";
    case GoType::u:
      return "uint";
    case GoType::u8:
      return "uint8";
    case GoType::u16:
      return "uint16";
    case GoType::u32:
      return "uint32";
    case GoType::u64:
      return "uint64";
    default:
      return "int64";
  }
}

std::string_view list_name(GoType type) {
  switch (type) {
    case GoType::strings:
    case GoType::nil_strings:
      return "[]string";
    case GoType::ints:
      return "[]int";
    case GoType::lists:
      return "[][]interface {}";
    default:
      return "[]interface {}";
  }
}

}  // namespace

std::string type_name(const Value& value, const Host* host) {
  if (value.go_type() == GoType::named && host != nullptr && !value.is_null()) {
    return std::string(host->named_type(value));
  }
  switch (value.kind()) {
    case Kind::null:
      return "<nil>";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return std::string(integer_name(value.go_type()));
    case Kind::floating:
      return value.go_type() == GoType::f32 ? "float32" : "float64";
    case Kind::string:
      return value.go_type() == GoType::bytes ? "[]uint8" : "string";
    case Kind::list:
      return std::string(list_name(value.go_type()));
    case Kind::map:
      return value::base_type(value.go_type()) == GoType::string_map ? "map[string]string"
                                                                     : "map[string]interface {}";
    case Kind::native:
      return std::string(value.native()->go_type());
  }
  return "<nil>";
}

std::string_view kind_name(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "invalid";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return integer_name(value.go_type());
    case Kind::floating:
      return value.go_type() == GoType::f32 ? "float32" : "float64";
    case Kind::string:
      return value.go_type() == GoType::bytes ? "slice" : "string";
    case Kind::list:
      return "slice";
    case Kind::map:
      return "map";
    case Kind::native:
      break;
  }
  if (as_complex(value) != nullptr) return "complex128";
  const NativeObject* object = native_object(value);
  if (object == nullptr) return "struct";
  constexpr std::array<std::string_view, 7> kNames = {"struct", "ptr",   "map", "slice",
                                                      "string", "int64", "func"};
  return kNames.at(static_cast<std::size_t>(object->shape()));
}

std::string_view Host::named_type(const Value& value) const {
  static_cast<void>(value);
  return "common.Values";
}

const Function* Host::named_method(const Value& value, std::string_view name) const {
  static_cast<void>(value);
  static_cast<void>(name);
  return nullptr;
}

const Function* NativeObject::method(std::string_view name) const {
  static_cast<void>(name);
  return nullptr;
}

std::optional<Value> NativeObject::field(std::string_view name) const {
  for (auto& [field_name, field_value] : fields()) {
    if (field_name == name) return std::move(field_value);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string_view, Value>> NativeObject::fields() const { return {}; }

Value NativeObject::underlying() const { return {}; }

std::optional<std::string> NativeObject::text() const { return std::nullopt; }

std::optional<std::string> NativeObject::pointer_text() const { return std::nullopt; }

const NativeObject* native_object(const Value& value) {
  if (value.kind() != Kind::native) return nullptr;
  return dynamic_cast<const NativeObject*>(value.native().get());
}

Value complex_value(std::complex<double> number) {
  return Value(std::make_shared<const ComplexNumber>(number));
}

const ComplexNumber* as_complex(const Value& value) {
  if (value.kind() != Kind::native) return nullptr;
  return dynamic_cast<const ComplexNumber*>(value.native().get());
}

void append_v(std::string& out, const Value& value, const Host* host) {
  if (value.is_string() && value.go_type() != GoType::bytes) {
    out += value.string();
    return;
  }
  if (value.is_float() && value.go_type() != GoType::f32) {
    // Whole numbers below the exponent form, by far the most.
    const double number = value.floating();
    if (std::abs(number) < 1e6 && number == std::trunc(number) && !std::signbit(number)) {
      out += std::to_string(static_cast<int>(number));
      return;
    }
  }
  Printer(out, host).argument(value, 'v');
}

void append_value(std::string& out, const Value& value, const Host* host) {
  if (value.is_null()) {
    out += "<no value>";
  } else {
    append_v(out, value, host);
  }
}

void append_sprint(std::string& out, std::span<const Value> args, const Host* host) {
  Printer(out, host).print(args);
}

void append_sprintln(std::string& out, std::span<const Value> args, const Host* host) {
  Printer(out, host).println(args);
}

void append_sprintf(std::string& out, std::string_view format, std::span<const Value> args,
                    const Host* host) {
  Printer(out, host).printf(format, args);
}

}  // namespace tiphys::gotmpl
