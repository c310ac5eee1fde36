#pragma once

#include "gotmpl/builtins.hpp"

#include "tiphys/base/result.hpp"

namespace tiphys::gotmpl {

class NativeObject;

/// `index x 1 "a"` is x[1]["a"].
base::Result<Operand> index_items(const BuiltinCall& call);
/// `slice x 1 2` is x[1:2].
base::Result<Operand> slice_item(const BuiltinCall& call);
/// `call f args...`: arguments are checked against the row, integers of any size convert.
base::Result<Operand> call_value(const BuiltinCall& call, const NativeObject& object,
                                 const Function& row);

}  // namespace tiphys::gotmpl
