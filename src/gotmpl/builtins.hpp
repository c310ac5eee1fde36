#pragma once

#include "gotmpl/operand.hpp"

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace tiphys::gotmpl {

class Executor;

inline constexpr std::uint8_t kAnd = 1;
inline constexpr std::uint8_t kOr = 2;
inline constexpr std::uint8_t kCall = 3;

/// Arguments of a builtin with what reflect knows of each.
struct BuiltinCall {
  std::span<const value::Value> values;
  std::span<const Form> forms;
  Executor& executor;
  std::string_view callee;  ///< of `call`: the text of its first argument

  Operand operand(std::size_t i) const { return {values[i], forms[i]}; }
  std::size_t size() const { return values.size(); }
};

using BuiltinBody = base::Result<Operand> (*)(const BuiltinCall&);

/// Go's predeclared functions. A parameter "reflect.Value" takes anything, also no value at all.
struct Builtin {
  std::string_view name;
  std::uint8_t id;
  std::string_view parameters;
  BuiltinBody body;  ///< null for and/or, which the executor runs itself
};

std::span<const Builtin> builtins();

}  // namespace tiphys::gotmpl
