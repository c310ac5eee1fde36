#include "tiphys/api/operation.hpp"

#include "api/field.hpp"
#include "api/json.hpp"

#include <algorithm>
#include <array>

namespace tiphys::api {

using value::Map;
using value::Value;

namespace {

struct PhaseName {
  OperationPhase phase;
  std::string_view name;
};
constexpr std::array kPhases = {
    PhaseName{OperationPhase::running, "Running"},
    PhaseName{OperationPhase::terminating, "Terminating"},
    PhaseName{OperationPhase::failed, "Failed"},
    PhaseName{OperationPhase::error, "Error"},
    PhaseName{OperationPhase::succeeded, "Succeeded"},
};

base::Status read_sources(FieldReader& reader, SyncOperation& out) {
  if (const Value& source = reader.map("source"); !source.is_null()) {
    TRY_ASSIGN(out.source, parse_source(source, reader.path_of("source")));
  }
  const value::List& sources = reader.maps("sources");
  TRY(reader.status());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    TRY_ASSIGN(Source source, parse_source(sources[i], reader.path_of("sources", i)));
    out.sources.push_back(std::move(source));
  }
  return {};
}

void read_strategy(FieldReader& reader, SyncOperation& out) {
  FieldReader strategy(reader.map("syncStrategy"), reader.path_of("syncStrategy"));
  for (const std::string_view kind : {"apply", "hook"}) {
    const Value& options = strategy.map(kind);
    if (options.is_null()) continue;
    FieldReader nested(options, strategy.path_of(kind));
    out.force = nested.boolean("force") || out.force;
    if (kind == "apply") out.apply_strategy = true;
    strategy.merge(nested.status());
  }
  reader.merge(strategy.status());
}

base::Result<SyncOperation> parse_sync(const Value& sync, std::string_view field) {
  FieldReader reader(sync, std::string(field));
  SyncOperation out;
  out.revision = reader.text("revision");
  out.revisions = reader.texts("revisions");
  out.prune = reader.boolean("prune");
  out.dry_run = reader.boolean("dryRun");
  out.self_heal_attempts = reader.integer("autoHealAttemptsCount").value_or(0);
  out.options = parse_sync_options(reader.texts("syncOptions"));
  read_strategy(reader, out);
  const value::List& resources = reader.maps("resources");
  for (std::size_t i = 0; i < resources.size(); ++i) {
    FieldReader item(resources[i], reader.path_of("resources", i));
    out.resources.push_back(
        {item.text("group"), item.text("kind"), item.text("name"), item.text("namespace")});
    reader.merge(item.status());
  }
  TRY(read_sources(reader, out));
  TRY(reader.status());
  return out;
}

Value strategy_value(const SyncOperation& sync) {
  Map options;
  put(options, "force", sync.force);
  return Value::object({{sync.apply_strategy ? "apply" : "hook", Value(options)}});
}

Value sync_value(const SyncOperation& sync) {
  Map out;
  put(out, "autoHealAttemptsCount", sync.self_heal_attempts);
  put(out, "dryRun", sync.dry_run);
  put(out, "prune", sync.prune);
  put(out, "revision", sync.revision);
  put(out, "revisions", sync.revisions);
  put(out, "syncOptions", sync.options.entries);
  if (sync.force || sync.apply_strategy) out.set("syncStrategy", strategy_value(sync));
  if (sync.source) out.set("source", sync.source->json);
  std::vector<Value> sources;
  sources.reserve(sync.sources.size());
  for (const Source& source : sync.sources) sources.push_back(source.json);
  put(out, "sources", sources);
  std::vector<Value> resources;
  for (const OperationResource& r : sync.resources) {
    Map item;
    put(item, "group", r.group);
    item.set("kind", Value(r.kind));
    item.set("name", Value(r.name));
    put(item, "namespace", r.namespace_);
    resources.emplace_back(std::move(item));
  }
  put(out, "resources", resources);
  return out;
}

Value retry_value(const Retry& retry) {
  Map out;
  put(out, "limit", retry.limit);
  put(out, "refresh", retry.refresh);
  if (retry.backoff) {
    Map backoff;
    put(backoff, "duration", retry.backoff->duration);
    if (retry.backoff->factor) backoff.set("factor", Value(*retry.backoff->factor));
    put(backoff, "maxDuration", retry.backoff->max_duration);
    out.set("backoff", Value(std::move(backoff)));
  }
  return out;
}

}  // namespace

std::string_view to_string(OperationPhase phase) {
  return std::ranges::find(kPhases, phase, &PhaseName::phase)->name;
}

std::optional<OperationPhase> parse_operation_phase(std::string_view text) {
  const auto* row = std::ranges::find(kPhases, text, &PhaseName::name);
  if (row == kPhases.end()) return std::nullopt;
  return row->phase;
}

bool is_completed(OperationPhase phase) {
  return phase != OperationPhase::running && phase != OperationPhase::terminating;
}

base::Result<Operation> parse_operation(const Value& operation, std::string_view field) {
  FieldReader reader(operation, std::string(field));
  Operation out;
  if (const Value& sync = reader.map("sync"); !sync.is_null()) {
    TRY_ASSIGN(out.sync, parse_sync(sync, reader.path_of("sync")));
  }
  FieldReader initiator(reader.map("initiatedBy"), reader.path_of("initiatedBy"));
  out.initiated_by = {.username = initiator.text("username"),
                      .automated = initiator.boolean("automated")};
  reader.merge(initiator.status());
  const value::List& info = reader.maps("info");
  for (std::size_t i = 0; i < info.size(); ++i) {
    FieldReader item(info[i], reader.path_of("info", i));
    out.info.push_back({item.text("name"), item.text("value")});
    reader.merge(item.status());
  }
  const Value& retry = reader.map("retry");
  TRY(reader.status());
  TRY_ASSIGN(out.retry, parse_retry(retry, reader.path_of("retry")));
  out.json = operation;
  return out;
}

Operation make_operation(SyncOperation sync, Initiator initiated_by, Retry retry) {
  Operation out;
  out.json = Value::object({{"initiatedBy", initiator_value(initiated_by)},
                            {"retry", retry_value(retry)},
                            {"sync", sync_value(sync)}});
  out.sync = std::move(sync);
  out.initiated_by = std::move(initiated_by);
  out.retry = std::move(retry);
  return out;
}

}  // namespace tiphys::api
