#pragma once

#include <string_view>

namespace tiphys::k8s {

/// Argo CD's rank of a kind within a wave (reference/argocd.md 2.2): Namespace 0, ..., APIService;
/// all other kinds share the rank after those. The group is ignored, as there.
int kind_rank(std::string_view kind);

}  // namespace tiphys::k8s
