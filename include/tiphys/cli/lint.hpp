#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace tiphys::cli {

/// `tiphys lint PATH... [flags]`: what helm lint prints and its exit status, with
/// --helm-version 4.2|3.21. `args` are what follows the verb. Reads the disk, never the network.
int run_lint(std::span<const std::string> args, std::ostream& out, std::ostream& err);

}  // namespace tiphys::cli
