#include "helm/sort.hpp"

#include "helm/go_decode.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace tiphys::helm {

using base::Error;
using base::Result;
using base::Status;
using value::Value;

namespace {

constexpr std::array<std::string_view, 38> kInstallOrder = {
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
};
/// 3.21 doesn't know the two webhook kinds.
constexpr std::size_t kKnownKinds321 = 36;

struct EventName {
  std::string_view name;
  HookEvent event;
};
constexpr std::array<EventName, 10> kEvents = {{
    {"pre-install", HookEvent::pre_install},
    {"post-install", HookEvent::post_install},
    {"pre-delete", HookEvent::pre_delete},
    {"post-delete", HookEvent::post_delete},
    {"pre-upgrade", HookEvent::pre_upgrade},
    {"post-upgrade", HookEvent::post_upgrade},
    {"pre-rollback", HookEvent::pre_rollback},
    {"post-rollback", HookEvent::post_rollback},
    {"test", HookEvent::test},
    {"test-success", HookEvent::test},
}};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
/// RE2's \s.
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// 3.21: `(?:^|\s*\n)---\s*` over the trimmed text, every document trimmed.
std::vector<std::string_view> split_321(std::string_view text) {
  std::vector<std::string_view> out;
  text = trim_space(text);
  const auto add = [&out](std::string_view part) {
    if (!part.empty()) out.push_back(trim_space(part));
  };
  const auto skip = [&text] {
    text.remove_prefix(3);
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  };
  if (text.starts_with("---")) skip();
  for (;;) {
    const std::size_t at = text.find("\n---");
    if (at == std::string_view::npos) break;
    add(text.substr(0, at));
    text.remove_prefix(at + 1);
    skip();
  }
  add(text);
  return out;
}

/// 4.2: `(?m)^---[ \t]*`, every document trimmed at its start only.
std::vector<std::string_view> split_42(std::string_view text) {
  std::vector<std::string_view> out;
  text = trim_left_space(text);
  std::size_t start = 0;
  const auto add = [&](std::size_t end) {
    const std::string_view part = trim_left_space(text.substr(start, end - start));
    if (!part.empty()) out.push_back(part);
  };
  for (std::size_t line = 0; line < text.size();) {
    if (text.substr(line).starts_with("---")) {
      add(line);
      start = line + 3;
      while (start < text.size() && is_blank(text[start])) ++start;
    }
    const std::size_t end = text.find('\n', std::max(line, start));
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  add(text.size());
  return out;
}

/// The part of a document that Helm decodes, and a mistake in it.
struct Head {
  std::string kind;
  std::string name;
  std::map<std::string, std::string> annotations;

  Status read(const Value& tree, Profile profile) {
    const std::string_view type = profile == Profile::v3_21
                                      ? "Go value of type releaseutil.SimpleHead"
                                      : "Go value of type util.SimpleHead";
    if (tree.is_null()) return {};
    if (!tree.is_map()) return cannot_unmarshal(tree, type);
    std::string version;
    TRY(text(tree, "apiVersion", "SimpleHead.apiVersion", version));
    TRY(text(tree, "kind", "SimpleHead.kind", kind));
    const Value* metadata = find_field(tree, "metadata");
    if (metadata == nullptr || metadata->is_null()) return {};
    if (!metadata->is_map())
      return cannot_unmarshal(
          *metadata,
          "Go struct field SimpleHead.metadata of type struct { Name string "
          "\"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }");
    TRY(text(*metadata, "name", ".metadata.name", name));
    return read_annotations(*metadata);
  }

 private:
  static Status text(const Value& map, std::string_view key, std::string_view path,
                     std::string& out) {
    const Value* found = find_field(map, key);
    if (found == nullptr) return {};
    TRY_ASSIGN(out, coerce_string(*found, fmt::format("Go struct field {} of type string", path)));
    return {};
  }

  Status read_annotations(const Value& metadata) {
    const Value* found = find_field(metadata, "annotations");
    if (found == nullptr || found->is_null()) return {};
    constexpr std::string_view kField = "Go struct field .metadata.annotations of type ";
    if (!found->is_map())
      return cannot_unmarshal(*found, fmt::format("{}map[string]string", kField));
    for (const auto& [key, item] : found->map()) {
      TRY_ASSIGN(annotations[key], coerce_string(item, fmt::format("{}string", kField)));
    }
    return {};
  }
};

void read_policies(const std::string& text, std::vector<HookDeletePolicy>& out) {
  for (std::string_view const part : split(text, ',')) {
    const std::string policy = to_lower_ascii(trim_space(part));
    if (policy == "hook-succeeded") out.push_back(HookDeletePolicy::succeeded);
    if (policy == "hook-failed") out.push_back(HookDeletePolicy::failed);
    if (policy == "before-hook-creation") out.push_back(HookDeletePolicy::before_creation);
  }
}

/// False: an event that Helm doesn't know, which drops the document.
bool read_events(const std::string& text, std::vector<HookEvent>& out) {
  for (std::string_view const part : split(text, ',')) {
    const std::string name = to_lower_ascii(trim_space(part));
    const auto found = std::ranges::find(kEvents, std::string_view(name), &EventName::name);
    if (found == kEvents.end()) return false;
    out.push_back(found->event);
  }
  return true;
}

std::int64_t read_weight(const std::map<std::string, std::string>& annotations) {
  const auto found = annotations.find("helm.sh/hook-weight");
  if (found == annotations.end()) return 0;
  const std::string& text = found->second;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  std::int64_t weight = 0;
  const auto [at, code] = std::from_chars(begin, text.data() + text.size(), weight);
  return code == std::errc() && at == text.data() + text.size() ? weight : 0;
}

Status add_document(const std::string& path, std::string_view text, Profile profile,
                    const std::function<void(std::string_view)>& warn, Manifests& out) {
  const auto framed = [&path](const Error& error) {
    return Error(error.code(), fmt::format("YAML parse error on {}: {}", path, error.text()));
  };
  auto tree = decode_yaml(text, false);
  if (!tree.ok()) return framed(tree.error());
  Head head;
  if (auto status = head.read(*tree, profile); !status.ok()) return framed(status.error());
  Document document;
  document.source = path;
  document.text = text;
  document.tree = *std::move(tree);
  document.kind = head.kind;
  document.name = head.name;
  const auto hook = head.annotations.find("helm.sh/hook");
  if (hook == head.annotations.end()) {
    out.manifests.push_back(std::move(document));
    return {};
  }
  if (!read_events(hook->second, document.events)) {
    if (warn && profile != Profile::v3_21)
      warn(fmt::format("level=INFO msg=\"skipping unknown hooks\" hookTypes={}", hook->second));
    if (warn && profile == Profile::v3_21)
      warn(fmt::format("manifest_sorter.go:199: info: skipping unknown hook: {}",
                       gotmpl::quote(hook->second)));
    return {};
  }
  document.is_hook = true;
  document.weight = read_weight(head.annotations);
  if (const auto policy = head.annotations.find("helm.sh/hook-delete-policy");
      policy != head.annotations.end())
    read_policies(policy->second, document.delete_policies);
  out.hooks.push_back(std::move(document));
  return {};
}

/// Unknown kinds come last, by name.
void sort_by_kind(std::vector<Document>& documents, Profile profile) {
  const std::size_t known = profile == Profile::v3_21 ? kKnownKinds321 : kInstallOrder.size();
  const auto rank = [known](const Document& document) {
    const auto found =
        std::find(kInstallOrder.begin(), kInstallOrder.begin() + static_cast<std::ptrdiff_t>(known),
                  document.kind);
    return static_cast<std::size_t>(found - kInstallOrder.begin());
  };
  std::vector<std::size_t> ranks;
  ranks.reserve(documents.size());
  for (const Document& document : documents) ranks.push_back(rank(document));
  std::vector<std::size_t> order(documents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
    const Document& a = documents[i];
    const Document& b = documents[j];
    if (ranks[i] != ranks[j]) return ranks[i] < ranks[j];
    if (ranks[i] == known && a.kind != b.kind) return a.kind < b.kind;
    return i < j;
  });
  std::vector<Document> sorted;
  sorted.reserve(documents.size());
  for (const std::size_t i : order) sorted.push_back(std::move(documents[i]));
  documents = std::move(sorted);
}

}  // namespace

std::vector<std::string_view> split_manifests(std::string_view text, Profile profile) {
  return profile == Profile::v3_21 ? split_321(text) : split_42(text);
}

Status sort_manifests(const std::map<std::string, std::string>& files, Profile profile,
                      const std::function<void(std::string_view)>& warn, Manifests& out) {
  for (const auto& [path, text] : files) {
    if (base_name(path).starts_with('_') || trim_space(text).empty()) continue;
    for (std::string_view const document : split_manifests(text, profile))
      TRY(add_document(path, document, profile, warn, out));
  }
  sort_by_kind(out.manifests, profile);
  sort_by_kind(out.hooks, profile);
  return {};
}

}  // namespace tiphys::helm
