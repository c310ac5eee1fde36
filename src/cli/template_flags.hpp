#pragma once

#include "cli/flag_reader.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/cli/cluster.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tiphys::cli {

/// The command line of `tiphys template`; the arguments are [NAME] CHART.
struct TemplateFlags : ChartFlags {
  std::string name_template;
  std::vector<std::string> api_versions;
  std::vector<std::string> show_only;
  std::string output_dir;
  bool include_crds = false;
  bool skip_tests = false;
  bool no_hooks = false;
  bool is_upgrade = false;
  bool use_release_name = false;
  bool generate_name = false;

  bool validate = false;
  std::optional<std::string> dry_run;  ///< "": without a value
  /// What the two ask of a cluster.
  bool asks_lookup = false;
  bool asks_capabilities = false;
  ClusterFlags cluster;
};

/// Errors: Invalid with pflag's and cobra's texts.
base::Result<TemplateFlags> parse_template_flags(std::span<const std::string> args);

}  // namespace tiphys::cli
