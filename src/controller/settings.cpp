#include "tiphys/controller/settings.hpp"

#include "customizations.hpp"
#include "ignore_rules.hpp"

#include "tiphys/k8s/quantity.hpp"
#include "tiphys/text/duration.hpp"
#include "tiphys/text/glob.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <iterator>
#include <tuple>

namespace tiphys::controller {

namespace {

using base::Code;
using base::Error;
using base::Status;

Status set_duration(std::chrono::milliseconds& out, const std::string& text) {
  TRY_ASSIGN(const auto span, text::parse_duration(text));
  if (span.count() < 0) return Error(Code::Invalid, "a duration can't be negative: " + text);
  out = std::chrono::duration_cast<std::chrono::milliseconds>(span);
  return {};
}

Status set_bool(bool& out, const std::string& text) {
  if (text != "true" && text != "false") {
    return Error(Code::Invalid, "expected true or false, not '" + text + "'");
  }
  out = text == "true";
  return {};
}

Status set_log_level(base::LogLevel& out, const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, base::LogLevel>, 4> kLevels = {
      {{"debug", base::LogLevel::debug},
       {"info", base::LogLevel::info},
       {"warn", base::LogLevel::warn},
       {"error", base::LogLevel::error}}};
  for (const auto& [name, level] : kLevels) {
    if (name == text) {
      out = level;
      return {};
    }
  }
  return Error(Code::Invalid, "expected debug, info, warn or error, not '" + text + "'");
}

/// Below it nothing works, above it the pod is at risk.
Status set_bytes(std::uint64_t& out, const std::string& text, std::string_view least,
                 std::string_view most) {
  TRY_ASSIGN(const auto given, k8s::Quantity::parse(text));
  TRY_ASSIGN(const auto low, k8s::Quantity::parse(least));
  TRY_ASSIGN(const auto high, k8s::Quantity::parse(most));
  if (given < low || given > high)
    return Error(Code::Invalid, fmt::format("expected {} to {}, not {}", least, most, text));
  out = static_cast<std::uint64_t>(given.value());
  return {};
}

template <class Span>
Status set_span(Span& out, const std::string& text, Span least, Span most) {
  TRY_ASSIGN(const auto given, text::parse_duration(text));
  if (given < least || given > most)
    return Error(Code::Invalid,
                 fmt::format("expected {}s to {}s, not {}",
                             std::chrono::ceil<std::chrono::seconds>(least).count(),
                             std::chrono::ceil<std::chrono::seconds>(most).count(), text));
  out = std::chrono::duration_cast<Span>(given);
  return {};
}

Status set_count(int& out, const std::string& text, int most) {
  int given = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), given);
  if (error != std::errc() || end != text.data() + text.size() || given < 1 || given > most)
    return Error(Code::Invalid,
                 fmt::format("expected a number from 1 to {}, not '{}'", most, text));
  out = given;
  return {};
}

Status read_strings(const value::Value& list, const char* field, std::vector<std::string>& out) {
  if (!list.is_null() && !list.is_list()) {
    return Error(Code::Invalid, std::string(field) + ": expected a list");
  }
  for (const auto& item : list.items()) {
    if (!item.is_string()) return Error(Code::Invalid, std::string(field) + ": expected strings");
    out.emplace_back(item.string());
  }
  return {};
}

Status set_filters(std::vector<ResourceFilter>& out, const std::string& text) {
  out.clear();
  if (text.empty()) return {};
  TRY_ASSIGN(const auto tree, value::parse_yaml(text));
  if (!tree.is_null() && !tree.is_list()) return Error(Code::Invalid, "expected a list");
  for (const auto& item : tree.items()) {
    ResourceFilter filter;
    TRY(read_strings(item["apiGroups"], "apiGroups", filter.api_groups));
    TRY(read_strings(item["kinds"], "kinds", filter.kinds));
    TRY(read_strings(item["clusters"], "clusters", filter.clusters));
    out.push_back(std::move(filter));
  }
  return {};
}

