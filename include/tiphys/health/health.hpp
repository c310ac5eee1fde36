#pragma once

#include "tiphys/k8s/object.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::health {

/// Ordered from best to worst, as Argo CD orders them.
enum class Code : std::uint8_t { healthy, suspended, progressing, missing, degraded, unknown };
std::string_view to_string(Code code);  // "Healthy", ...
std::optional<Code> parse_code(std::string_view text);
/// The worse of two.
Code worse(Code a, Code b);

struct HealthStatus {
  Code code = Code::healthy;
  std::string message{};
  bool operator==(const HealthStatus&) const = default;
};

/// The health of a live object by the built-in rules of gitops-engine v3.6.1 (pkg/health), messages
/// included. nullopt: the kind has no rule (counts as healthy). An object that is being deleted and
/// carries no hook finalizer is Progressing, "Pending deletion", whatever its kind. Lenient: an
/// unreadable object is Unknown with the reason.
std::optional<HealthStatus> health_of(const k8s::Object& live);

/// Does the kind have a built-in rule? The Store keeps health only for those.
bool has_rule(const k8s::GroupKind& kind);

/// One resource's part in the application's health.
struct Contribution {
  k8s::ObjectKey key{};
  bool live_exists = true;
  /// shown: it exists for "all missing" but its health doesn't count (ignore-healthcheck, the
  /// application itself); none: as if it weren't there (hooks, IgnoreExtraneous).
  enum class Counts : std::uint8_t { fully, shown, none };
  Counts counts = Counts::fully;
  std::optional<HealthStatus> health{};  ///< nullopt: no rule
};

/// Argo CD's rule (controller/health.go): the worst of the counted ones wins; a missing resource
/// doesn't count by itself, but when all are missing the application is Missing; no resources is
/// Healthy; child Applications that are Missing or Unknown don't count. The message names up to
/// three causes.
HealthStatus aggregate(std::span<const Contribution> resources);

/// Container images of the object (pod specs of workloads, pods, jobs), sorted and distinct: for
/// status.summary.images and result rows.
std::vector<std::string> images_of(const k8s::Object& object);
/// Web addresses of an Ingress as Argo CD builds them, and link.argocd.argoproj.io/ annotations of
/// any object.
std::vector<std::string> external_urls_of(const k8s::Object& object);

}  // namespace tiphys::health
