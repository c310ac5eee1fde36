#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/k8s/object.hpp"

#include <optional>
#include <string_view>

namespace tiphys::controller {

/// Server and name of the cluster that a Secret declares for this project (data.project); nullopt:
/// it isn't a cluster's Secret, or is another project's or nobody's.
std::optional<api::Destination> cluster_of_project(const k8s::Object& secret,
                                                   std::string_view project);

}  // namespace tiphys::controller
