#pragma once

#include "tiphys/health/health.hpp"
#include "tiphys/k8s/object.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// One function a kind; the messages are those of gitops-engine v3.6.1.
namespace tiphys::health {

/// Reads whole numbers as Go's typed structs do; a wrong type is remembered.
class Numbers {
 public:
  explicit Numbers(const value::Value& map) : map_(map) {}
  std::int64_t get(std::string_view name) { return maybe(name).value_or(0); }
  std::optional<std::int64_t> maybe(std::string_view name) {
    const value::Value& member = map_[name];
    if (member.is_null()) return std::nullopt;
    if (!member.is_int()) wrong_ = true;
    return member.integer_or(0);
  }
  bool wrong() const { return wrong_; }

 private:
  const value::Value& map_;
  bool wrong_ = false;
};

inline HealthStatus not_convertible(std::string_view kind) {
  return {.code = Code::unknown,
          .message = fmt::format(
              "failed to convert unstructured {} to typed: unrecognized type: int32", kind)};
}

/// Go's %q for names: quotes and backslashes escaped.
std::string quoted(std::string_view text);

inline std::string text_of(const value::Value& v) { return std::string(v.text()); }

/// The condition of that type, or null.
const value::Value& condition(const k8s::Object& object, std::string_view type);
/// Carries a hook annotation of Argo CD or Helm that makes it a hook.
bool is_hook(const k8s::Object& object);

/// Being deleted, and not held by the hook finalizer.
bool is_terminating(const k8s::Object& object);
/// What is said of an object that is terminating; nullopt for others.
std::optional<HealthStatus> pending_deletion(const k8s::Object& object);

HealthStatus deployment(const k8s::Object& object);
HealthStatus stateful_set(const k8s::Object& object);
HealthStatus daemon_set(const k8s::Object& object);
HealthStatus replica_set(const k8s::Object& object);
HealthStatus pod(const k8s::Object& object);
HealthStatus job(const k8s::Object& object);
HealthStatus service(const k8s::Object& object);
HealthStatus ingress(const k8s::Object& object);
HealthStatus claim(const k8s::Object& object);
HealthStatus autoscaler(const k8s::Object& object);
HealthStatus api_service(const k8s::Object& object);
HealthStatus workflow(const k8s::Object& object);

// Kinds of other projects, and those that Argo CD judges by a script.
HealthStatus ready(const k8s::Object& object);
HealthStatus certificate(const k8s::Object& object);
HealthStatus certificate_request(const k8s::Object& object);
HealthStatus sealed_secret(const k8s::Object& object);
HealthStatus postgres_cluster(const k8s::Object& object);
HealthStatus canary(const k8s::Object& object);
HealthStatus disruption_budget(const k8s::Object& object);
HealthStatus cron_job(const k8s::Object& object);
HealthStatus application(const k8s::Object& object);
HealthStatus flux(const k8s::Object& object);
HealthStatus route(const k8s::Object& object);
HealthStatus tls_route(const k8s::Object& object);
HealthStatus gateway(const k8s::Object& object);
HealthStatus gateway_class(const k8s::Object& object);
HealthStatus rollout(const k8s::Object& object);

}  // namespace tiphys::health
