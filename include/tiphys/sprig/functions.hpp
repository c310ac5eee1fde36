#pragma once

#include "tiphys/gotmpl/function.hpp"

#include <span>
#include <string_view>

namespace tiphys::sprig {

/// All of Sprig 3.3.0 but env and expandenv (which Helm takes away), and Helm's own functions that
/// need no chart: toYaml, fromYaml, toToml, required, fail ... as Helm 4.2 has them. Not here:
/// include, tpl, lookup. A helm Profile removes what its version lacks (3.21: mustToYaml,
/// mustToToml). Errors of required and fail stand between kErrorStart and kErrorEnd, as Helm's do.
void add_functions(gotmpl::FunctionTable& table);

/// One family each, in the order they are added.
std::span<const std::span<const gotmpl::Function>> families();

inline constexpr std::string_view kErrorStart = "HELM_ERR_START";
inline constexpr std::string_view kErrorEnd = "HELM_ERR_END";

}  // namespace tiphys::sprig
