#pragma once

#include "helm/coalesce.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/value/value.hpp"

#include <string_view>

namespace tiphys::helm {

/// Drops disabled dependencies (tags, then conditions), renames aliased ones and pulls
/// import-values into the parents' defaults. The chart must be the render's own copy.
base::Status process_dependencies(Chart& chart, const value::Value& user_values,
                                  const Warner& warner);

/// Every dependency that Chart.yaml names must be there. Errors: Invalid with Helm's text.
base::Status check_dependencies(const Chart& chart, Profile profile);

/// Does a version satisfy a semver range?
bool is_compatible(std::string_view range, std::string_view version);

}  // namespace tiphys::helm
