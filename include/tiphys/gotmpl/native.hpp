#pragma once

#include "tiphys/gotmpl/function.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::gotmpl {

/// A Go object with fields and methods: .Files, .Capabilities, a time, a version, a certificate.
/// gotmpl asks it what reflect would ask. Immutable, so it may be read from many threads.
class NativeObject : public value::Native {
 public:
  /// reflect.Kind of the object, as kindOf prints it.
  enum class Shape : std::uint8_t { structure, pointer, map, slice, string, integer, function };
  virtual Shape shape() const { return Shape::structure; }

  /// Methods come before fields and keys. The row's body finds the object in Call::receiver.
  virtual const Function* method(std::string_view name) const;

  /// Struct (and pointer to struct): the exported field, else nullopt: "can't evaluate field X in
  /// type T". The default looks it up in fields().
  virtual std::optional<value::Value> field(std::string_view name) const;
  /// All fields in declared order, unexported too: what %v, %+v and %#v print.
  virtual std::vector<std::pair<std::string_view, value::Value>> fields() const;

  /// Map, slice, string and integer shapes: the plain value behind the name, e.g. the map of .Files
  /// (string -> bytes). Range, index, len, truth, comparison and printing use it.
  virtual value::Value underlying() const;

  /// error or fmt.Stringer: the text that print, %v and %s use. Of a struct only if the method has
  /// a value receiver.
  virtual std::optional<std::string> text() const;
  /// The same for a struct whose String has a pointer receiver: used when an action prints a field
  /// directly (Go can take its address), lost when the value goes through a pipe or an argument.
  virtual std::optional<std::string> pointer_text() const;

  /// False only for a nil pointer or nil function; structs are always true.
  virtual bool truth() const { return true; }
};

/// The object inside, or nullptr when the value isn't a NativeObject.
const NativeObject* native_object(const value::Value& value);

}  // namespace tiphys::gotmpl
