#include "health/rules.hpp"

namespace tiphys::health {

using value::Value;

namespace {

std::string join(const std::vector<std::string>& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

/// Waiting with a reason that names an error: the pod is Degraded whatever its phase.
std::optional<HealthStatus> stuck(const k8s::Object& object) {
  std::vector<std::string> messages;
  bool found = false;
  for (const Value& container : object.status()["containerStatuses"].items()) {
    const Value& waiting = container.at({"state", "waiting"});
    const std::string_view reason = waiting["reason"].text();
    if (!reason.starts_with("Err") && !reason.ends_with("Error") && !reason.ends_with("BackOff"))
      continue;
    found = true;
    messages.push_back(text_of(waiting["message"]));
  }
  if (!found) return std::nullopt;
  return HealthStatus{Code::degraded, join(messages, ", ")};
}

std::string failure_of(const Value& container) {
  const Value& terminated = container.at({"state", "terminated"});
  if (!terminated.is_map()) return {};
  if (!terminated["message"].text().empty()) return text_of(terminated["message"]);
  if (terminated["reason"].text() == "OOMKilled") return "OOMKilled";
  const auto code = terminated["exitCode"].integer_or(0);
  if (code == 0) return {};
  return fmt::format("container {} failed with exit code {}", quoted(container["name"].text()),
                     code);
}

HealthStatus failed(const k8s::Object& object) {
  const Value& status = object.status();
  if (!status["message"].text().empty()) return {Code::degraded, text_of(status["message"])};
  for (const std::string_view group : {"initContainerStatuses", "containerStatuses"})
    for (const Value& container : status[group].items())
      if (std::string message = failure_of(container); !message.empty())
        return {Code::degraded, std::move(message)};
  return {Code::degraded, ""};
}

HealthStatus long_running(const k8s::Object& object) {
  const std::string message = text_of(object.status()["message"]);
  if (condition(object, "Ready")["status"].text() == "True") return {Code::healthy, message};
  for (const Value& container : object.status()["containerStatuses"].items())
    if (container.at({"lastState", "terminated"}).is_map()) return {Code::degraded, message};
  return {Code::progressing, message};
}

}  // namespace

HealthStatus pod(const k8s::Object& object) {
  const std::string_view policy = object.spec()["restartPolicy"].text();
  const bool ignore_policy =
      object.annotation("argocd.argoproj.io/ignore-restart-policy").value_or("") == "true" &&
      !is_hook(object);
  const bool lasts = policy == "Always" || ignore_policy;
  // A pod with a finite life may be a hook, which must not fail before it has run.
  if (lasts)
    if (auto status = stuck(object)) return *std::move(status);
  const std::string_view phase = object.status()["phase"].text();
  const std::string message = text_of(object.status()["message"]);
  if (phase == "Pending") return {Code::progressing, message};
  if (phase == "Succeeded") return {Code::healthy, message};
  if (phase == "Failed") return failed(object);
  if (phase == "Running") {
    if (lasts) return long_running(object);
    if (policy == "OnFailure" || policy == "Never") return {Code::progressing, message};
  }
  return {Code::unknown, message};
}

}  // namespace tiphys::health
