#pragma once

#include "tiphys/api/status.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/kube/config.hpp"
#include "tiphys/net/proxy.hpp"
#include "tiphys/net/tls.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::live {

/// A cluster as a Secret of the control namespace declares it (reference/argocd.md row 65,
/// util/db/cluster.go of Argo CD), or the local one. A value.
struct DeclaredCluster {
  std::string secret;  ///< its name; "" is the local cluster without one
  std::string server;  ///< without a slash at its end
  std::string name;
  std::string project;
  std::vector<std::string> namespaces;  ///< empty: all
  bool cluster_resources = false;       ///< with namespaces: cluster-scoped kinds too

  std::string username;
  std::string password;
  std::string bearer_token;
  net::TlsOptions tls;
  std::optional<net::Proxy> proxy;

  bool operator==(const DeclaredCluster&) const = default;
  bool is_local() const;
  /// Logs in by itself: not with what the local cluster is reached with.
  bool has_credentials() const { return !username.empty() || !bearer_token.empty(); }
};

/// Reads one. Errors, all naming the Secret: Invalid (what isn't base64 or JSON, or of the wrong
/// type), Unimplemented (execProviderConfig, awsAuthConfig, proxies other than http, disabled
/// credentials). No message quotes a value.
base::Result<DeclaredCluster> read_cluster_secret(const k8s::Object& secret);

/// How to reach it. Errors: Invalid (server).
base::Result<kube::ClusterConfig> config_of(const DeclaredCluster& cluster);

enum class InCluster : std::uint8_t { disabled, enabled };

/// All that the control namespace declares. Immutable.
class DeclaredClusters {
 public:
  DeclaredClusters() = default;
  /// Of Secrets of any type those with secret-type cluster.
  explicit DeclaredClusters(const std::vector<k8s::Object>& secrets);

  /// The cluster of a destination. Errors in Argo CD's words: NotFound (no such cluster, the local
  /// one is disabled), Invalid (a name that several have, name and server both or neither); our
  /// own: Invalid where two Secrets declare one server, and what read_cluster_secret() said of it.
  base::Result<DeclaredCluster> find(const api::Destination& destination,
                                     InCluster in_cluster) const;
  /// Server and name of those whose Secret names this project.
  std::vector<api::Destination> of_project(std::string_view project) const;
  struct Item {
    DeclaredCluster cluster;  ///< at least secret, server, name and project
    std::optional<base::Error> problem;
  };
  /// Sorted by server, then Secret.
  const std::vector<Item>& items() const { return items_; }

 private:
  base::Result<std::string> server_of(const api::Destination& destination,
                                      InCluster in_cluster) const;
  std::vector<Item> items_;
};

}  // namespace tiphys::live
