#pragma once

#include "tiphys/plan/comparison.hpp"
#include "tiphys/plan/plan.hpp"

#include <string>
#include <vector>

namespace tiphys::plan {

struct DeletionOptions {
  std::string app;
  k8s::NamespacedName app_key;
  api::TrackingSettings tracking;
  api::SyncOptions sync_options;  ///< of spec.syncPolicy
  api::Propagation propagation = api::Propagation::foreground;
  bool deletion_approved = false;
  const api::Project* project = nullptr;
  api::Destination destination;
};

/// What remains to be done before the resources finalizer may be dropped.
struct DeletionPlan {
  /// The next step: delete these, then wait until they are gone and plan again. Only one wave (the
  /// highest left) at a time, in reverse kind order.
  std::vector<Task> deletes;
  /// Deleted already, but still there (finalizers, foreground): wait for them.
  std::vector<k8s::ObjectKey> terminating;
  /// Delete=confirm or Prune=confirm without approval: nothing at all is deleted meanwhile.
  std::vector<k8s::ObjectKey> unconfirmed;
  /// Left alone with the reason: Delete=false, helm.sh/resource-policy keep,
  /// CustomResourceDefinition, the application itself, another application's or installation's, not
  /// permitted by the project.
  std::vector<Task> kept;

  bool done() const { return deletes.empty() && terminating.empty() && unconfirmed.empty(); }
};

/// `live`: everything tracked by the application that has no owner. Pure and deterministic.
DeletionPlan make_deletion_plan(const std::vector<Live>& live, const DeletionOptions& options);

std::string print(const DeletionPlan& plan);

}  // namespace tiphys::plan
