#pragma once

#include "tiphys/api/project.hpp"
#include "tiphys/k8s/names.hpp"
#include "tiphys/live/object_store.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::controller {

struct OrphanInputs {
  std::string namespace_;            ///< the application's destination
  std::set<k8s::ObjectKey> managed;  ///< its resources, live or not
  std::function<bool(std::string_view app)> app_exists;
};

/// The objects of the namespace that nobody owns and no application tracks, as far as the project
/// watches for them; sorted. An Endpoints is its Service's, a claim its StatefulSet's.
std::vector<k8s::ObjectKey> find_orphans(const live::ObjectStore& store,
                                         const api::Project& project, const OrphanInputs& inputs);

/// Argo CD's words for them; "" for none.
std::string orphan_warning(const std::vector<k8s::ObjectKey>& orphans);

}  // namespace tiphys::controller
