#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

struct KubeVersion {
  std::string version;     ///< as given, with v
  std::string normalized;  ///< what constraints are checked against
  std::string major;
  std::string minor;
};

/// The Kubernetes that a Helm was built for: v1.36.0 for both profiles.
KubeVersion default_kube_version();
/// --kube-version. Errors: Invalid with Helm's text.
base::Result<KubeVersion> parse_kube_version(std::string_view text, Profile profile);
/// The API versions that Helm knows without a cluster, in its order.
std::vector<std::string> default_api_versions();

/// `.Capabilities`.
value::Value capabilities_value(Profile profile, const KubeVersion& version,
                                std::vector<std::string> api_versions);

}  // namespace tiphys::helm
