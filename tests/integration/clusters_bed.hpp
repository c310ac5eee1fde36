#pragma once

#include "support/control_plane.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <string>

namespace tiphys::test {

/// An account of a control plane that a cluster Secret logs in as, in a namespace of its own.
class FarAccount {
 public:
  /// With every right in the cluster, or in that namespace alone.
  enum class Rights { cluster, own_namespace };
  FarAccount(const ControlPlane& plane, Rights rights) : plane_(plane), home_(plane, "far") {
    const bool all = rights == Rights::cluster;
    const std::string kind = all ? "ClusterRole" : "Role";
    plane_.apply(fmt::format(R"(apiVersion: v1
kind: ServiceAccount
metadata: {{name: far}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: far}}
rules: [{{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {0}Binding
metadata: {{name: {1}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {0}, name: {2}}}
subjects: [{{kind: ServiceAccount, name: far, namespace: {1}}}]
)",
                             kind, home_.name(), all ? "cluster-admin" : "far"),
                 home_.name());
    token_ = plane_.token(home_.name(), "far");
  }

  const std::string& home() const { return home_.name(); }
  std::string user() const { return "system:serviceaccount:" + home_.name() + ":far"; }

  /// A Secret that declares the cluster; `more`: YAML of further keys, two blanks deep.
  std::string secret(const std::string& name, const std::string& server,
                     const std::string& more = {}) const {
    const auto ca = base::base64_encode(read_file(plane_.ca_certificate()));
    return fmt::format(R"(apiVersion: v1
kind: Secret
metadata:
  name: {0}
  labels: {{argocd.argoproj.io/secret-type: cluster}}
stringData:
  name: {0}
  server: {1}
  config: '{{"bearerToken":"{2}","tlsClientConfig":{{"caData":"{3}"}}}}'
{4})",
                       name, server, token_, ca, more);
  }

 private:
  const ControlPlane& plane_;
  TestNamespace home_;
  std::string token_;
};

/// An Application whose destination is any; automated, with pruning.
inline std::string far_app(const std::string& name, const std::string& repo_url,
                           const std::string& path, const std::string& destination,
                           const std::string& options = "CreateNamespace=true",
                           const std::string& project = "default") {
  return fmt::format(R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {}}}
spec:
  project: {}
  source: {{repoURL: {}, targetRevision: main, path: {}}}
  destination: {{{}}}
  syncPolicy:
    automated: {{prune: true, selfHeal: true}}
    syncOptions: [{}]
)",
                     name, project, repo_url, path, destination, options);
}

}  // namespace tiphys::test
