#pragma once

#include "source/build_env.hpp"

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/source/source.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

/// The arguments that Argo CD would give `helm template` (argocd.md 2.13). `path` is the chart's
/// folder in the tree. Errors: Invalid, Unimplemented (remote value files).
base::Result<helm::RenderInput> helm_input(const std::shared_ptr<const base::FileTree>& tree,
                                           const std::string& path, const api::HelmOptions& options,
                                           const RenderContext& context, const BuildEnv& env);

/// "v1.36.3-gke.1" -> "1.36.3". Errors: Invalid.
base::Result<std::string> plain_kube_version(std::string_view version);

/// A comma in a --set value is escaped unless it is already, or the value is a {list}: as Argo CD.
std::string escape_commas(std::string_view value);

/// A file named in helm.valueFiles or fileParameters -> its path in the repository: relative to the
/// chart, or to the root with a leading '/'. Errors: Invalid (leaves the repository, scheme),
/// Unimplemented (http, https).
base::Result<std::string> input_path(const std::string& chart, std::string_view file);

/// helm.valueFiles in the order in which Helm shall read them: globs expanded, doubles dropped.
struct ValueFile {
  std::string shown;  ///< as the user wrote it, variables filled in
  std::string path;   ///< in the repository
};
base::Result<std::vector<ValueFile>> value_files(const base::FileTree& tree,
                                                 const std::string& chart,
                                                 const api::HelmOptions& options,
                                                 const BuildEnv& env);

}  // namespace tiphys::source
