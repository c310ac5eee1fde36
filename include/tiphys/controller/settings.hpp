#pragma once

#include "tiphys/api/names.hpp"
#include "tiphys/api/tracking.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/controller/status_builder.hpp"
#include "tiphys/diff/ignore.hpp"
#include "tiphys/health/scripts.hpp"
#include "tiphys/k8s/names.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::controller {

/// One entry of resource.exclusions or resource.inclusions: lists of globs.
struct ResourceFilter {
  std::vector<std::string> api_groups;
  std::vector<std::string> kinds;
  std::vector<std::string> clusters;
  bool operator==(const ResourceFilter&) const = default;
};

/// What renders may use: of the worker processes and of one render.
struct RenderSettings {
  int workers = 4;                                        ///< renders at once
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;  ///< of one process
  std::chrono::milliseconds time{10'000};                 ///< of one render
  std::chrono::seconds cpu{120};                          ///< of one process, in all its life
  std::uint64_t output_bytes = std::uint64_t{50} << 20;   ///< of one template
  bool operator==(const RenderSettings&) const = default;
};

/// What changes which objects are ours and when they are looked at: Argo CD's keys of argocd-cm and
/// argocd-cmd-params-cm (reference/argocd.md rows 58, 102, 118, 119) and our flags. A value; a new
/// one is resolved at every change of the ConfigMaps.
struct Settings {
  api::TrackingSettings tracking;
  std::chrono::milliseconds resync{120'000};
  std::chrono::milliseconds resync_jitter{60'000};
  std::vector<ResourceFilter> exclusions;
  std::vector<ResourceFilter> inclusions;
  health::ScriptTable health_scripts;     ///< resource.customizations: of the health part
  std::vector<diff::IgnoreRule> ignores;  ///< resource.customizations: of ignoreDifferences
  bool in_cluster_enabled = true;
  /// Syncs are written as the service account that the project names for the destination; enforced:
  /// one that has none fails (argocd-cm, application.sync.impersonation.*).
  bool impersonation = false;
  bool impersonation_enforced = true;
  ResourceHealth resource_health = ResourceHealth::in_tree;
  RenderSettings render;
  base::LogLevel log_level = base::LogLevel::info;

  /// Each setting as text with its origin ("flag", "argocd-cmd-params-cm", "argocd-cm", "default"):
  /// what `tiphys check` prints.
  struct Row {
    std::string name;
    std::string value;
    std::string origin;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> rows;

  /// False for kinds that the settings exclude, and for those that are never looked at: events,
  /// leases and what only answers requests (util/settings/resources_filter.go of Argo CD).
  bool watches(const k8s::GroupKind& kind, std::string_view server = api::kInClusterServer) const;
  /// Do they tell in the same way which objects are watched, and whose they are? If not the watches
  /// must be read again.
  bool same_objects(const Settings& other) const;
};

using ConfigData = std::map<std::string, std::string, std::less<>>;

/// Precedence, highest first: flags (by the setting's name), argocd-cmd-params-cm, argocd-cm,
/// default. Errors: Invalid naming the ConfigMap or flag, the key and what is wrong with the value.
base::Result<Settings> resolve_settings(const ConfigData& flags, const ConfigData& cmd_params,
                                        const ConfigData& argocd_cm);

/// The names that flags may set.
std::vector<std::string> setting_names();

}  // namespace tiphys::controller
