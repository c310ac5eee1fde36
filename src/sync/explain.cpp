#include "tiphys/sync/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::sync {

namespace {

using value::Value;

constexpr std::size_t kMessage = 400;

/// Reasons of a waiting container that another try can't mend. A pull that was refused may be
/// mended by a registry that comes back: it isn't among them.
constexpr std::array<std::string_view, 1> kTerminalReasons = {"InvalidImageName"};
constexpr std::array<std::string_view, 9> kCannotStart = {
    "ImagePullBackOff",     "ErrImagePull",        "InvalidImageName",
    "ErrImageNeverPull",    "RegistryUnavailable", "CreateContainerConfigError",
    "CreateContainerError", "RunContainerError",   "ImageInspectError"};

template <typename Range>
bool is_one_of(const Range& range, std::string_view text) {
  return std::ranges::find(range, text) != range.end();
}

std::string cut(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  text = end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
  if (text.size() <= kMessage) return std::string(text);
  std::size_t length = kMessage;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return std::string(text.substr(0, length)) + "...";
}

std::string said(std::string_view message) {
  return message.empty() ? std::string() : ": " + cut(message);
}

/// One status of a container, with the pod it is in.
struct Container {
  const k8s::Object& pod;
  const Value& status;
  std::string name() const {
    return fmt::format("container {} of pod {}", status["name"].text(), pod.name());
  }
  std::string key() const { return fmt::format("{}/{}", pod.name(), status["name"].text()); }
};

bool is_over(const k8s::Object& pod) {
  return !pod.deletion_timestamp().empty() || pod.status()["phase"].text() == "Succeeded";
}

std::vector<Container> containers_of(const Evidence& evidence) {
  std::vector<Container> all;
  for (const auto& pod : evidence.pods) {
    if (is_over(pod)) continue;
    for (const char* field : {"initContainerStatuses", "containerStatuses"}) {
      for (const auto& status : pod.status()[field].items()) all.push_back({pod, status});
    }
  }
  return all;
}

/// What it ended with last: now, or in the run before this one.
const Value& end_of(const Value& status) {
  const Value& now = status.at({"state", "terminated"});
  return now.is_map() ? now : status.at({"lastState", "terminated"});
}

bool crashes(const Value& status) {
  const Value& now = status.at({"state", "terminated"});
  if (now.is_map()) return now["exitCode"].integer_or(0) != 0;
  return status.at({"state", "waiting", "reason"}).text() == "CrashLoopBackOff";
}

const k8s::Object* newest_warning(const Evidence& evidence, std::string_view uid,
                                  std::string_view reason = {}) {
  const auto when = [](const k8s::Object& event) {
    const auto& tree = event.tree();
    const auto last = tree["lastTimestamp"].text();
    return last.empty() ? tree["eventTime"].text() : last;
  };
  const k8s::Object* newest = nullptr;
  for (const auto& event : evidence.events) {
    const auto& tree = event.tree();
    if (tree["type"].text() != "Warning") continue;
    if (!uid.empty() && tree.at({"involvedObject", "uid"}).text() != uid) continue;
    if (!reason.empty() && tree["reason"].text() != reason) continue;
    if (newest == nullptr || when(*newest) < when(event)) newest = &event;
  }
  return newest;
}

std::optional<Explanation> cannot_start(const Evidence& evidence) {
  for (const auto& container : containers_of(evidence)) {
    const Value& waiting = container.status.at({"state", "waiting"});
    const auto reason = waiting["reason"].text();
    if (!is_one_of(kCannotStart, reason)) continue;
    return Explanation{
        fmt::format("{} can't start: {} (image {}){}", container.name(), reason,
                    container.status["image"].text(), said(waiting["message"].text())),
        is_one_of(kTerminalReasons, reason)};
  }
  return std::nullopt;
}

std::optional<Explanation> crash(const Evidence& evidence) {
  for (const auto& container : containers_of(evidence)) {
    if (!crashes(container.status)) continue;
    const Value& end = end_of(container.status);
    std::string text =
        fmt::format("{} crashes: {}, exit code {}, restarted {} times", container.name(),
                    end["reason"].text().empty() ? "Error" : end["reason"].text(),
                    end["exitCode"].integer_or(0), container.status["restartCount"].integer_or(0));
    if (const auto at = end["finishedAt"].text(); !at.empty())
      text += fmt::format(", last at {}", at);
    text += said(end["message"].text());
    const auto log = evidence.logs.find(container.key());
    if (log != evidence.logs.end() && !log->second.empty())
      text += "; its log ends: " + cut(log->second);
    return Explanation{std::move(text)};
  }
  return std::nullopt;
}

const Value& condition_of(const k8s::Object& object, std::string_view type) {
  static const Value kNone;
  const auto& conditions = object.status()["conditions"].items();
  const auto found = std::ranges::find_if(
      conditions, [&](const Value& condition) { return condition["type"].text() == type; });
  return found == conditions.end() ? kNone : *found;
}

std::optional<Explanation> unscheduled(const Evidence& evidence) {
  for (const auto& pod : evidence.pods) {
    const Value& scheduled = condition_of(pod, "PodScheduled");
    if (is_over(pod) || scheduled["status"].text() != "False") continue;
    return Explanation{fmt::format("pod {} has no node since {}: {}{}", pod.name(),
                                   scheduled["lastTransitionTime"].text(),
                                   scheduled["reason"].text(), said(scheduled["message"].text()))};
  }
  return std::nullopt;
}

std::optional<Explanation> not_ready(const Evidence& evidence) {
  for (const auto& container : containers_of(evidence)) {
    const Value& running = container.status.at({"state", "running"});
    if (!running.is_map() || container.status["ready"].boolean_or(true)) continue;
    std::string text = fmt::format("{} runs since {} and isn't ready", container.name(),
                                   running["startedAt"].text());
    if (const auto* probe = newest_warning(evidence, container.pod.uid(), "Unhealthy"))
      text += said(probe->tree()["message"].text());
    return Explanation{std::move(text)};
  }
  return std::nullopt;
}

/// What controllers say of the object itself: type, and the status that means trouble.
struct Trouble {
  std::string_view type;
  std::string_view status;
};
constexpr std::array kTroubles = {
    Trouble{"ReplicaFailure", "True"}, Trouble{"Failed", "True"},
    Trouble{"FailureTarget", "True"},  Trouble{"Progressing", "False"},
    Trouble{"ScalingActive", "False"}, Trouble{"AbleToScale", "False"},
    Trouble{"Available", "False"},     Trouble{"Ready", "False"},
};

std::optional<Explanation> condition(const Evidence& evidence) {
  for (const auto& trouble : kTroubles) {
    const Value& found = condition_of(evidence.object, trouble.type);
    if (found["status"].text() != trouble.status) continue;
    return Explanation{fmt::format("{} since {}{}", found["reason"].text(),
                                   found["lastTransitionTime"].text(),
                                   said(found["message"].text()))};
  }
  return std::nullopt;
}

std::optional<Explanation> warning(const Evidence& evidence) {
  const auto* event = newest_warning(evidence, {});
  if (event == nullptr) return std::nullopt;
  const auto& tree = event->tree();
  const Value& about = tree["involvedObject"];
  return Explanation{fmt::format("{} {}: {}{}", about["kind"].text(), about["name"].text(),
                                 tree["reason"].text(), said(tree["message"].text()))};
}

std::optional<Explanation> failed_create(const Evidence& evidence) {
  const auto* event = newest_warning(evidence, {}, "FailedCreate");
  if (event == nullptr || !evidence.pods.empty()) return std::nullopt;
  return Explanation{"its pods are refused" + said(event->tree()["message"].text())};
}

}  // namespace

Explanation explain(const Evidence& evidence) {
  for (const auto rule : {cannot_start, crash, failed_create, unscheduled, not_ready}) {
    if (auto found = rule(evidence)) return *std::move(found);
  }
  // A condition tells what is the case, the event beside it why.
  auto said_by_object = condition(evidence);
  auto said_by_event = warning(evidence);
  if (!said_by_object) return said_by_event.value_or(Explanation());
  if (said_by_event) said_by_object->text += "; " + said_by_event->text;
  return *std::move(said_by_object);
}

std::optional<LogWanted> log_wanted(const Evidence& evidence) {
  for (const auto& container : containers_of(evidence)) {
    if (!crashes(container.status)) continue;
    return LogWanted{std::string(container.pod.name()),
                     std::string(container.status["name"].text()),
                     !container.status.at({"state", "terminated"}).is_map()};
  }
  return std::nullopt;
}

}  // namespace tiphys::sync
