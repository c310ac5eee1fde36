#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::cli {

/// How a command line reaches its cluster: Helm's global flags, "" where one wasn't given.
struct ClusterFlags {
  std::string kubeconfig;
  std::string context;
  std::string api_server;
  std::string token;
  std::string user;                 ///< to act as
  std::vector<std::string> groups;  ///< to act as
  std::string ca_file;
  std::string tls_server_name;
  bool insecure = false;
};

/// The cluster that charts are rendered against. One thread.
class Cluster {
 public:
  virtual ~Cluster() = default;
  virtual helm::Lookup& lookup() = 0;
  virtual std::string kube_version() const = 0;               ///< "v1.36.3"
  virtual std::vector<std::string> api_versions() const = 0;  ///< "apps/v1", "apps/v1/Deployment"
  virtual std::string default_namespace() const = 0;          ///< of the context; may be ""
};

/// Connects and asks for version and API versions. Errors: a configuration that can't be read or
/// isn't there; what the connection or the server said.
using Connect = std::function<base::Result<std::unique_ptr<Cluster>>(const ClusterFlags& flags)>;

}  // namespace tiphys::cli
