#pragma once

#include "tiphys/gotmpl/function.hpp"

#include <memory>

namespace tiphys::gotmpl::testing {

/// The functions of tests/oracle/gotmpl with typed parameters.
std::shared_ptr<const FunctionTable> test_functions();

}  // namespace tiphys::gotmpl::testing
