// Kinds whose health one condition tells. The answers are those of Argo CD's scripts for them
// (recorded in tests/vectors/argocd/health.jsonl).

#include "health/rules.hpp"

#include <array>

namespace tiphys::health {

using value::Value;

namespace {

/// True: healthy, False: degraded, each with its message; else progressing with `waiting`.
HealthStatus by_condition(const k8s::Object& object, std::string_view type,
                          std::string_view waiting) {
  for (const Value& c : object.status()["conditions"].items()) {
    if (c["type"].text() != type) continue;
    if (c["status"].text() == "False") return {Code::degraded, text_of(c["message"])};
    if (c["status"].text() == "True") return {Code::healthy, text_of(c["message"])};
  }
  return {Code::progressing, std::string(waiting)};
}

/// What a ready condition waits for, by kind.
struct Waiting {
  std::string_view kind;
  std::string_view text;
};
constexpr std::array kWaiting = {
    Waiting{"Certificate", "Waiting for certificate"},
    Waiting{"Issuer", "Initializing issuer"},
    Waiting{"ClusterIssuer", "Initializing ClusterIssuer"},
    Waiting{"ExternalSecret", "Waiting for ExternalSecret"},
    Waiting{"SecretStore", "Waiting for SecretStore"},
    Waiting{"ClusterSecretStore", "Waiting for ClusterSecretStore"},
    Waiting{"PushSecret", "Waiting for PushSecret"},
};

std::string_view waiting_for(std::string_view kind) {
  for (const Waiting& row : kWaiting)
    if (row.kind == kind) return row.text;
  return {};
}

const Value* true_condition(const k8s::Object& object, std::string_view type) {
  for (const Value& c : object.status()["conditions"].items())
    if (c["type"].text() == type && c["status"].text() == "True") return &c;
  return nullptr;
}

struct Phase {
  std::string_view phase;
  Code code;
};
// Phases of CloudNativePG (api/v1 of its repository); one that isn't here is unknown.
constexpr std::array kPostgresPhases = {
    Phase{"Cluster in healthy state", Code::healthy},
    Phase{"Setting up primary", Code::progressing},
    Phase{"Creating a new replica", Code::progressing},
    Phase{"Upgrading cluster", Code::progressing},
    Phase{"Waiting for the instances to become active", Code::progressing},
    Phase{"Promoting to primary cluster", Code::progressing},
    Phase{"Switchover in progress", Code::degraded},
    Phase{"Failing over", Code::degraded},
    Phase{"Upgrading Postgres major version", Code::degraded},
    Phase{"Cluster upgrade delayed", Code::degraded},
    Phase{"Waiting for user action", Code::degraded},
    Phase{"Primary instance is being restarted in-place", Code::degraded},
    Phase{"Primary instance is being restarted without a switchover", Code::degraded},
    Phase{"Cluster cannot execute instance online upgrade due to missing architecture binary",
          Code::degraded},
    Phase{"Online upgrade in progress", Code::degraded},
    Phase{"Applying configuration", Code::degraded},
    Phase{"Unable to create required cluster objects", Code::suspended},
    Phase{"Cluster cannot proceed to reconciliation due to an unknown plugin being required",
          Code::suspended},
    Phase{"Cluster has incomplete or invalid image catalog", Code::suspended},
    Phase{"Cluster is unrecoverable and needs manual intervention", Code::suspended},
};
constexpr std::array kCanaryPhases = {
    Phase{"Failed", Code::degraded},        Phase{"Progressing", Code::progressing},
    Phase{"Finalising", Code::progressing}, Phase{"Promoting", Code::progressing},
    Phase{"Succeeded", Code::healthy},      Phase{"Initialized", Code::healthy},
};

template <std::size_t N>
Code code_of(const std::array<Phase, N>& phases, std::string_view phase) {
  for (const Phase& row : phases)
    if (row.phase == phase) return row.code;
  return Code::unknown;
}

}  // namespace

HealthStatus ready(const k8s::Object& object) {
  return by_condition(object, "Ready", waiting_for(object.kind()));
}

HealthStatus certificate(const k8s::Object& object) {
  // A renewal shows its progress, whatever is said of the certificate that is there.
  if (const Value* issuing = true_condition(object, "Issuing"))
    return {Code::progressing, text_of((*issuing)["message"])};
  return ready(object);
}

HealthStatus certificate_request(const k8s::Object& object) {
  for (const Value& c : object.status()["conditions"].items()) {
    const std::string_view type = c["type"].text();
    if ((type == "Denied" || type == "InvalidRequest") && c["status"].text() == "True")
      return {Code::degraded, text_of(c["message"])};
  }
  const Value& c = condition(object, "Ready");
  if (c.is_null()) return {Code::progressing, "Waiting for certificate request"};
  const Code code = c["status"].text() == "True"      ? Code::healthy
                    : c["reason"].text() == "Pending" ? Code::progressing
                                                      : Code::degraded;
  return {code, text_of(c["message"])};
}

HealthStatus sealed_secret(const k8s::Object& object) {
  constexpr std::string_view kWaits = "Waiting for Sealed Secret to be decrypted";
  const Value& observed = object.status()["observedGeneration"];
  if (!observed.is_int() || observed.integer() != object.generation())
    return {Code::progressing, std::string(kWaits)};
  return by_condition(object, "Synced", kWaits);
}

HealthStatus postgres_cluster(const k8s::Object& object) {
  if (object.annotation("cnpg.io/reconciliationLoop") == "disabled")
    return {Code::suspended, "Cluster reconciliation is suspended"};
  const Value& status = object.status();
  std::string reason = text_of(status["phaseReason"]);
  if (status["conditions"].is_null()) return {Code::progressing, std::move(reason)};
  if (const Value& hibernation = condition(object, "cnpg.io/hibernation"); !hibernation.is_null())
    return {hibernation["status"].text() == "True" ? Code::suspended : Code::degraded,
            text_of(hibernation["message"])};
  return {code_of(kPostgresPhases, status["phase"].text()), std::move(reason)};
}

HealthStatus canary(const k8s::Object& object) {
  const Value& status = object.status();
  if (status.is_null()) return {Code::unknown, "No status"};
  const Value& weight = status["canaryWeight"];
  const std::string shown = weight.is_int() ? std::to_string(weight.integer()) : text_of(weight);
  std::string message;
  if (!shown.empty() && shown != "0") message = fmt::format("Canary Weight: {} %", shown);
  for (const Value& c : status["conditions"].items()) {
    if (!message.empty()) message += " --- ";
    message += c["message"].text();
  }
  const std::string_view phase = status["phase"].text();
  return {code_of(kCanaryPhases, phase), fmt::format("{} --- {}", phase, message)};
}

HealthStatus disruption_budget(const k8s::Object& object) {
  HealthStatus out{Code::progressing, "Waiting for status"};
  for (const Value& c : object.status()["conditions"].items()) {
    const std::string_view reason = c["reason"].text();
    // Too few pods is what a budget is for.
    const bool bad = c["status"].text() == "False" && reason != "InsufficientPods";
    out = {bad ? Code::degraded : Code::healthy, fmt::format("PodDisruptionBudget has {}", reason)};
    if (bad) break;
  }
  return out;
}

HealthStatus cron_job(const k8s::Object& object) {
  if (object.spec()["suspend"].boolean_or(false)) return {Code::healthy, "CronJob is Suspended"};
  const Value& status = object.status();
  if (status.is_null()) return {Code::progressing, "Waiting for CronJob"};
  const std::string_view scheduled = status["lastScheduleTime"].text();
  const std::string_view succeeded = status["lastSuccessfulTime"].text();
  if (scheduled.empty()) return {Code::healthy, "CronJob has not been scheduled yet"};
  if (succeeded.empty())
    return {Code::healthy, "The CronJob never completed successfully. It may not be healthy"};
  if (!status["active"].items().empty())
    return {Code::healthy, "The job is running. Its last execution may not have been successful"};
  // Both are RFC 3339 in UTC, so that text order is time order.
  if (succeeded < scheduled)
    return {Code::degraded, "CronJob has not completed its last execution successfully"};
  return {Code::healthy, "CronJob has completed its last execution successfully"};
}

HealthStatus application(const k8s::Object& object) {
  const Value& said = object.status()["health"];
  const auto code = parse_code(said["status"].text());
  if (!code) return {Code::progressing, "Waiting for the application to be looked at"};
  return {*code, text_of(said["message"])};
}

}  // namespace tiphys::health
