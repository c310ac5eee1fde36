#pragma once

#include "tiphys/plan/plan.hpp"

#include <string>
#include <vector>

namespace tiphys::plan {

/// A task whose place isn't settled yet. Refused prunes have a place too: the waves of all prunes
/// count when they are turned round, as in Argo CD.
struct Draft {
  Task task;
  bool prune = false;
  bool prune_last = false;
};

/// Argo CD's order (reference/argocd.md 2.2): the waves of prunes are turned round among themselves
/// (PruneLast: after the last wave of phase Sync), then phase, wave, kind rank, name, and the key
/// where those tie; then each Namespace and CustomResourceDefinition moves before the first task
/// that needs it and takes over its phase and wave. Pure.
void put_in_order(std::vector<Draft>& drafts, const std::string& destination_namespace);

}  // namespace tiphys::plan
