#pragma once

#include "tiphys/gotmpl/run.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace tiphys::gotmpl {

/// How reflect holds a value: error texts and nil rules depend on it.
enum class Form : std::uint8_t {
  missing,      ///< no operand at all: the first command of a pipeline has no final argument
  invalid,      ///< reflect's zero Value: untyped nil
  interface,    ///< still wrapped as interface {}: elements of maps and lists; null is a nil
                ///< interface
  concrete,     ///< its dynamic type
  addressable,  ///< concrete, a struct field reached through a pointer
};

/// A value under evaluation, Go's reflect.Value.
struct Operand {
  value::Value value;
  Form form = Form::invalid;

  static Operand invalid() { return {}; }
  static Operand missing() { return {{}, Form::missing}; }
  static Operand concrete(value::Value v) { return {std::move(v), Form::concrete}; }
  /// reflect.ValueOf(v): nil becomes the zero Value.
  static Operand of(value::Value v) {
    const Form form = v.is_null() ? Form::invalid : Form::concrete;
    return {std::move(v), form};
  }
  static Operand wrapped(value::Value v) { return {std::move(v), Form::interface}; }

  bool is_valid() const { return form != Form::invalid; }
  bool is_missing() const { return form == Form::missing; }
  bool is_interface() const { return form == Form::interface; }
  bool is_nil_interface() const { return is_interface() && value.is_null(); }
  /// Drops the interface {} around it.
  void unwrap() {
    if (is_interface()) form = value.is_null() ? Form::invalid : Form::concrete;
  }
};

/// The static type as error texts print it.
std::string operand_type(const Operand& operand, const Host* host);

/// Go's truth; wrapped or not makes no difference.
bool is_true(const value::Value& value);

/// The plain value that range, index and len see: a NativeObject's underlying one.
value::Value plain(const value::Value& value);

/// What fmt gets of a value that an action, html, js or urlquery prints: a pointer is followed, a
/// missing value is "<no value>".
void append_printable(std::string& out, const Operand& operand, const Host* host,
                      std::size_t limit);

/// What `m.key` and `index m "key"` give where nothing is stored: the element type's zero.
Operand zero_element(const value::Value& map);
/// An element of this list or map as reflect would hold it.
Operand element_of(const value::Value& container, const value::Value& element);

}  // namespace tiphys::gotmpl
