#pragma once

#include "tiphys/api/project.hpp"
#include "tiphys/api/status.hpp"
#include "tiphys/api/tracking.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/diff/ignore.hpp"
#include "tiphys/health/health.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/plan/targets.hpp"
#include "tiphys/plan/write_mode.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::plan {

/// A live object that concerns an application: it is tracked by it and has no owner, or a target
/// has its key. `health` and `owned` come from the Store where it has them (nullopt: worked out
/// here).
struct Live {
  k8s::Object object;
  std::optional<health::HealthStatus> health;
  /// diff::owned_fields; nullptr: worked out from the object's managedFields, if it has any.
  std::shared_ptr<const diff::Owned> owned;
};

/// One row: target, live object, or both.
struct Resource {
  k8s::ObjectKey key;
  std::string version;
  std::optional<k8s::Object> target;
  std::optional<Live> live;
  api::Ownership owner;         ///< of live; "" app when there is none
  bool self_referenced = true;  ///< false: a copy with our mark, shown only
  bool permitted = true;        ///< the kind, by the AppProject
  std::string denial{};         ///< why a sync of it is forbidden, in Argo CD's words; "" else
  bool hook = false;            ///< a live hook of Argo CD or Helm: shown only
  bool skip = false;            ///< hook: Skip in git: neither compared nor written
  diff::Diff diff;              ///< final: local, then the dry-run verdict
  std::string verdict_key{};    ///< what a verdict about it is remembered by; "" where none counts
  WriteMode mode{};             ///< of target
  diff::Ignored ignored{};      ///< ignoreDifferences, of target; where there is a live object
  std::string problem{};        ///< why the two can't be compared; "" else
  api::SyncCode code = api::SyncCode::unknown;
  std::optional<health::HealthStatus> health;

  /// Live, ours, not in git any more.
  bool requires_pruning() const { return !target && live && self_referenced && !hook && !skip; }
};

struct CompareInputs {
  std::string app;  ///< the name that tracking marks carry
  k8s::NamespacedName app_key;
  api::TrackingSettings tracking;
  const api::Project* project = nullptr;  ///< nullptr: everything is permitted
  api::Destination destination;
  ScopeOf scope_of;
  api::SyncOptions options;
  /// The remembered dry-run verdict for a pair, asked only where the local comparison differs; may
  /// be empty.
  std::function<std::optional<diff::DryRunVerdict>(const k8s::ObjectKey&, std::string_view key)>
      verdict;
  /// Kinds whose objects can't be listed: their targets without a live object are Unknown.
  std::set<k8s::GroupKind> unlistable;
  /// ignoreDifferences: the application's and the system's. For managedFieldsManagers the live
  /// object has to carry its managedFields.
  std::vector<diff::IgnoreRule> ignores{};
  diff::JqDelete jq{};
  /// The namespace object that CreateNamespace made is never extra.
  bool create_namespace = false;
  /// managedNamespaceMetadata isn't what the last sync applied: OutOfSync.
  bool namespace_metadata_changed = false;
};

struct Comparison {
  std::vector<Resource> resources;  ///< sorted by key
  api::SyncCode code = api::SyncCode::unknown;
  health::HealthStatus health;
  std::vector<api::ResourceStatus> statuses;  ///< status.resources
  /// SharedResourceWarning messages: tracked by another application.
  std::vector<std::string> shared;
  std::vector<std::string> images;
  std::vector<std::string> external_urls;
  /// Pairs whose local comparison differs and about which no verdict is remembered: where a dry-run
  /// apply may settle it. Indices into resources.
  std::vector<std::size_t> undecided;
};

/// Pairs, compares, judges: reference/argocd.md 2.8. Deterministic: the order of `live` and
/// `targets` doesn't matter. A live object that the project doesn't permit is left out, unless a
/// target names it.
Comparison compare(const std::vector<k8s::Object>& targets, const std::vector<Live>& live,
                   const CompareInputs& inputs);

}  // namespace tiphys::plan
