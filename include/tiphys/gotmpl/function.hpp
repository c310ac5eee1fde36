#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::gotmpl {

class Run;
class TemplateSet;
class NativeObject;

/// One call of a function or method. The arguments were counted, checked and converted as reflect
/// would for the declared parameters, so a row may use args[i].string() for a `string` parameter
/// unchecked. A missing value and nil both arrive as null (only for `any`, map, slice and pointer
/// parameters). The function may move from its arguments.
struct Call {
  std::span<value::Value> args;
  Run& run;                                ///< budgets, host, ordinals
  const TemplateSet& templates;            ///< the set that is executing: what include and tpl see
  std::string_view function;               ///< as written in the template
  std::string_view template_name;          ///< the template that is executing
  const NativeObject* receiver = nullptr;  ///< methods only
};

/// A function's body. An Error's message is the text after "error calling NAME: ", so what Go would
/// return or panic with, e.g. "runtime error: integer divide by zero".
using Fn = base::Result<value::Value> (*)(Call&);

/// One row of a table of functions. The views must outlive the table (literals do).
struct Function {
  std::string_view name;
  /// Go parameter types, comma separated, the last one variadic when it starts with "...":
  /// "int, string", "string, ...any", "" for none. Known: any, string, bool, int, int64, float64,
  /// []any, []string, []int, []uint8, map[string]any, map[string]string; every other spelling is
  /// the go_type() of a Native. Error texts print them as reflect does (any is `interface {}`).
  std::string_view parameters;
  Fn body;
};

/// A parameter type of a row, in the form the executor checks.
struct Parameter {
  enum class Kind : std::uint8_t {
    any,
    string,
    boolean,
    integer,
    int64,
    float64,
    list,
    strings,
    ints,
    bytes,
    map,
    string_map,
    native,
    reflect  ///< builtins only: anything, and what reflect knows about it
  };
  Kind kind = Kind::any;
  std::string_view native;  ///< the go_type() wanted; for Kind::native

  /// The type as reflect prints it.
  std::string_view type_name() const;
  /// May nil be assigned to it?
  bool nillable() const;
};

/// A row with its parameters parsed. Address-stable inside its FunctionTable.
struct BoundFunction {
  std::string name;
  std::vector<Parameter> fixed;
  Parameter rest;
  bool variadic = false;
  Fn body = nullptr;
  std::uint8_t builtin = 0;  ///< 0, or the executor's number of a builtin

  static BoundFunction bind(const Function& row);
};

/// The functions that templates may call: Go's builtins and the rows added. Later rows replace
/// earlier ones of the same name, builtins included. Immutable once shared; templates parsed
/// against it keep it alive.
class FunctionTable {
 public:
  FunctionTable();
  void add(std::span<const Function> rows);
  void remove(std::string_view name);
  const BoundFunction* find(std::string_view name) const;
  std::size_t size() const { return functions_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  std::unordered_map<std::string, std::shared_ptr<const BoundFunction>, Hash, std::equal_to<>>
      functions_;
};

}  // namespace tiphys::gotmpl
