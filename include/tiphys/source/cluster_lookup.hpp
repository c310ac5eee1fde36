#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/kube/discovery.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace tiphys::source {

/// Helm's `lookup` from an API server, as with `helm template --dry-run=server`: one object, with
/// an empty name the list (in all namespaces where none is given), an empty map for what isn't
/// there (pkg/engine/lookup_func.go of Helm). Reads only. Blocks; never on an io thread.
///
/// Errors name the question, in front of: what the rules say; NotFound for a kind that the server
/// doesn't serve; Invalid for names that are no part of a path; those of the call (Forbidden,
/// Unavailable, Timeout ...).
class ClusterLookup final : public helm::Lookup {
 public:
  /// Both may be empty: everything is permitted.
  struct Rules {
    /// Before the server is asked. `name` is empty for a list.
    std::function<base::Status(const kube::ResourceInfo& resource, std::string_view namespace_,
                               std::string_view name)>
        may_ask;
    /// Of each object that was found.
    std::function<base::Status(const k8s::Object& object)> may_show;
  };

  /// A kind that a group version, though served, doesn't have: `empty` is Helm's answer, right as
  /// long as the discovery is.
  enum class UnknownKind : std::uint8_t { error, empty };

  /// client and discovery must outlive it; the deadline is for all its calls together.
  ClusterLookup(kube::Client& client, const kube::Discovery& discovery, kube::Identity identity,
                base::Deadline deadline, Rules rules, UnknownKind unknown = UnknownKind::error);
  base::Result<value::Value> lookup(std::string_view api_version, std::string_view kind,
                                    std::string_view ns, std::string_view name) override;

 private:
  /// nullopt: an unknown kind, and that is no error.
  base::Result<std::optional<kube::ResourceInfo>> resource_of(std::string_view api_version,
                                                              std::string_view kind) const;
  base::Result<value::Value> one(const kube::ResourceInfo& resource, std::string_view ns,
                                 std::string_view name) const;
  base::Result<value::Value> all(const kube::ResourceInfo& resource, std::string_view ns) const;

  kube::Client& client_;
  const kube::Discovery& discovery_;
  kube::CallOptions options_;
  Rules rules_;
  UnknownKind unknown_;
};

}  // namespace tiphys::source
