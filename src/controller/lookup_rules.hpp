#pragma once

#include "tiphys/api/project.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/kube/resource.hpp"
#include "tiphys/source/cluster_lookup.hpp"

#include <string>
#include <string_view>

namespace tiphys::controller {

/// Where an application's `lookup` may look.
struct LookupScope {
  const api::Project& project;
  const api::Destination& destination;  ///< with server and name
  const std::string& control_namespace;
  const std::string& identity_problem;  ///< why nobody is known to ask as; "": somebody is
};

/// Forbidden, naming why: the project doesn't say tiphys.io/allow-lookup: "true"; nobody to ask as;
/// the control namespace (of any cluster: a declared one may be our own under another URL); a
/// namespace that no destination of the project has, or none at all; a kind that the project
/// doesn't let be managed (a cluster-scoped one must be whitelisted).
base::Status may_look_up(const LookupScope& scope, const kube::ResourceInfo& resource,
                         std::string_view namespace_, std::string_view name);
/// Forbidden for a Secret that declares a repository or a cluster.
base::Status may_show(const k8s::Object& object);

/// The two as rules; what the scope refers to must outlive them.
source::ClusterLookup::Rules lookup_rules(const LookupScope& scope);

}  // namespace tiphys::controller
