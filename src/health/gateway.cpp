// The Gateway API. The answers are those of Argo CD's scripts for its kinds.

#include "health/rules.hpp"

#include <algorithm>

namespace tiphys::health {

using value::Value;

namespace {

std::string or_else(const Value& message, std::string fallback) {
  return message.is_string() ? text_of(message) : std::move(fallback);
}

const Value* find(const Value& conditions, std::string_view type) {
  const auto& items = conditions.items();
  const auto found =
      std::ranges::find_if(items, [&](const Value& c) { return c["type"].text() == type; });
  return found == items.end() ? nullptr : &*found;
}

/// What one set of conditions says against health, or nothing: references that don't resolve and
/// what isn't accepted degrade, what isn't programmed is progress.
std::optional<HealthStatus> against(const Value& conditions, std::string_view programming) {
  for (const std::string_view type : {"ResolvedRefs", "Accepted"})
    for (const Value& c : conditions.items())
      if (c["type"].text() == type && c["status"].text() == "False")
        return HealthStatus{Code::degraded,
                            or_else(c["message"], fmt::format("Failed condition: {}", type))};
  for (const Value& c : conditions.items())
    if (c["type"].text() == "Programmed" && c["status"].text() != "True")
      return HealthStatus{Code::progressing, or_else(c["message"], std::string(programming))};
  return std::nullopt;
}

/// Are the conditions about this generation of the object?
bool is_stale(const k8s::Object& object, const Value& condition) {
  const Value& seen = condition["observedGeneration"];
  return !seen.is_null() && object.metadata()["generation"].is_int() &&
         seen.integer_or(-1) != object.generation();
}

bool is_fresh(const k8s::Object& object, const Value& parent) {
  const auto& conditions = parent["conditions"].items();
  return !conditions.empty() &&
         std::ranges::none_of(conditions, [&](const Value& c) { return is_stale(object, c); });
}

HealthStatus of_parent(const Value& parent, HealthStatus health) {
  health.message =
      fmt::format("Parent {}: {}", parent.at({"parentRef", "name"}).text(), health.message);
  return health;
}

bool is_true(const Value& conditions, std::string_view type) {
  const Value* c = find(conditions, type);
  return c != nullptr && (*c)["status"].text() == "True";
}

}  // namespace

HealthStatus route(const k8s::Object& object) {
  bool any = false;
  for (const Value& parent : object.status()["parents"].items()) {
    if (!is_fresh(object, parent)) continue;
    any = true;
    if (auto health = against(parent["conditions"], "Route is still being programmed"))
      return of_parent(parent, *std::move(health));
  }
  if (any) return {Code::healthy, fmt::format("{} is healthy", object.kind())};
  return {Code::progressing, fmt::format("Waiting for {} status", object.kind())};
}

HealthStatus tls_route(const k8s::Object& object) {
  // All parents are looked at: what is broken comes first, then what makes progress, and healthy
  // needs one parent that says both Accepted and ResolvedRefs.
  bool healthy = false;
  std::optional<HealthStatus> progress;
  std::optional<HealthStatus> waits;
  for (const Value& parent : object.status()["parents"].items()) {
    if (!is_fresh(object, parent)) continue;
    const Value& conditions = parent["conditions"];
    if (auto health = against(conditions, "Route is still being programmed")) {
      const bool broken = health->code == Code::degraded;
      health = of_parent(parent, *std::move(health));
      if (broken) return *health;
      if (!progress) progress = std::move(health);
    } else if (is_true(conditions, "Accepted") && is_true(conditions, "ResolvedRefs")) {
      healthy = true;
    } else if (!waits) {
      waits = of_parent(parent, {Code::progressing, "Waiting for TLSRoute conditions"});
    }
  }
  if (progress) return *progress;
  if (healthy) return {Code::healthy, "TLSRoute is healthy"};
  return waits.value_or(HealthStatus{Code::progressing, "Waiting for TLSRoute status"});
}

HealthStatus gateway(const k8s::Object& object) {
  const Value& status = object.status();
  if (auto health = against(status["conditions"], "Gateway is still being programmed"))
    return *health;
  for (const Value& listener : status["listeners"].items()) {
    auto health = against(listener["conditions"], "Listener is still being programmed");
    if (!health) continue;
    health->message.insert(0, "Listener: ");
    return *health;
  }
  if (!status["conditions"].is_null() || !status["listeners"].items().empty())
    return {Code::healthy, "Gateway is healthy"};
  return {Code::progressing, "Waiting for Gateway status"};
}

HealthStatus gateway_class(const k8s::Object& object) {
  for (const Value& c : object.status()["conditions"].items()) {
    if (c["type"].text() != "Accepted" || is_stale(object, c)) continue;
    if (c["status"].text() == "True")
      return {Code::healthy, or_else(c["message"], "GatewayClass is accepted")};
    if (c["status"].text() == "False")
      return {Code::degraded, or_else(c["message"], "GatewayClass is not accepted")};
    return {Code::progressing, or_else(c["message"], "Waiting for GatewayClass status")};
  }
  return {Code::progressing, "Waiting for GatewayClass status"};
}

}  // namespace tiphys::health
