#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/metadata.hpp"
#include "tiphys/helm/render.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Where a dependency's file:// repository is in the chart's tree. Errors: Invalid when it is
/// absolute or leaves the tree.
base::Result<std::string> local_path(const Dependency& dependency, std::string_view chart_path);

/// The folders that a chart's file:// dependencies are in, for the cache key. A Chart.yaml that
/// doesn't parse names none: it fails the render.
std::vector<std::string> local_paths(const base::FileTree& tree, std::string_view chart_path,
                                     Profile profile);

/// What `helm dependency build` does for file:// repositories: charts that charts/ lacks are loaded
/// from the same tree. Errors: those of loading, naming the dependency.
base::Status add_local_dependencies(Chart& chart, const RenderInput& input,
                                    const LoadLimits& limits);

}  // namespace tiphys::helm
