#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/kube/client.hpp"

#include <cstdint>
#include <string>

namespace tiphys::live {

/// Which cluster this is: the UID of its namespace kube-system, or of the control namespace where
/// that can't be read or only single namespaces are served.
struct ClusterIdentity {
  std::string uid;
  std::string of;  ///< the namespace whose UID it is
  bool operator==(const ClusterIdentity&) const = default;
};

enum class Serves : std::uint8_t { cluster, single_namespaces };

/// Asks the API server. Blocks. Errors: Forbidden and NotFound naming the control namespace, where
/// that can't be read either; any other error of the API server (then nothing else was tried).
base::Result<ClusterIdentity> read_identity(kube::Client& client, Serves serves,
                                            const std::string& control_namespace,
                                            base::Deadline deadline);

}  // namespace tiphys::live
