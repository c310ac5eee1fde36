#pragma once

#include "gotmpl/builtins.hpp"

#include "tiphys/base/result.hpp"

namespace tiphys::gotmpl {

/// Go's comparison functions: kinds must agree, only the sign of integers may differ.
base::Result<bool> equal(const BuiltinCall& call);
base::Result<bool> not_equal(const BuiltinCall& call);
base::Result<bool> less(const BuiltinCall& call);
base::Result<bool> less_or_equal(const BuiltinCall& call);
base::Result<bool> greater(const BuiltinCall& call);
base::Result<bool> greater_or_equal(const BuiltinCall& call);

}  // namespace tiphys::gotmpl
