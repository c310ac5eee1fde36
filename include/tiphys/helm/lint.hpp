#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

enum class LintSeverity : std::uint8_t { info, warning, error };

/// One finding of `helm lint`.
struct LintMessage {
  LintSeverity severity = LintSeverity::error;
  std::string path;  ///< what it is about: "Chart.yaml", "templates/", "templates/a.yaml", a folder
  std::string text;
  /// "[WARNING] templates/a.yaml: ..."
  std::string line() const;
};

struct LintInput {
  Profile profile = Profile::v4_2;
  const base::FileTree* tree = nullptr;  ///< must outlive the call
  std::string path;                      ///< of the chart's folder in the tree
  std::string shown;                     ///< how messages name that folder
  std::string namespace_ = "default";
  std::string kube_version;  ///< "" = the profile's; else what check_kube_version accepts
  bool skip_schema_validation = false;
};

/// All that `helm lint` finds in one chart folder, in its order. `values` is what -f and --set gave
/// (merge_inputs); as in Helm the chart's defaults are written into its tables, so that the next
/// chart of the same command line sees them. Of the environment: entropy, zones, budgets, limits
/// and warn. A chart that can't be read, a template that fails or a spent budget is a message.
std::vector<LintMessage> lint(const LintInput& input, value::Value& values,
                              const Environment& environment);

}  // namespace tiphys::helm
