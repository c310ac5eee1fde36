#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/manifests.hpp"
#include "tiphys/helm/render.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// The documents of a rendered file, empty ones left out; each profile trims in its own way.
std::vector<std::string_view> split_manifests(std::string_view text, Profile profile);

/// Splits, decodes, tells hooks apart and sorts by kind. `warn` gets "skipping unknown hooks".
/// Errors: Invalid "YAML parse error on PATH: ...".
base::Status sort_manifests(const std::map<std::string, std::string>& files, Profile profile,
                            const std::function<void(std::string_view)>& warn, Manifests& out);

}  // namespace tiphys::helm
