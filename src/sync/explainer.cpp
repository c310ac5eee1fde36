#include "tiphys/sync/explain.hpp"

#include <algorithm>

namespace tiphys::sync {

namespace {

constexpr std::size_t kBlocking = 3;  // objects that are explained
constexpr std::size_t kPodsWithEvents = 3;
constexpr std::chrono::seconds kTime{5};  // for all of it
constexpr int kLogLines = 5;
constexpr int kLogBytes = 4096;

const kube::ResourceInfo& pods() {
  static const kube::ResourceInfo kPods{"", "v1", "pods", "Pod", true, {}};
  return kPods;
}
const kube::ResourceInfo& events() {
  static const kube::ResourceInfo kEvents{"", "v1", "events", "Event", true, {}};
  return kEvents;
}

/// "a=b,c=d" of spec.selector.matchLabels; "" where there is none.
std::string selector_of(const k8s::Object& object) {
  std::string text;
  for (const auto& [key, value] : object.spec().at({"selector", "matchLabels"}).entries())
    text += (text.empty() ? "" : ",") + key + "=" + std::string(value.text());
  return text;
}

std::string name_of(const k8s::ObjectKey& key) {
  return (key.group.empty() ? "" : key.group + "/") + key.kind + "/" + key.name;
}

bool is_newer(const k8s::Object& a, const k8s::Object& b) {
  return a.metadata()["creationTimestamp"].text() > b.metadata()["creationTimestamp"].text();
}

}  // namespace

void Explainer::add_events(Evidence& evidence, const k8s::Object& about,
                           const kube::CallOptions& options) const {
  kube::ListOptions what;
  what.field_selector = "involvedObject.uid=" + std::string(about.uid());
  auto list = client_.list(events(), about.namespace_(), what, options);
  if (list.ok()) std::ranges::move(list->items, std::back_inserter(evidence.events));
}

std::optional<Evidence> Explainer::evidence_of(const k8s::ObjectKey& key,
                                               const kube::CallOptions& options) const {
  const auto resource = discovery_.resource(key.group_kind());
  if (!resource) return std::nullopt;
  auto object = client_.get(*resource, key.namespace_, key.name, options);
  if (!object.ok()) return std::nullopt;
  Evidence evidence{.object = *std::move(object)};
  if (key.kind == "Pod" && key.group.empty()) {
    evidence.pods.push_back(evidence.object);
  } else if (const auto selector = selector_of(evidence.object); !selector.empty()) {
    kube::ListOptions what;
    what.label_selector = selector;
    auto list = client_.list(pods(), key.namespace_, what, options);
    if (list.ok()) evidence.pods = std::move(list->items);
    add_events(evidence, evidence.object, options);
  } else if (!key.namespace_.empty()) {
    add_events(evidence, evidence.object, options);
  }
  std::ranges::sort(evidence.pods, is_newer);
  for (std::size_t i = 0; i < std::min(kPodsWithEvents, evidence.pods.size()); ++i)
    add_events(evidence, evidence.pods[i], options);
  if (const auto wanted = log_wanted(evidence)) {
    const std::string target =
        pods().path(key.namespace_, wanted->pod) + "/log?container=" + wanted->container +
        "&tailLines=" + std::to_string(kLogLines) + "&limitBytes=" + std::to_string(kLogBytes) +
        (wanted->previous ? "&previous=true" : "");
    auto log = client_.get_raw(target, options, "*/*");
    if (log.ok()) evidence.logs[wanted->pod + "/" + wanted->container] = *std::move(log);
  }
  return evidence;
}

Explanation Explainer::explain_wait(const std::vector<k8s::ObjectKey>& blocking,
                                    const kube::Identity& identity) const {
  kube::CallOptions options(base::Deadline::after(clock_, kTime));
  options.identity = identity;
  Explanation all;
  for (std::size_t i = 0; i < std::min(kBlocking, blocking.size()); ++i) {
    const auto evidence = evidence_of(blocking[i], options);
    if (!evidence) continue;
    const auto one = explain(*evidence);
    if (one.text.empty()) continue;
    all.text += (all.text.empty() ? "" : "; ") + name_of(blocking[i]) + ": " + one.text;
    all.terminal = all.terminal || one.terminal;
  }
  return all;
}

}  // namespace tiphys::sync
