#include "tiphys/live/identity.hpp"

namespace tiphys::live {

namespace {

constexpr const char* kSystemNamespace = "kube-system";

base::Result<ClusterIdentity> identity_of(kube::Client& client, const std::string& name,
                                          base::Deadline deadline) {
  static const kube::ResourceInfo kNamespaces{"", "v1", "namespaces", "Namespace", false, {}};
  TRY_ASSIGN(const auto object, client.get(kNamespaces, "", name, deadline));
  return ClusterIdentity{std::string(object.uid()), name};
}

}  // namespace

base::Result<ClusterIdentity> read_identity(kube::Client& client, Serves serves,
                                            const std::string& control_namespace,
                                            base::Deadline deadline) {
  if (serves == Serves::cluster) {
    auto whole = identity_of(client, kSystemNamespace, deadline);
    if (whole.ok()) return whole;
    const auto code = whole.error().code();
    if (code != base::Code::Forbidden && code != base::Code::NotFound) return whole;
  }
  return identity_of(client, control_namespace, deadline).context("the cluster's identity");
}

}  // namespace tiphys::live
