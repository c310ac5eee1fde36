#include "tiphys/k8s/kind_order.hpp"

#include <algorithm>
#include <array>

namespace tiphys::k8s {

int kind_rank(std::string_view kind) {
  static constexpr std::array<std::string_view, 34> kOrder = {"Namespace",
                                                              "NetworkPolicy",
                                                              "ResourceQuota",
                                                              "LimitRange",
                                                              "PodSecurityPolicy",
                                                              "PodDisruptionBudget",
                                                              "ServiceAccount",
                                                              "Secret",
                                                              "SecretList",
                                                              "ConfigMap",
                                                              "StorageClass",
                                                              "PersistentVolume",
                                                              "PersistentVolumeClaim",
                                                              "CustomResourceDefinition",
                                                              "ClusterRole",
                                                              "ClusterRoleList",
                                                              "ClusterRoleBinding",
                                                              "ClusterRoleBindingList",
                                                              "Role",
                                                              "RoleList",
                                                              "RoleBinding",
                                                              "RoleBindingList",
                                                              "Service",
                                                              "DaemonSet",
                                                              "Pod",
                                                              "ReplicationController",
                                                              "ReplicaSet",
                                                              "Deployment",
                                                              "HorizontalPodAutoscaler",
                                                              "StatefulSet",
                                                              "Job",
                                                              "CronJob",
                                                              "IngressClass",
                                                              "Ingress"};
  if (kind == "APIService") return static_cast<int>(kOrder.size());
  const auto* const found = std::find(kOrder.begin(), kOrder.end(), kind);
  const auto rank = static_cast<int>(found - kOrder.begin());
  return found == kOrder.end() ? rank + 1 : rank;
}

}  // namespace tiphys::k8s
