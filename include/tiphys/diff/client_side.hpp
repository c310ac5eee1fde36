#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"

#include <string_view>

/// Client-side apply (ServerSideApply=false), as kubectl does it: three-way, by what was applied
/// last.
namespace tiphys::diff {

inline constexpr std::string_view kLastAppliedAnnotation =
    "kubectl.kubernetes.io/last-applied-configuration";

/// A copy of the object with itself, as JSON, in the last-applied annotation.
/// Errors: Invalid (a value that JSON doesn't have).
base::Result<k8s::Object> with_last_applied(const k8s::Object& target);

/// What live becomes when `target` is applied: fields of target set, fields that were applied last
/// and aren't in target any more removed, everything else as it is. Lists of the built-in kinds are
/// merged by kubectl's keys, in live's order unless target has another; lists of other kinds are
/// replaced. An annotation that can't be read counts as absent. The result shares parts of both.
value::Value three_way_merge(const k8s::Object& target, const k8s::Object& live);

/// The JSON merge patch that does it, conditional on live's uid and resourceVersion; null when
/// there is nothing to change. Errors: as with_last_applied.
base::Result<value::Value> client_side_patch(const k8s::Object& target, const k8s::Object& live);

}  // namespace tiphys::diff
