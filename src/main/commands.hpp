#pragma once

#include "config.hpp"

namespace tiphys::main {

/// `tiphys controller`: runs until SIGTERM or SIGINT. Returns the exit code.
int run_controller(const Config& config);
/// `tiphys check`: one line a finding, exit code 1 when one fails.
int run_check(const Config& config);

}  // namespace tiphys::main
