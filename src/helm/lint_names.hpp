#pragma once

#include "helm/lint_objects.hpp"

#include <optional>
#include <string>

namespace tiphys::helm {

/// What the API server would have against metadata.name; each kind has its own rule. Nothing: it
/// is fine.
std::optional<std::string> name_complaint(const LintObject& object);

/// "apps/v1beta1 Deployment is deprecated in v1.8+, ..." when the API is a deprecated one in
/// Kubernetes `major`.`minor`; nothing for any other.
std::optional<std::string> deprecation_complaint(const LintObject& object, int major, int minor);

}  // namespace tiphys::helm
