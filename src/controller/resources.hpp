#pragma once

#include "tiphys/kube/resource.hpp"

#include <chrono>

namespace tiphys::controller {

/// A write of ours that the watches have not shown after this long is looked up (ARCHITECTURE.md).
inline constexpr std::chrono::seconds kOwnWriteLimit{10};
/// One call to the API server for something of our own.
inline constexpr std::chrono::seconds kOwnCallTimeout{15};

/// The resources of the CRDs, known without discovery.
inline const kube::ResourceInfo& application_resource() {
  static const kube::ResourceInfo kResource{"argoproj.io", "v1alpha1", "applications",
                                            "Application", true,       {}};
  return kResource;
}
inline const kube::ResourceInfo& project_resource() {
  static const kube::ResourceInfo kResource{"argoproj.io", "v1alpha1", "appprojects",
                                            "AppProject",  true,       {}};
  return kResource;
}

}  // namespace tiphys::controller
