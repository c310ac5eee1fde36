#pragma once

#include "tiphys/base/result.hpp"

#include <string>

namespace tiphys::kube {

/// A file of at most 1 MiB. Errors: NotFound naming it and the system's reason, ResourceExhausted.
base::Result<std::string> read_small_file(const std::string& path);

}  // namespace tiphys::kube
