#pragma once

#include "config.hpp"

#include <string_view>

namespace tiphys::main {

/// `tiphys controller`: runs until SIGTERM or SIGINT. Returns the exit code.
int run_controller(const Config& config);
/// `tiphys check`: one line a finding, exit code 1 when one fails.
int run_check(const Config& config);
/// `tiphys worker`: what the controller starts for everything that isn't trusted (decision 10).
/// Of three kinds, so that each loads only what its jobs need: "render", "packs" and "jq". Started
/// by hand it says so and ends with 64.
[[noreturn]] void run_worker(std::string_view kind);

}  // namespace tiphys::main
