#pragma once

#include "tiphys/k8s/names.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::kube {

/// One resource of the API as discovery tells it.
struct ResourceInfo {
  std::string group;  ///< "" is the core group
  std::string version;
  std::string plural;
  std::string kind;
  bool namespaced = true;
  std::vector<std::string> verbs;

  auto operator<=>(const ResourceInfo&) const = default;
  bool can(std::string_view verb) const;
  k8s::GroupKind group_kind() const { return {group, kind}; }
  k8s::GroupVersionKind gvk() const { return {group, version, kind}; }
  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  /// "deployments.apps": as kubectl and audit logs name it.
  std::string text() const { return group.empty() ? plural : plural + "." + group; }
  /// "/apis/apps/v1/namespaces/ns/deployments/name"; namespace_ is ignored for cluster scope and,
  /// like name, left out when empty. Parts are percent-encoded.
  std::string path(std::string_view namespace_, std::string_view name = {}) const;
};

}  // namespace tiphys::kube
