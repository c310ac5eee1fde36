#include "tiphys/api/own_state.hpp"

#include "api/field.hpp"
#include "api/json.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

namespace tiphys::api {

namespace {

using base::Code;
using base::Error;
using value::Map;
using value::Value;

constexpr std::size_t kReasonLimit = 2048;
constexpr std::size_t kDigest = 8;
constexpr std::string_view kCut = "...";

/// At most `limit` bytes, never the half of a character.
std::string cut(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit - kCut.size();
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;
  return text.substr(0, end).append(kCut);
}

Value tree_of(const OwnState& state) {
  Map out;
  put(out, "operationId", state.operation_id);
  put(out, "phase", state.phase);
  put(out, "wave", state.wave);
  put(out, "waveStartedAt", state.wave_started_at);
  if (state.hold) {
    Map hold;
    put(hold, "revision", state.hold->revision);
    put(hold, "reason", cut(state.hold->reason, kReasonLimit));
    out.set("hold", Value(std::move(hold)));
  }
  put(out, "lastGoodRevision", state.last_good_revision);
  return Value(std::move(out));
}

Error too_long(std::size_t size) {
  return {Code::ResourceExhausted, std::string(kTiphysStateAnnotation) + ": " +
                                       std::to_string(size) + " bytes, the limit is " +
                                       std::to_string(kOwnStateLimit)};
}

}  // namespace

base::Result<OwnState> parse_own_state(std::string_view annotation) {
  OwnState state;
  if (annotation.empty()) return state;
  if (annotation.size() > kOwnStateLimit) return too_long(annotation.size());
  TRY_ASSIGN(const Value tree,
             value::parse_json(annotation).context(std::string(kTiphysStateAnnotation)));
  FieldReader reader(tree, std::string(kTiphysStateAnnotation));
  state.operation_id = reader.text("operationId");
  state.phase = reader.text("phase");
  state.wave = reader.integer("wave").value_or(0);
  state.last_good_revision = reader.text("lastGoodRevision");
  const std::string started = reader.text("waveStartedAt");
  state.wave_started_at = base::parse_rfc3339(started);
  if (!started.empty() && !state.wave_started_at) {
    reader.merge(Error(Code::Invalid,
                       reader.path_of("waveStartedAt") + ": expected a time as RFC 3339 has it"));
  }
  const Value& hold = reader.map("hold");
  if (hold.is_map()) {
    FieldReader inner(hold, reader.path_of("hold"));
    state.hold = OwnState::Hold{inner.text("revision"), inner.text("reason")};
    reader.merge(inner.status());
  }
  TRY(reader.status());
  return state;
}

base::Result<std::string> print_own_state(const OwnState& state) {
  if (state.empty()) return std::string();
  TRY_ASSIGN(auto text, value::write_json(tree_of(state), value::EscapeHtml::no));
  if (text.size() > kOwnStateLimit) return too_long(text.size());
  return text;
}

std::string operation_id_of(const OperationState& operation) {
  const auto json = value::write_json(operation.operation, value::EscapeHtml::no);
  return base::format_rfc3339(operation.started_at) + "-" +
         base::sha256_hex(json.ok() ? *json : std::string()).substr(0, kDigest);
}

std::string proven_good(const Status& status) {
  const auto& operation = status.operation_state;
  if (!operation || operation->phase != OperationPhase::succeeded || !operation->sync_result)
    return {};
  const Value& sync = operation->operation["sync"];
  const bool whole = sync["resources"].items().empty() && !sync["dryRun"].boolean_or(false);
  const std::string& revision = operation->sync_result->revision;
  const bool good = whole && status.sync.status == SyncCode::synced &&
                    status.sync.revision == revision && status.health.status == "Healthy";
  return good ? revision : std::string();
}

}  // namespace tiphys::api
