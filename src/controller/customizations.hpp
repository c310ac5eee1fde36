#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/health/scripts.hpp"

#include <string>
#include <string_view>

namespace tiphys::controller {

/// The health scripts of argocd-cm, by "group/Kind" or a glob over those: the members health.lua
/// and health.lua.useOpenLibs of resource.customizations, over which
/// resource.customizations.health.<group>_<kind> and .useOpenLibs.<group>_<kind> go
/// (util/settings/settings.go of Argo CD; "all" as <group>_<kind> is every kind).
/// Errors: Invalid naming the key and what is wrong with it.
base::Result<health::ScriptTable> read_health_scripts(const ConfigData& argocd_cm);

/// <group>_<kind> of a key of argocd-cm as the tables have it: "cert-manager.io_Certificate" ->
/// "cert-manager.io/Certificate", "all" -> "*/*". Errors: Invalid.
base::Result<std::string> table_key(std::string_view group_kind);

}  // namespace tiphys::controller
