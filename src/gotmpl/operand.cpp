#include "gotmpl/operand.hpp"

#include "gotmpl/complex.hpp"
#include "gotmpl/printer.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

std::string operand_type(const Operand& operand, const Host* host) {
  return operand.is_interface() ? "interface {}" : type_name(operand.value, host);
}

bool is_true(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return false;
    case Kind::boolean:
      return value.boolean();
    case Kind::integer:
      return value.integer() != 0;
    case Kind::floating:
      return value.floating() != 0;
    case Kind::string:
      return !value.string().empty();
    case Kind::list:
      return !value.list().empty();
    case Kind::map:
      return !value.map().empty();
    case Kind::native:
      break;
  }
  if (const ComplexNumber* c = as_complex(value)) return c->number() != 0.0;
  const NativeObject* object = native_object(value);
  if (object == nullptr) return true;
  switch (object->shape()) {
    case NativeObject::Shape::map:
    case NativeObject::Shape::slice:
    case NativeObject::Shape::string:
    case NativeObject::Shape::integer:
      return is_true(object->underlying());
    default:
      return object->truth();
  }
}

Value plain(const Value& value) {
  const NativeObject* object = native_object(value);
  if (object == nullptr) return value;
  switch (object->shape()) {
    case NativeObject::Shape::map:
    case NativeObject::Shape::slice:
    case NativeObject::Shape::string:
    case NativeObject::Shape::integer:
      return object->underlying();
    default:
      return value;
  }
}

void append_printable(std::string& out, const Operand& operand, const Host* host,
                      std::size_t limit) {
  if (operand.value.is_null()) {
    out += "<no value>";
    return;
  }
  if (const NativeObject* object = native_object(operand.value)) {
    auto text = object->text();
    if (!text && operand.form == Form::addressable) text = object->pointer_text();
    if (text) {
      out += *text;
      return;
    }
    if (object->shape() == NativeObject::Shape::pointer && object->truth()) {
      Printer(out, host, limit).structure(*object, 'v', 0);
      return;
    }
  }
  Printer(out, host, limit).argument(operand.value, 'v');
}

Operand zero_element(const Value& map) {
  if (value::base_type(map.go_type()) == GoType::string_map)
    return Operand::concrete(Value(std::string()));
  return Operand::wrapped(Value());
}

Operand element_of(const Value& container, const Value& element) {
  switch (container.go_type()) {
    case GoType::natural:
    case GoType::named:
    case GoType::nil_list:
    case GoType::nil_map:
      return Operand::wrapped(element);
    default:
      return Operand::of(element);
  }
}

}  // namespace tiphys::gotmpl
