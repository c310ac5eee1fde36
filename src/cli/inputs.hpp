#pragma once

#include "cli/flag_reader.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"

#include <string>

namespace tiphys::cli {

/// A file of this disk; "-" is stdin. Errors: NotFound, Invalid, Forbidden with Go's texts.
base::Result<std::string> read_file(const std::string& path);

/// The values of the command line with what their files hold, the namespace, the Kubernetes version
/// and the profile. A file that can't be read is told when the values are merged, as Helm does.
helm::RenderInput make_input(const ChartFlags& flags);

}  // namespace tiphys::cli
