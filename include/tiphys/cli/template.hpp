#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace tiphys::cli {

/// `tiphys template [NAME] CHART [flags]`: Helm's flags, stdout, error texts and exit status, with
/// --helm-version 4.2|3.21. `args` are what follows the verb. Reads the disk, never the network.
int run_template(std::span<const std::string> args, std::ostream& out, std::ostream& err);

}  // namespace tiphys::cli
