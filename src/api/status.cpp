#include "tiphys/api/status.hpp"

#include "api/json.hpp"

#include "tiphys/value/patch.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace tiphys::api {

using value::Map;
using value::Value;

namespace {

/// Members of .status that this program writes; all others are left as they are.
constexpr std::array<std::string_view, 12> kOwned = {"conditions",
                                                     "controllerNamespace",
                                                     "health",
                                                     "history",
                                                     "operationState",
                                                     "reconciledAt",
                                                     "resourceHealthSource",
                                                     "resources",
                                                     "sourceType",
                                                     "sourceTypes",
                                                     "summary",
                                                     "sync"};

Value resource_value(const ResourceStatus& r) {
  Map out;
  put(out, "group", r.group);
  if (!r.health.empty()) {
    Map health;
    put(health, "message", r.health_message);
    health.set("status", Value(r.health));
    out.set("health", Value(std::move(health)));
  }
  put(out, "hook", r.hook);
  put(out, "kind", r.kind);
  put(out, "name", r.name);
  put(out, "namespace", r.namespace_);
  put(out, "requiresDeletionConfirmation", r.requires_deletion_confirmation);
  put(out, "requiresPruning", r.requires_pruning);
  put(out, "status", r.status);
  put(out, "syncWave", r.sync_wave);
  put(out, "version", r.version);
  return out;
}

ResourceStatus read_resource(const Value& v) {
  return {.group = read_text(v["group"]),
          .version = read_text(v["version"]),
          .kind = read_text(v["kind"]),
          .namespace_ = read_text(v["namespace"]),
          .name = read_text(v["name"]),
          .status = read_text(v["status"]),
          .health = read_text(v["health"]["status"]),
          .health_message = read_text(v["health"]["message"]),
          .hook = v["hook"].boolean_or(false),
          .requires_pruning = v["requiresPruning"].boolean_or(false),
          .requires_deletion_confirmation = v["requiresDeletionConfirmation"].boolean_or(false),
          .sync_wave = v["syncWave"].integer_or(0)};
}

Value sync_value(const SyncStatus& sync) {
  Map compared;
  compared.set("destination", to_value(sync.destination));
  if (sync.ignore_differences.size() > 0)
    compared.set("ignoreDifferences", sync.ignore_differences);
  if (sync.source.is_map()) compared.set("source", sync.source);
  put(compared, "sources", sync.sources);
  Map out;
  out.set("comparedTo", Value(std::move(compared)));
  put(out, "revision", sync.revision);
  put(out, "revisions", sync.revisions);
  out.set("status", Value(to_string(sync.status)));
  return out;
}

SyncStatus read_sync(const Value& v) {
  SyncStatus out;
  out.status = parse_sync_code(v["status"].text());
  const Value& compared = v["comparedTo"];
  if (compared["source"].is_map()) out.source = canonical_source(compared["source"]);
  for (const Value& item : compared["sources"].items())
    out.sources.push_back(canonical_source(item));
  const Value& to = compared["destination"];
  out.destination = {read_text(to["server"]), read_text(to["name"]), read_text(to["namespace"])};
  out.ignore_differences = compared["ignoreDifferences"];
  out.revision = read_text(v["revision"]);
  out.revisions = read_texts(v["revisions"]);
  return out;
}

Value history_value(const HistoryEntry& entry) {
  Map out;
  put(out, "deployStartedAt", entry.deploy_started_at);
  out.set("deployedAt", Value(base::format_rfc3339(entry.deployed_at)));
  out.set("id", Value(entry.id));
  out.set("initiatedBy", initiator_value(entry.initiated_by));
  put(out, "revision", entry.revision);
  put(out, "revisions", entry.revisions);
  out.set("source", source_or_empty(entry.source));
  put(out, "sources", entry.sources);
  return out;
}

HistoryEntry read_history(const Value& v) {
  HistoryEntry out;
  out.id = v["id"].integer_or(0);
  out.revision = read_text(v["revision"]);
  out.revisions = read_texts(v["revisions"]);
  if (!v["source"]["repoURL"].text().empty()) out.source = canonical_source(v["source"]);
  for (const Value& item : v["sources"].items()) out.sources.push_back(canonical_source(item));
  out.deployed_at = read_time(v["deployedAt"]).value_or(Time{});
  out.deploy_started_at = read_time(v["deployStartedAt"]);
  out.initiated_by = read_initiator(v["initiatedBy"]);
  return out;
}

Value condition_value(const Condition& condition) {
  Map out;
  put(out, "lastTransitionTime", condition.last_transition_time);
  out.set("message", Value(condition.message));
  out.set("type", Value(condition.type));
  return out;
}

Value health_value(const AppHealth& health) {
  Map out;
  put(out, "lastTransitionTime", health.last_transition_time);
  put(out, "message", health.message);
  put(out, "status", health.status);
  return out;
}

Value summary_value(const Summary& summary) {
  Map out;
  put(out, "externalURLs", summary.external_urls);
  put(out, "images", summary.images);
  put(out, "isAppOfApps", summary.is_app_of_apps);
  return out;
}

}  // namespace

