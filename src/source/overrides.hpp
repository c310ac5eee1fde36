#pragma once

#include "tiphys/api/source.hpp"
#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"

#include <string>
#include <string_view>

namespace tiphys::source {

/// The source with .argocd-source.yaml and .argocd-source-<instance>.yaml of its path merged over
/// it; repoURL, path, chart and targetRevision stay (argocd.md row 8). Errors: Invalid naming the
/// file, Unimplemented for a field that is refused.
base::Result<api::Source> with_overrides(const api::Source& source, const base::FileTree& tree,
                                         std::string_view path, std::string_view instance);

}  // namespace tiphys::source
