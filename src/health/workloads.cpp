#include "health/rules.hpp"

namespace tiphys::health {

using value::Value;

HealthStatus deployment(const k8s::Object& object) {
  if (object.spec()["paused"].boolean_or(false)) return {Code::suspended, "Deployment is paused"};
  Numbers spec(object.spec());
  Numbers status(object.status());
  const auto wanted = spec.maybe("replicas");
  const auto observed = status.get("observedGeneration");
  const auto updated = status.get("updatedReplicas");
  const auto total = status.get("replicas");
  const auto available = status.get("availableReplicas");
  if (spec.wrong() || status.wrong()) return not_convertible("Deployment");
  if (object.generation() > observed)
    return {Code::progressing,
            "Waiting for rollout to finish: observed deployment generation less than desired "
            "generation"};
  if (condition(object, "Progressing")["reason"].text() == "ProgressDeadlineExceeded")
    return {Code::degraded,
            fmt::format("Deployment {} exceeded its progress deadline", quoted(object.name()))};
  if (wanted && updated < *wanted)
    return {Code::progressing,
            fmt::format("Waiting for rollout to finish: {} out of {} new replicas have been "
                        "updated...",
                        updated, *wanted)};
  if (total > updated)
    return {Code::progressing,
            fmt::format("Waiting for rollout to finish: {} old replicas are pending termination...",
                        total - updated)};
  if (available < updated)
    return {Code::progressing,
            fmt::format("Waiting for rollout to finish: {} of {} updated replicas are available...",
                        available, updated)};
  return {};
}

namespace {

struct StatefulNumbers {
  std::optional<std::int64_t> wanted;
  std::int64_t ready;
  std::int64_t updated;
  std::int64_t current;
};

HealthStatus rolled_out(const k8s::Object& object, const StatefulNumbers& n) {
  const std::string target = text_of(object.status()["updateRevision"]);
  const std::string current = text_of(object.status()["currentRevision"]);
  if (target != current)
    return {Code::progressing,
            fmt::format("waiting for statefulset rolling update to complete {} pods at revision "
                        "{}...",
                        n.updated, target)};
  return {Code::healthy,
          fmt::format("statefulset rolling update complete {} pods at revision {}...", n.current,
                      current)};
}

HealthStatus partitioned(const Value& rolling, const StatefulNumbers& n) {
  const Value& partition = rolling["partition"];
  if (n.wanted && !partition.is_null()) {
    const std::int64_t wanted = *n.wanted - partition.integer_or(0);
    if (n.updated < wanted)
      return {Code::progressing,
              fmt::format("Waiting for partitioned roll out to finish: {} out of {} new pods have "
                          "been updated...",
                          n.updated, wanted)};
  }
  return {
      Code::healthy,
      fmt::format("partitioned roll out complete: {} new pods have been updated...", n.updated)};
}

}  // namespace

HealthStatus stateful_set(const k8s::Object& object) {
  Numbers spec(object.spec());
  Numbers status(object.status());
  const auto observed = status.get("observedGeneration");
  const StatefulNumbers n{.wanted = spec.maybe("replicas"),
                          .ready = status.get("readyReplicas"),
                          .updated = status.get("updatedReplicas"),
                          .current = status.get("currentReplicas")};
  if (spec.wrong() || status.wrong()) return not_convertible("StatefulSet");
  if (observed == 0 || object.generation() > observed)
    return {Code::progressing, "Waiting for statefulset spec update to be observed..."};
  if (n.wanted && n.ready < *n.wanted)
    return {Code::progressing,
            fmt::format("Waiting for {} pods to be ready...", *n.wanted - n.ready)};
  const Value& strategy = object.spec()["updateStrategy"];
  if (strategy["type"].text() == "RollingUpdate" && strategy["rollingUpdate"].is_map())
    return partitioned(strategy["rollingUpdate"], n);
  if (strategy["type"].text() == "OnDelete")
    return {Code::healthy, fmt::format("statefulset has {} ready pods", n.ready)};
  return rolled_out(object, n);
}

HealthStatus daemon_set(const k8s::Object& object) {
  Numbers status(object.status());
  const auto observed = status.get("observedGeneration");
  const auto updated = status.get("updatedNumberScheduled");
  const auto desired = status.get("desiredNumberScheduled");
  const auto available = status.get("numberAvailable");
  if (status.wrong()) return not_convertible("DaemonSet");
  if (object.generation() > observed)
    return {Code::progressing,
            "Waiting for rollout to finish: observed daemon set generation less than desired "
            "generation"};
  if (object.spec().at({"updateStrategy", "type"}).text() == "OnDelete")
    return {Code::healthy,
            fmt::format("daemon set {} out of {} new pods have been updated", updated, desired)};
  if (updated < desired)
    return {Code::progressing,
            fmt::format("Waiting for daemon set {} rollout to finish: {} out of {} new pods "
                        "have been updated...",
                        quoted(object.name()), updated, desired)};
  if (available < desired)
    return {Code::progressing,
            fmt::format("Waiting for daemon set {} rollout to finish: {} of {} updated pods "
                        "are available...",
                        quoted(object.name()), available, desired)};
  return {};
}

HealthStatus replica_set(const k8s::Object& object) {
  Numbers spec(object.spec());
  Numbers status(object.status());
  const auto wanted = spec.maybe("replicas");
  const auto observed = status.get("observedGeneration");
  const auto available = status.get("availableReplicas");
  if (spec.wrong() || status.wrong()) return not_convertible("ReplicaSet");
  if (object.generation() > observed)
    return {Code::progressing,
            "Waiting for rollout to finish: observed replica set generation less than desired "
            "generation"};
  const Value& failure = condition(object, "ReplicaFailure");
  if (failure["status"].text() == "True") return {Code::degraded, text_of(failure["message"])};
  if (wanted && available < *wanted)
    return {Code::progressing,
            fmt::format("Waiting for rollout to finish: {} out of {} new replicas are "
                        "available...",
                        available, *wanted)};
  return {};
}

HealthStatus job(const k8s::Object& object) {
  bool complete = false;
  bool failed = false;
  bool suspended = false;
  std::string message;
  std::string failure;
  for (const Value& c : object.status()["conditions"].items()) {
    const std::string_view type = c["type"].text();
    if (type != "Failed" && type != "Complete" && type != "Suspended") continue;
    complete = true;
    // Argo CD looks at the presence of the condition, not at its status.
    if (type == "Failed") {
      failed = true;
      failure = text_of(c["message"]);
      continue;
    }
    message = text_of(c["message"]);
    if (type == "Suspended" && c["status"].text() == "True") suspended = true;
  }
  if (!complete) return {Code::progressing, message};
  if (failed) return {Code::degraded, failure};
  return {suspended ? Code::suspended : Code::healthy, message};
}

}  // namespace tiphys::health
