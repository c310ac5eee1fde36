#pragma once

#include "tiphys/cli/cluster.hpp"

#include <iosfwd>
#include <span>
#include <string>

namespace tiphys::cli {

/// `tiphys template [NAME] CHART [flags]`: Helm's flags, stdout, error texts and exit status, with
/// --helm-version 4.2|3.21. `args` are what follows the verb. Reads the disk; a cluster only with
/// --dry-run=server or --validate, through `connect`: without one those are refused. Then lookup is
/// answered by the cluster, and version and API versions are its own (3.21: each by its own flag).
/// What is rendered isn't tried on the server.
int run_template(std::span<const std::string> args, std::ostream& out, std::ostream& err,
                 const Connect& connect = nullptr);

}  // namespace tiphys::cli
