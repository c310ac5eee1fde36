#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/api/status.hpp"
#include "tiphys/api/sync_windows.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/names.hpp"
#include "tiphys/k8s/object.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

/// group and kind are globs; name (cluster-scoped lists only) is a glob, "" means any.
struct ResourceRule {
  std::string group;
  std::string kind;
  std::string name;
};

/// What orphanedResources watches the destination namespace for.
struct OrphanedResources {
  bool warn = false;  ///< say it in a condition
  std::vector<ResourceRule> ignore;
};

/// Whom a sync to a destination is written as; server and namespace are globs.
struct DestinationServiceAccount {
  std::string server;
  std::string namespace_;
  std::string name;  ///< "account" or "namespace:account"
};

/// spec of an AppProject, as far as it is acted on; the rest is refused (support.hpp).
struct Project {
  k8s::NamespacedName key;
  std::string uid;
  std::string resource_version;
  std::vector<std::string> source_repos;
  std::vector<Destination> destinations;
  std::vector<ResourceRule> cluster_resource_whitelist;
  std::vector<ResourceRule> cluster_resource_blacklist;
  std::optional<std::vector<ResourceRule>> namespace_resource_whitelist;  ///< absent: all
  std::vector<ResourceRule> namespace_resource_blacklist;
  std::vector<SyncWindow> sync_windows;
  std::optional<OrphanedResources> orphaned_resources;  ///< absent: they aren't looked for
  bool permit_only_project_scoped_clusters = false;
  std::vector<std::string> source_namespaces;
  std::vector<DestinationServiceAccount> destination_service_accounts;
  bool allow_lookup = false;  ///< the annotation kAllowLookupAnnotation
  /// Of the clusters whose Secret names this project: filled in by who reads those Secrets.
  std::vector<Destination> own_clusters;
};

/// Errors: Invalid naming the field.
base::Result<Project> parse_project(const k8s::Object& object);
/// The AppProject that is created when `default` is missing: everything is permitted.
k8s::Object default_project(std::string_view control_namespace);

// The rules (reference/argocd.md 2.16, pkg/apis/application/v1alpha1/types.go of Argo CD).

/// May an application of the project read this repository?
bool permitted_source(const Project& project, std::string_view repo_url);
/// May it write to this destination? `destination` has both server and name filled as far as known.
/// With permitOnlyProjectScopedClusters it must be one of own_clusters too.
bool permitted_destination(const Project& project, const Destination& destination);
enum class Scope : std::uint8_t { cluster, namespaced };
/// May it manage this kind? name matters to cluster-scoped kinds only.
bool permitted_kind(const Project& project, const k8s::GroupKind& kind, std::string_view name,
                    Scope scope);
/// permitted_kind and, for a namespaced object, permitted_destination with the object's namespace.
bool permitted_object(const Project& project, const k8s::ObjectKey& key, Scope scope,
                      const Destination& destination);

/// Does orphanedResources watch for this object, which nobody tracks? Not for what every namespace
/// has by itself, what is ignored, and kinds that the project doesn't permit.
bool watches_orphan(const Project& project, const k8s::ObjectKey& key);

/// The InvalidSpecErrors that the project gives an application, in Argo CD's words; empty:
/// permitted. `destination` is the application's with server and name of its cluster, as far as
/// that is known; empty server and name: it isn't asked about.
std::vector<std::string> project_problems(const Project& project, const Application& app,
                                          const Destination& destination);

/// Whom a sync of the application is written as, by the first destinationServiceAccounts that fits:
/// "system:serviceaccount:NAMESPACE:NAME"; nullopt where none does
/// (util/settings/impersonation.go of Argo CD). Errors: Invalid (name).
base::Result<std::optional<std::string>> service_account_of(const Project& project,
                                                            const Application& app,
                                                            const Destination& destination);

/// Equal after what Argo CD normalises in repository URLs (case of host and path, ".git", ssh
/// forms, trailing slash).
std::string normalize_repo_url(std::string_view url);

}  // namespace tiphys::api
