#pragma once

#include <string>

namespace tiphys::main {

/// A variable of the process's environment, "" where it isn't set.
std::string environment(const char* name);

}  // namespace tiphys::main
