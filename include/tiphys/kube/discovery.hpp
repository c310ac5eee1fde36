#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/resource.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::kube {

struct ServerVersion {
  std::string git_version;  ///< "v1.36.3"
  std::string major;
  std::string minor;
};

/// What one API server serves, as of the last refresh. Immutable.
struct ApiSurface {
  /// Every served (group, version, resource) without subresources, a group's preferred version
  /// first, sorted by group.
  std::vector<ResourceInfo> resources;
  /// The kinds of subresources, which have no path of their own: "apps/v1/Scale", "v1/Eviction".
  std::set<std::string> subresource_kinds;
  /// "group/version" -> why it could not be asked. Its resources are those of the refresh before.
  std::map<std::string, std::string> stale;
  ServerVersion version;
};

/// Maps kinds to resources. Reading is any thread, wait-free of the network; before the first
/// refresh nothing is known.
class Discovery {
 public:
  /// client must outlive it.
  explicit Discovery(Client& client);

  /// Asks again: aggregated discovery, or the older way where the server has no such thing. Blocks;
  /// never on an io thread. A group that fails does not lose the others. Errors: the whole of it
  /// failed (the surface stays as it was).
  base::Status refresh(base::Deadline deadline);

  std::shared_ptr<const ApiSurface> surface() const;
  std::optional<ResourceInfo> resource(const k8s::GroupVersionKind& gvk) const;
  /// In the group's preferred version (the first that serves the kind).
  std::optional<ResourceInfo> resource(const k8s::GroupKind& kind) const;
  /// Each (group, plural) once, in its preferred version, sorted by group then plural.
  std::vector<ResourceInfo> preferred() const;
  /// Is the answer about this group from an earlier refresh (or never given)? Then absence of a
  /// kind proves nothing.
  bool stale(std::string_view group) const;
  /// Helm's capabilities: "apps/v1", "apps/v1/Deployment", sorted.
  std::vector<std::string> api_versions() const;
  /// The same with the kinds of subresources, as Helm itself asks a server (Argo CD doesn't).
  std::vector<std::string> all_api_versions() const;
  ServerVersion version() const { return surface()->version; }

 private:
  Client& client_;
  base::Guarded<std::shared_ptr<const ApiSurface>> surface_;
};

/// Reads an APIGroupDiscoveryList (apidiscovery.k8s.io v2 or v2beta1) into `into`. Versions marked
/// Stale are kept from `before`.
void read_aggregated(const value::Value& list, const ApiSurface& before, ApiSurface& into);
/// Reads an APIResourceList of one group version.
std::vector<ResourceInfo> read_resource_list(const value::Value& list);
/// The kinds of the subresources in it.
std::set<std::string> read_subresource_kinds(const value::Value& list);

}  // namespace tiphys::kube
