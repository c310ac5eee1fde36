#include "api/json.hpp"

#include "tiphys/api/operation.hpp"

namespace tiphys::api {

using value::Map;
using value::Value;

namespace {

std::map<std::string, std::string> read_text_map(const Value& map) {
  std::map<std::string, std::string> out;
  for (const auto& [key, item] : map.entries())
    if (item.is_string()) out.emplace(key, item.text());
  return out;
}

Value text_map_value(const std::map<std::string, std::string>& texts) {
  Map out;
  for (const auto& [key, text] : texts) out.set(key, Value(text));
  return out;
}

ResourceResult read_result(const Value& v) {
  return {.group = read_text(v["group"]),
          .version = read_text(v["version"]),
          .kind = read_text(v["kind"]),
          .namespace_ = read_text(v["namespace"]),
          .name = read_text(v["name"]),
          .status = read_text(v["status"]),
          .message = read_text(v["message"]),
          .hook_type = read_text(v["hookType"]),
          .hook_phase = read_text(v["hookPhase"]),
          .sync_phase = read_text(v["syncPhase"]),
          .images = read_texts(v["images"])};
}

SyncResult read_sync_result(const Value& v) {
  SyncResult out;
  for (const Value& item : v["resources"].items()) out.resources.push_back(read_result(item));
  out.revision = read_text(v["revision"]);
  out.revisions = read_texts(v["revisions"]);
  if (!v["source"]["repoURL"].text().empty()) out.source = canonical_source(v["source"]);
  for (const Value& item : v["sources"].items()) out.sources.push_back(canonical_source(item));
  if (const Value& meta = v["managedNamespaceMetadata"]; meta.is_map())
    out.managed_namespace_metadata = ManagedNamespaceMetadata{
        .labels = read_text_map(meta["labels"]), .annotations = read_text_map(meta["annotations"])};
  return out;
}

Value sync_result_value(const SyncResult& result) {
  Map out;
  if (const auto& meta = result.managed_namespace_metadata) {
    Map map;
    if (!meta->labels.empty()) map.set("labels", text_map_value(meta->labels));
    if (!meta->annotations.empty()) map.set("annotations", text_map_value(meta->annotations));
    out.set("managedNamespaceMetadata", Value(std::move(map)));
  }
  std::vector<Value> resources;
  resources.reserve(result.resources.size());
  for (const ResourceResult& r : result.resources) resources.push_back(to_value(r));
  put(out, "resources", resources);
  out.set("revision", Value(result.revision));
  put(out, "revisions", result.revisions);
  out.set("source", source_or_empty(result.source));
  put(out, "sources", result.sources);
  return out;
}

}  // namespace

Value to_value(const ResourceResult& r) {
  Map out;
  out.set("group", Value(r.group));
  put(out, "hookPhase", r.hook_phase);
  put(out, "hookType", r.hook_type);
  put(out, "images", r.images);
  out.set("kind", Value(r.kind));
  put(out, "message", r.message);
  out.set("name", Value(r.name));
  out.set("namespace", Value(r.namespace_));
  put(out, "status", r.status);
  put(out, "syncPhase", r.sync_phase);
  out.set("version", Value(r.version));
  return out;
}

std::optional<OperationState> read_operation_state(const Value& state) {
  const auto phase = parse_operation_phase(state["phase"].text());
  if (!phase) return std::nullopt;
  OperationState out;
  out.operation = state["operation"];
  out.phase = *phase;
  out.message = read_text(state["message"]);
  if (state["syncResult"].is_map()) out.sync_result = read_sync_result(state["syncResult"]);
  out.started_at = read_time(state["startedAt"]).value_or(Time{});
  out.finished_at = read_time(state["finishedAt"]);
  out.retry_count = state["retryCount"].integer_or(0);
  return out;
}

Value to_value(const OperationState& state) {
  Map out;
  put(out, "finishedAt", state.finished_at);
  put(out, "message", state.message);
  out.set("operation", state.operation.is_map() ? state.operation : Value(Map()));
  out.set("phase", Value(to_string(state.phase)));
  put(out, "retryCount", state.retry_count);
  out.set("startedAt", Value(base::format_rfc3339(state.started_at)));
  if (state.sync_result) out.set("syncResult", sync_result_value(*state.sync_result));
  return out;
}

}  // namespace tiphys::api
