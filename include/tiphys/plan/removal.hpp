#pragma once

#include "tiphys/api/sync_policy.hpp"
#include "tiphys/k8s/object.hpp"

#include <string>
#include <string_view>

namespace tiphys::plan {

/// May a live object be removed, by what is written on it and in the application's syncOptions?
struct RemovalVerdict {
  api::Removal removal = api::Removal::allow;
  std::string reason;  ///< of `never`: "Prune=false", "helm.sh/resource-policy: keep"
};

/// For pruning: Prune= of the object, else of the application; the object's own Delete= and
/// helm.sh/resource-policy: keep protect it as well.
RemovalVerdict may_prune(const k8s::Object& live, const api::SyncOptions& app_options);
/// For the deletion of the application: Delete= of the object, else of the application;
/// Prune=confirm asks for confirmation here too, as with Argo CD; keep; CustomResourceDefinitions
/// never go.
RemovalVerdict may_delete(const k8s::Object& live, const api::SyncOptions& app_options);
/// status.resources[].requiresDeletionConfirmation.
bool needs_confirmation(const k8s::Object& object, const api::SyncOptions& app_options);

}  // namespace tiphys::plan
