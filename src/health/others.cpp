#include "health/rules.hpp"

#include "tiphys/value/json.hpp"

#include <algorithm>
#include <array>

namespace tiphys::health {

using value::Value;

namespace {

bool has_ingress(const k8s::Object& object) {
  return !object.status().at({"loadBalancer", "ingress"}).items().empty();
}

struct DegradedReason {
  std::string_view type;
  std::string_view reason;
};
constexpr std::array kDegraded = {
    DegradedReason{"AbleToScale", "FailedGetScale"},
    DegradedReason{"AbleToScale", "FailedUpdateScale"},
    DegradedReason{"ScalingActive", "FailedGetResourceMetric"},
    DegradedReason{"ScalingActive", "FailedGetObjectMetric"},
    DegradedReason{"ScalingActive", "FailedGetPodsMetric"},
    DegradedReason{"ScalingActive", "FailedGetExternalMetric"},
    DegradedReason{"ScalingActive", "FailedComputeMetricsReplicas"},
    DegradedReason{"ScalingActive", "InvalidSelector"},
};

HealthStatus autoscaler_conditions(const Value& conditions) {
  for (const Value& c : conditions.items())
    // The condition's status isn't looked at: so does Argo CD.
    if (std::ranges::any_of(kDegraded, [&](const DegradedReason& row) {
          return row.type == c["type"].text() && row.reason == c["reason"].text();
        }))
      return {Code::degraded, text_of(c["message"])};
  for (const Value& c : conditions.items()) {
    const std::string_view type = c["type"].text();
    if ((type == "AbleToScale" || type == "ScalingLimited") && c["status"].text() == "True")
      return {Code::healthy, text_of(c["message"])};
  }
  return {Code::progressing, "Waiting to Autoscale"};
}

}  // namespace

HealthStatus service(const k8s::Object& object) {
  const bool waits = object.spec()["type"].text() == "LoadBalancer" && !has_ingress(object);
  return {waits ? Code::progressing : Code::healthy, ""};
}

HealthStatus ingress(const k8s::Object& object) {
  return {has_ingress(object) ? Code::healthy : Code::progressing, ""};
}

HealthStatus claim(const k8s::Object& object) {
  const std::string_view phase = object.status()["phase"].text();
  if (phase == "Lost") return {Code::degraded, ""};
  if (phase == "Pending") return {Code::progressing, ""};
  return {phase == "Bound" ? Code::healthy : Code::unknown, ""};
}

HealthStatus autoscaler(const k8s::Object& object) {
  if (object.gvk().version == "v2") return autoscaler_conditions(object.status()["conditions"]);
  const auto text = object.annotation("autoscaling.alpha.kubernetes.io/conditions");
  if (!text) return autoscaler_conditions({});
  const auto conditions = value::parse_json(*text);
  if (!conditions.ok())
    return {Code::unknown, fmt::format("failed to convert conditions annotation to typed: {}",
                                       conditions.error().message())};
  return autoscaler_conditions(*conditions);
}

HealthStatus api_service(const k8s::Object& object) {
  const Value& available = condition(object, "Available");
  if (!available.is_map()) return {Code::progressing, "Waiting to be processed"};
  return {available["status"].text() == "True" ? Code::healthy : Code::progressing,
          fmt::format("{}: {}", available["reason"].text(), available["message"].text())};
}

HealthStatus workflow(const k8s::Object& object) {
  const std::string_view phase = object.status()["phase"].text();
  const std::string message = text_of(object.status()["message"]);
  if (phase.empty() || phase == "Pending" || phase == "Running")
    return {Code::progressing, message};
  if (phase == "Succeeded") return {Code::healthy, message};
  if (phase == "Failed" || phase == "Error") return {Code::degraded, message};
  return {Code::unknown, message};
}

}  // namespace tiphys::health
