#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/diff/ignore.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <vector>

namespace tiphys::controller {

/// ignoreDifferences of argocd-cm: the member of resource.customizations (a text that holds YAML),
/// in the place of which resource.customizations.ignoreDifferences.<group>_<kind> goes; "all" is
/// every kind (util/settings/settings.go of Argo CD). Errors: Invalid naming the key.
base::Result<std::vector<diff::IgnoreRule>> read_ignore_rules(const ConfigData& argocd_cm);

/// spec.ignoreDifferences and then the system's. Errors: Invalid naming the field.
base::Result<std::vector<diff::IgnoreRule>> all_ignore_rules(const value::Value& of_application,
                                                             const Settings& settings);

}  // namespace tiphys::controller
