#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"

#include <span>
#include <string>
#include <vector>

namespace tiphys::cli {

/// The command line of `tiphys template`.
struct TemplateFlags {
  helm::Profile profile = helm::Profile::v4_2;
  std::vector<std::string> arguments;    ///< [NAME] CHART
  std::vector<helm::ValueInput> values;  ///< in the order of the command line; files not read yet
  std::string namespace_ = "default";
  std::string name_template;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::vector<std::string> show_only;
  std::string output_dir;
  bool include_crds = false;
  bool skip_tests = false;
  bool no_hooks = false;
  bool is_upgrade = false;
  bool skip_schema_validation = false;
  bool use_release_name = false;
  bool generate_name = false;
  bool debug = false;
};

/// Reads Helm's flags as pflag does: anywhere on the line, `--name=value` or `--name value`,
/// `-f value`, `-fvalue`. Errors: Invalid with pflag's and cobra's texts.
base::Result<TemplateFlags> parse_template_flags(std::span<const std::string> args);

}  // namespace tiphys::cli