struct Definition {
  const char* name;        ///< of the flag
  const char* cmd_params;  ///< key in argocd-cmd-params-cm, or nullptr
  const char* argocd_cm;   ///< key in argocd-cm, or nullptr
  const char* fallback;
  std::function<Status(Settings&, const std::string&)> set;
};

std::vector<Definition> render_definitions() {
  return {
      {"render-workers", "tiphys.render.workers", nullptr, "4",
       [](Settings& s, const std::string& text) { return set_count(s.render.workers, text, 64); }},
      {"render-memory", "tiphys.render.memory", nullptr, "256Mi",
       [](Settings& s, const std::string& text) {
         return set_bytes(s.render.memory_bytes, text, "64Mi", "16Gi");
       }},
      {"render-timeout", "tiphys.render.timeout", nullptr, "10s",
       [](Settings& s, const std::string& text) {
         using std::chrono::milliseconds;
         return set_span(s.render.time, text, milliseconds(1'000), milliseconds(600'000));
       }},
      {"render-cpu", "tiphys.render.cpu", nullptr, "120s",
       [](Settings& s, const std::string& text) {
         using std::chrono::seconds;
         return set_span(s.render.cpu, text, seconds(1), seconds(3'600));
       }},
      {"render-output", "tiphys.render.output", nullptr, "50Mi",
       [](Settings& s, const std::string& text) {
         return set_bytes(s.render.output_bytes, text, "64Ki", "1Gi");
       }},
  };
}

std::vector<Definition> plain_definitions() {
  return {
      {"resource-tracking-method", nullptr, "application.resourceTrackingMethod", "annotation",
       [](Settings& s, const std::string& text) -> Status {
         const auto method = api::parse_tracking_method(text);
         if (!method) {
           return Error(Code::Invalid,
                        "expected annotation, label or annotation+label, not '" + text + "'");
         }
         s.tracking.method = *method;
         return {};
       }},
      {"instance-label-key", nullptr, "application.instanceLabelKey", "app.kubernetes.io/instance",
       [](Settings& s, const std::string& text) -> Status {
         s.tracking.instance_label = text;
         return {};
       }},
      {"installation-id", nullptr, "installationID", "",
       [](Settings& s, const std::string& text) -> Status {
         s.tracking.installation_id = text;
         return {};
       }},
      {"app-resync", nullptr, "timeout.reconciliation", "120s",
       [](Settings& s, const std::string& text) { return set_duration(s.resync, text); }},
      {"app-resync-jitter", nullptr, "timeout.reconciliation.jitter", "60s",
       [](Settings& s, const std::string& text) { return set_duration(s.resync_jitter, text); }},
      {"resource-exclusions", nullptr, "resource.exclusions", "",
       [](Settings& s, const std::string& text) { return set_filters(s.exclusions, text); }},
      {"resource-inclusions", nullptr, "resource.inclusions", "",
       [](Settings& s, const std::string& text) { return set_filters(s.inclusions, text); }},
      {"in-cluster-enabled", nullptr, "cluster.inClusterEnabled", "true",
       [](Settings& s, const std::string& text) { return set_bool(s.in_cluster_enabled, text); }},
      {"sync-impersonation", nullptr, "application.sync.impersonation.enabled", "false",
       [](Settings& s, const std::string& text) { return set_bool(s.impersonation, text); }},
      {"sync-impersonation-enforced", nullptr, "application.sync.impersonation.enforced", "true",
       [](Settings& s, const std::string& text) {
         return set_bool(s.impersonation_enforced, text);
       }},
      {"resource-health-persist", "controller.resource.health.persist", nullptr, "false",
       [](Settings& s, const std::string& text) -> Status {
         bool persist = false;
         TRY(set_bool(persist, text));
         s.resource_health = persist ? ResourceHealth::in_status : ResourceHealth::in_tree;
         return {};
       }},
      {"log-level", "controller.log.level", nullptr, "info",
       [](Settings& s, const std::string& text) { return set_log_level(s.log_level, text); }},
  };
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> kTable = [] {
    auto all = plain_definitions();
    std::ranges::move(render_definitions(), std::back_inserter(all));
    return all;
  }();
  return kTable;
}

struct Chosen {
  std::string text;
  std::string origin;
  std::string where;  ///< for messages: "argocd-cm key x"
};

Chosen choose(const Definition& definition, const ConfigData& flags, const ConfigData& cmd_params,
              const ConfigData& argocd_cm) {
  const auto from = [](const ConfigData& data, const char* key) -> const std::string* {
    if (key == nullptr) return nullptr;
    const auto found = data.find(key);
    return found == data.end() || found->second.empty() ? nullptr : &found->second;
  };
  if (const auto* text = from(flags, definition.name)) {
    return {*text, "flag", std::string("--") + definition.name};
  }
  if (const auto* text = from(cmd_params, definition.cmd_params)) {
    return {*text, "argocd-cmd-params-cm",
            std::string("argocd-cmd-params-cm key ") + definition.cmd_params};
  }
  if (const auto* text = from(argocd_cm, definition.argocd_cm)) {
    return {*text, "argocd-cm", std::string("argocd-cm key ") + definition.argocd_cm};
  }
  return {definition.fallback, "default", definition.name};
}

bool any_glob_matches(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs, [&](const std::string& pattern) {
    const auto glob = text::Glob::compile(pattern);
    return glob.ok() ? glob->match(text) : pattern == text;
  });
}

/// An empty list of a filter means any (Argo CD's
/// FilteredResource.MatchGroup/MatchKind/MatchCluster).
bool matches(const ResourceFilter& filter, const k8s::GroupKind& kind, std::string_view server) {
  const auto any_or = [](const std::vector<std::string>& globs, std::string_view text) {
    return globs.empty() || any_glob_matches(globs, text);
  };
  return any_or(filter.api_groups, kind.group) && any_or(filter.kinds, kind.kind) &&
         any_or(filter.clusters, server);
}

bool matches_any(const std::vector<ResourceFilter>& filters, const k8s::GroupKind& kind,
                 std::string_view server) {
  return std::ranges::any_of(filters,
                             [&](const auto& filter) { return matches(filter, kind, server); });
}

}  // namespace

