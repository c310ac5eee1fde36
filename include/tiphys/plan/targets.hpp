#pragma once

#include "tiphys/api/project.hpp"
#include "tiphys/api/tracking.hpp"
#include "tiphys/k8s/object.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::plan {

/// What the cluster says about a kind; nullopt: the kind isn't known there.
using ScopeOf = std::function<std::optional<api::Scope>(const k8s::GroupKind&)>;

struct TargetContext {
  std::string app;  ///< the name written into tracking marks
  std::string destination_namespace;
  api::TrackingSettings tracking;
  ScopeOf scope_of;
  /// True for kinds that settings exclude (resource.exclusions); may be empty.
  std::function<bool(const k8s::GroupKind&)> excluded;
};

/// Rendered objects made ready to be compared and applied.
struct Targets {
  std::vector<k8s::Object> objects;  ///< sorted by key, distinct, own copies
  /// Run by syncs; likewise, but those without a name (generateName) come last, as rendered.
  std::vector<k8s::Object> hooks;
  /// "Resource G/K/NS/N appeared N times among application resources.", one each.
  std::vector<std::string> repeated;
  /// "Resource G/Kind name is excluded in the settings".
  std::vector<std::string> excluded;
  /// "not supported: ..." about single objects: with any of these nothing may be written.
  std::vector<std::string> refused;
  /// Problems that make the comparison invalid ("Namespace for N GVK is missing.").
  std::vector<std::string> invalid;
};

/// Fills the destination's namespace into namespaced objects, strips it from cluster-scoped ones
/// (of unknown kinds: as rendered, else the destination's), leaves hooks that no sync runs out,
/// sets tracking, keeps the last of objects with one key. reference/argocd.md 2.8.
Targets prepare_targets(const std::vector<k8s::Object>& rendered, const TargetContext& context);

}  // namespace tiphys::plan
