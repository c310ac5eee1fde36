#pragma once

#include "tiphys/base/result.hpp"

#include <span>

namespace tiphys::base {

/// A function of a library and the pointer that it goes to.
struct Symbol {
  const char* name;
  void** where;
};

/// Opens a shared library for the rest of the process's life and fills every pointer, for what few
/// processes need: a library that is linked is paid for by each start of the program. Any thread.
/// Errors: Internal, naming the library or function that is missing; some pointers may be filled
/// then.
Status open_library(const char* file, std::span<const Symbol> symbols);

}  // namespace tiphys::base