bool Settings::watches(const k8s::GroupKind& kind, std::string_view server) const {
  static constexpr std::array<std::string_view, 2> kNeverGroups = {"events.k8s.io",
                                                                   "metrics.k8s.io"};
  if (std::ranges::find(kNeverGroups, kind.group) != kNeverGroups.end()) return false;
  if (kind.group.empty() && kind.kind == "Event") return false;
  if (kind.group == "coordination.k8s.io" && kind.kind == "Lease") return false;
  if (!inclusions.empty() && !matches_any(inclusions, kind, server)) return false;
  return !matches_any(exclusions, kind, server);
}

bool Settings::same_objects(const Settings& other) const {
  const auto what = [](const Settings& s) {
    return std::tie(s.tracking.method, s.tracking.instance_label, s.tracking.installation_id,
                    s.exclusions, s.inclusions, s.health_scripts);
  };
  return what(*this) == what(other);
}

base::Result<Settings> resolve_settings(const ConfigData& flags, const ConfigData& cmd_params,
                                        const ConfigData& argocd_cm) {
  Settings settings;
  for (const auto& definition : definitions()) {
    const Chosen chosen = choose(definition, flags, cmd_params, argocd_cm);
    TRY(definition.set(settings, chosen.text).context(chosen.where));
    settings.rows.push_back({definition.name, chosen.text, chosen.origin});
  }
  TRY_ASSIGN(settings.health_scripts, read_health_scripts(argocd_cm));
  TRY_ASSIGN(settings.ignores, read_ignore_rules(argocd_cm));
  return settings;
}

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  for (const auto& definition : definitions()) names.emplace_back(definition.name);
  return names;
}

}  // namespace tiphys::controller
