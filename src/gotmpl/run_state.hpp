#pragma once

#include "gotmpl/operand.hpp"
#include "gotmpl/value_stack.hpp"

#include "tiphys/gotmpl/function.hpp"
#include "tiphys/gotmpl/run.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tiphys::gotmpl {

/// A template variable; the stack of them is shared by all executions of a run.
struct Variable {
  std::uint32_t name_id = 0;
  Operand operand;
};

struct Run::State {
  std::vector<Variable> variables;
  ValueStack arguments;
  std::unordered_map<const Function*, BoundFunction> methods;
  std::map<std::pair<std::string, std::string>, std::uint32_t> ordinals;
};

}  // namespace tiphys::gotmpl
