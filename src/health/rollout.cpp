// Argo Rollouts. The answers are those of Argo CD's script for it.

#include "health/rules.hpp"

#include <algorithm>
#include <charconv>

namespace tiphys::health {

using value::Value;

namespace {

HealthStatus progressing(std::string_view message) {
  return {Code::progressing, std::string(message)};
}

/// A whole number, or the text of one.
std::optional<std::int64_t> number(const Value& v) {
  if (v.is_int()) return v.integer();
  const std::string_view text = v.text();
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool is_observed(const k8s::Object& object) {
  if (object.status().is_null()) return false;
  // Rollouts before 0.10 keep a hash there, which says nothing.
  const auto observed = number(object.status()["observedGeneration"]);
  return !observed || *observed >= object.generation();
}

bool is_workload_observed(const k8s::Object& object) {
  if (object.spec()["workloadRef"].is_null() || object.metadata()["annotations"].is_null())
    return true;
  return number(object.metadata().at({"annotations", "rollout.argoproj.io/workload-generation"})) ==
         number(object.status()["workloadObservedGeneration"]);
}

std::optional<HealthStatus> failure(const Value& status) {
  for (const Value& c : status["conditions"].items()) {
    const std::string_view reason = c["reason"].text();
    if (c["type"].text() == "InvalidSpec" ||
        (c["type"].text() == "Progressing" &&
         (reason == "RolloutAborted" || reason == "ProgressDeadlineExceeded")))
      return HealthStatus{Code::degraded, text_of(c["message"])};
  }
  return std::nullopt;
}

std::string_view stable_hash(const Value& status) {
  const Value& stable = status["stableRS"];
  return stable.is_null() ? status.at({"canary", "stableRS"}).text() : stable.text();
}

std::optional<HealthStatus> cutover(const k8s::Object& object, std::string_view stable) {
  const Value& status = object.status();
  const std::string_view current = status["currentPodHash"].text();
  if (!object.spec().at({"strategy", "blueGreen"}).is_null()) {
    if (status.at({"blueGreen", "activeSelector"}).text() != current)
      return progressing("active service cutover pending");
    if (!stable.empty() && stable != current)
      return progressing("waiting for analysis to complete");
  } else if (!object.spec().at({"strategy", "canary"}).is_null()) {
    if (status["replicas"].integer_or(0) > status["updatedReplicas"].integer_or(0))
      return progressing("Waiting for roll out to finish: old replicas are pending termination");
    if (stable.empty() || stable != current)
      return progressing("Waiting for rollout to finish steps");
  }
  return std::nullopt;
}

/// From 1.0 on the controller says itself how it is.
HealthStatus by_phase(const Value& status) {
  const std::string_view phase = status["phase"].text();
  if (phase == "Paused") return {Code::suspended, text_of(status["message"])};
  const auto code = parse_code(phase);
  if (!code) return {Code::unknown, "Lua returned an invalid health status"};
  return {*code, text_of(status["message"])};
}

}  // namespace

HealthStatus rollout(const k8s::Object& object) {
  if (!is_observed(object) || !is_workload_observed(object))
    return progressing("Waiting for rollout spec update to be observed");
  const Value& status = object.status();
  if (!status["phase"].is_null()) return by_phase(status);
  if (auto failed = failure(status)) return *failed;
  if (!status["pauseConditions"].items().empty() || object.spec()["paused"].boolean_or(false))
    return {Code::suspended, "Rollout is paused"};
  if (status["currentPodHash"].is_null())
    return progressing("Waiting for rollout to finish: status has not been reconciled.");
  const auto updated = status["updatedReplicas"].integer_or(0);
  if (updated < object.spec()["replicas"].integer_or(1))
    return progressing("Waiting for roll out to finish: More replicas need to be updated");
  if (status["availableReplicas"].integer_or(0) < updated)
    return progressing(
        "Waiting for roll out to finish: updated replicas are still becoming available");
  return cutover(object, stable_hash(status)).value_or(HealthStatus{});
}

}  // namespace tiphys::health
