#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/kube/client.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tiphys::main {

/// How many rights the controller needs for itself in its control namespace.
std::size_t own_rights();
/// Those of them that we don't have: Forbidden naming verb, resource and namespace, or the error of
/// the question. Asked all at once, and within the deadline.
std::vector<base::Error> missing_rights(kube::Client& client, const std::string& namespace_,
                                        base::Deadline deadline);
/// Do we have every right, in that namespace or ("") in the cluster?
base::Status may_do_everything(kube::Client& client, const std::string& namespace_,
                               base::Deadline deadline);

}  // namespace tiphys::main