std::string_view to_string(SyncCode code) {
  constexpr std::array<std::string_view, 3> kNames = {"Unknown", "Synced", "OutOfSync"};
  return kNames.at(static_cast<std::size_t>(code));
}

SyncCode parse_sync_code(std::string_view text) {
  if (text == "Synced") return SyncCode::synced;
  return text == "OutOfSync" ? SyncCode::out_of_sync : SyncCode::unknown;
}

std::string ResourceStatus::sort_key() const {
  return group + "/" + kind + "/" + namespace_ + "/" + name;
}

bool Condition::is_error() const { return type.ends_with("Error"); }

Value to_value(const Destination& destination) {
  Map out;
  put(out, "name", destination.name);
  put(out, "namespace", destination.namespace_);
  put(out, "server", destination.server);
  return out;
}

Status read_status(const Value& status) {
  Status out;
  for (const Value& item : status["resources"].items())
    out.resources.push_back(read_resource(item));
  out.sync = read_sync(status["sync"]);
  const Value& health = status["health"];
  out.health = {read_text(health["status"]), read_text(health["message"]),
                read_time(health["lastTransitionTime"])};
  for (const Value& item : status["history"].items()) out.history.push_back(read_history(item));
  for (const Value& item : status["conditions"].items())
    out.conditions.push_back({read_text(item["type"]), read_text(item["message"]),
                              read_time(item["lastTransitionTime"])});
  out.reconciled_at = read_time(status["reconciledAt"]);
  out.operation_state = read_operation_state(status["operationState"]);
  out.source_type = read_text(status["sourceType"]);
  out.source_types = read_texts(status["sourceTypes"]);
  const Value& summary = status["summary"];
  out.summary = {read_texts(summary["externalURLs"]), read_texts(summary["images"]),
                 summary["isAppOfApps"].boolean_or(false)};
  out.resource_health_source = read_text(status["resourceHealthSource"]);
  out.controller_namespace = read_text(status["controllerNamespace"]);
  return out;
}

Value to_value(const Status& status) {
  Map out;
  std::vector<Value> conditions;
  conditions.reserve(status.conditions.size());
  for (const Condition& condition : status.conditions)
    conditions.push_back(condition_value(condition));
  put(out, "conditions", conditions);
  put(out, "controllerNamespace", status.controller_namespace);
  if (!status.health.status.empty()) out.set("health", health_value(status.health));
  std::vector<Value> history;
  history.reserve(status.history.size());
  for (const HistoryEntry& entry : status.history) history.push_back(history_value(entry));
  put(out, "history", history);
  if (status.operation_state) out.set("operationState", to_value(*status.operation_state));
  put(out, "reconciledAt", status.reconciled_at);
  put(out, "resourceHealthSource", status.resource_health_source);
  std::vector<ResourceStatus> sorted = status.resources;
  std::ranges::sort(sorted, {}, &ResourceStatus::sort_key);
  std::vector<Value> resources;
  resources.reserve(sorted.size());
  for (const ResourceStatus& r : sorted) resources.push_back(resource_value(r));
  put(out, "resources", resources);
  put(out, "sourceType", status.source_type);
  put(out, "sourceTypes", status.source_types);
  if (Value summary = summary_value(status.summary); summary.size() > 0)
    out.set("summary", std::move(summary));
  out.set("sync", sync_value(status.sync));
  return out;
}

std::vector<Condition> evaluate_conditions(const std::vector<Condition>& before,
                                           const std::vector<Condition>& current,
                                           const std::vector<std::string_view>& owned, Time now) {
  std::vector<Condition> out;
  for (const Condition& old : before) {
    if (std::ranges::find(owned, std::string_view(old.type)) != owned.end()) continue;
    out.push_back(old);
    if (!out.back().last_transition_time) out.back().last_transition_time = now;
  }
  for (const Condition& condition : current) {
    const auto same = std::ranges::find_if(before, [&](const Condition& old) {
      return old.type == condition.type && old.message == condition.message;
    });
    Condition next = same != before.end() ? *same : condition;
    if (!next.last_transition_time) next.last_transition_time = now;
    if (std::ranges::none_of(out, [&](const Condition& seen) {
          return seen.type == next.type && seen.message == next.message;
        }))
      out.push_back(std::move(next));
  }
  std::ranges::sort(out, [](const Condition& a, const Condition& b) {
    return std::tie(a.type, a.message) < std::tie(b.type, b.message);
  });
  return out;
}

Value merge_patch(const Value& before, const Value& after) {
  if (value::equal(before, after)) return {};
  return value::create_merge_patch(before, after);
}

Value status_patch(const Value& before, const Status& after) {
  Map ours;
  for (const auto& [key, member] : before.entries())
    if (std::ranges::find(kOwned, std::string_view(key)) != kOwned.end()) ours.set(key, member);
  return merge_patch(Value(std::move(ours)), to_value(after));
}

}  // namespace tiphys::api
