#pragma once

#include "cli/flag_reader.hpp"

#include "tiphys/base/result.hpp"

#include <span>
#include <string>

namespace tiphys::cli {

/// The command line of `tiphys lint`; the arguments are charts.
struct LintFlags : ChartFlags {
  bool strict = false;
  bool with_subcharts = false;
  bool quiet = false;
};

/// Without an argument Helm 3 takes the working folder. Errors: Invalid with pflag's and cobra's
/// texts.
base::Result<LintFlags> parse_lint_flags(std::span<const std::string> args);

}  // namespace tiphys::cli
