#pragma once

#include "tiphys/api/source.hpp"
#include "tiphys/base/log.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/poller.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/source/repositories.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

/// One source at one Revision: immutable, everything of a render that comes from git.
struct ResolvedSource {
  api::Source source;
  git::Repository repository;
  git::Resolution revision;
  /// The last poll of the repository failed; the revision is the last one known.
  std::optional<base::Error> stale;
};

/// What resolve() found: all sources, or not yet, or why not.
struct Resolved {
  enum class Kind : std::uint8_t { ready, pending, failed } kind = Kind::pending;
  std::vector<ResolvedSource> sources;  ///< when ready, one for each that was asked
  std::optional<base::Error> error;     ///< when failed
};

/// What a render may depend on besides the source: the application and its cluster.
struct RenderContext {
  std::string app_name;
  std::string app_namespace;
  std::string control_namespace;  ///< an application elsewhere is named "ns_name" (row 19)
  std::string project;
  std::string destination_namespace;
  std::string kube_version;               ///< the cluster's, "v1.36.3" or "1.36.3"
  std::vector<std::string> api_versions;  ///< the cluster's: "apps/v1", "apps/v1/Deployment"
  /// Answers the charts' `lookup`; null: it is an empty map and the cluster isn't asked. Must live
  /// as long as the call.
  helm::Lookup* lookup = nullptr;
};

/// Argo CD's names of source types, as status.sourceType shows them.
enum class SourceType : std::uint8_t { Helm, Directory };
std::string_view to_string(SourceType type);

struct RenderedSource {
  SourceType type = SourceType::Directory;
  /// In the order of the files; trees of their own (the caller may change them). Lists expanded.
  std::vector<k8s::Object> objects;
  /// SHA-256 hex over everything that the render depended on, its transcript included: equal
  /// digest, equal objects.
  std::string digest;
  bool from_cache = false;
  /// The cluster was asked (lookup), so the result may change with it.
  bool asked_cluster = false;
};

/// Metrics of the module; any may be empty.
struct SourceHooks {
  std::function<void()> rendered;     ///< a render really ran
  std::function<void()> reused;       ///< it was answered from the cache
  std::function<void()> cache_evict;  ///< an entry went for lack of room
  base::Logger log;
};

struct SourceOptions {
  std::size_t cache_bytes = std::size_t{64} << 20;
  std::size_t directory_bytes = std::size_t{10} << 20;  ///< of all files of a plain directory
  std::size_t scan_entries = 200'000;                   ///< files and folders below one path
};

class Renderer;

/// An application's sources -> objects. Any thread; no method waits for the network.
class Sources {
 public:
  virtual ~Sources() = default;

  /// The repository that a source is read from, e.g. to subscribe to its poll. Errors: chart and
  /// OCI sources, ssh, refused Secrets.
  virtual base::Result<git::Repository> repository(const Repositories& repositories,
                                                   const api::Source& source,
                                                   std::string_view project) const = 0;

  /// `ticket`: of Poller::request_refresh, when a refresh is to be seen. Subscribe first.
  virtual Resolved resolve(const Repositories& repositories, std::span<const api::Source> sources,
                           std::string_view project, git::Ticket ticket = 0) const = 0;
  /// Renders with `revision` in place of the target: operations and rollbacks ask for a commit.
  virtual Resolved resolve_at(const Repositories& repositories, const api::Source& source,
                              std::string_view revision, std::string_view project) const = 0;

  /// Renders, or answers from the cache. Waits for a worker and the disk only. Every failure is an
  /// error (missing path, bad chart, gitlink or LFS pointer, a refused kind of source): never an
  /// empty result that the repository doesn't really say. An empty directory gives no objects.
  ///
  /// What serves whom: a render whose transcript is empty serves every application with the same
  /// input. One that asked random, key or clock functions or the cluster serves its own application
  /// alone. For that one, while it is in the cache: with the same input its random, key and clock
  /// answers stay (nothing is kept over a restart or an eviction), and what was looked up is asked
  /// again at every call; if any of it is answered differently the chart is rendered anew, from the
  /// new answers and the old random ones. So the controller, which calls this in every look at the
  /// application, sees what lookup would say now, and a lookup that is refused or fails is an error
  /// even where an older render is at hand.
  virtual base::Result<RenderedSource> render(const ResolvedSource& source,
                                              const RenderContext& context) = 0;
};

/// Poller and renderer must outlive it.
std::unique_ptr<Sources> make_sources(git::Poller& poller, Renderer& renderer,
                                      SourceOptions options, SourceHooks hooks = {});

}  // namespace tiphys::source
