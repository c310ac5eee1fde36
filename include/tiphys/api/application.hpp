#pragma once

#include "tiphys/api/operation.hpp"
#include "tiphys/api/source.hpp"
#include "tiphys/api/status.hpp"
#include "tiphys/api/sync_policy.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/k8s/names.hpp"
#include "tiphys/k8s/object.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::api {

struct Spec {
  std::string project;  ///< "default" when empty
  Destination destination;
  std::optional<Source> source;
  std::vector<Source> sources;  ///< when not empty it wins over source
  SyncPolicy sync_policy;
  std::int64_t revision_history_limit = 10;
  value::Value ignore_differences;  ///< null or a list; copied to comparedTo
};

/// What the annotation argocd.argoproj.io/refresh asks for. Any value but "hard" is normal.
enum class Refresh : std::uint8_t { none, normal, hard };

/// An Application, read once from its custom resource.
struct Application {
  k8s::NamespacedName key;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  std::optional<Time> deletion_timestamp;
  std::vector<std::string> finalizers;
  std::map<std::string, std::string> annotations;
  std::map<std::string, std::string> labels;
  Spec spec;
  std::optional<Operation> operation;
  Status status;
  value::Value status_json;  ///< as read: the base of the status patch

  std::string annotation(std::string_view name) const;
  Refresh refresh() const;
  /// skip-reconcile is "true" and tiphys.io/reconcile isn't.
  bool skips_reconcile() const;
  bool deleting() const { return deletion_timestamp.has_value(); }
  bool has_finalizer(std::string_view name) const;
  /// One of the three spellings of the resources finalizer is set: deletion cascades.
  bool cascades() const;
  Propagation deletion_propagation() const;
  /// argocd.argoproj.io/deletion-approved as a time; nullopt when absent or malformed.
  std::optional<Time> deletion_approved() const;
  /// spec.sources, or the one spec.source.
  std::vector<Source> all_sources() const;
};

/// Strict in spec and operation, lenient in status. Errors: Invalid whose message begins with the
/// path of the field, e.g. "spec.syncPolicy.automated.prune: expected a boolean, not a string".
base::Result<Application> parse_application(const k8s::Object& object);

/// The same without spec and operation: what can be told of an Application that can't be parsed.
Application read_bare_application(const k8s::Object& object);

/// What Argo CD calls InvalidSpecError about the spec alone, in its words; empty when there is
/// nothing to say. Source type, project and cluster are checked elsewhere (project.hpp).
std::vector<std::string> spec_problems(const Application& app);

}  // namespace tiphys::api
