#include "tiphys/plan/auto_sync.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace tiphys::plan {

namespace {

using std::chrono::seconds;

/// Argo CD's default back-off of self-heal: nothing, then 2 s times 3, at most 300 s.
constexpr std::array kSelfHealDelays = {seconds(0),  seconds(2),   seconds(6),  seconds(18),
                                        seconds(54), seconds(162), seconds(300)};

/// What an automated operation gets when the policy says nothing.
const api::Retry kDefaultRetry{.limit = 5, .backoff = std::nullopt, .refresh = false};

/// Go's %s of a []string.
std::string list_text(const std::vector<std::string>& texts) {
  return fmt::format("[{}]", fmt::join(texts, " "));
}

std::vector<std::string> desired_revisions(const api::Application& app,
                                           const AutoSyncInputs& inputs) {
  if (!app.spec.sources.empty()) return inputs.revisions;
  return {inputs.revision};
}

std::string_view why_not_at_all(const api::Application& app, const Comparison& comparison) {
  if (!app.spec.sync_policy.is_automated()) return "automated sync is off";
  const auto& state = app.status.operation_state;
  if (app.operation || (state && !api::is_completed(state->phase)))
    return "another operation is in progress";
  if (app.deleting()) return "deletion in progress";
  if (comparison.code != api::SyncCode::out_of_sync) return "not OutOfSync";
  if (!app.spec.sync_policy.automated->prune &&
      std::ranges::all_of(comparison.statuses, [](const api::ResourceStatus& r) {
        return r.status == "Synced" || r.requires_pruning;
      }))
    return "only extra resources are left and automated prune is off";
  return {};
}

struct LastAttempt {
  bool attempted = false;
  bool succeeded = false;
  std::vector<std::string> revisions;
};

bool same_sources(const api::Application& app, const api::SyncResult& result) {
  if (app.spec.sources.empty())
    return app.spec.source && value::equal(app.spec.source->json, result.source);
  return app.spec.sources.size() == result.sources.size() &&
         std::ranges::equal(
             app.spec.sources, result.sources,
             [](const api::Source& a, const value::Value& b) { return value::equal(a.json, b); });
}

LastAttempt last_attempt(const api::Application& app, const std::vector<std::string>& desired) {
  const auto& state = app.status.operation_state;
  // A dry run wrote nothing: it is no attempt.
  if (!state || state->operation["sync"]["dryRun"].boolean_or(false)) return {};
  LastAttempt out;
  out.succeeded = state->phase == api::OperationPhase::succeeded;
  // Ended without any result: something is broken; it was retried as often as it should have been.
  if (!state->sync_result) {
    out.attempted = api::is_completed(state->phase);
    return out;
  }
  const api::SyncResult& result = *state->sync_result;
  out.revisions = app.spec.sources.empty() ? std::vector{result.revision} : result.revisions;
  out.attempted = out.revisions == desired && same_sources(app, result);
  return out;
}

std::int64_t attempts_so_far(const api::Application& app) {
  const auto& state = app.status.operation_state;
  return state ? state->operation["sync"]["autoHealAttemptsCount"].integer_or(0) : 0;
}

std::optional<api::Time> heal_not_before(const api::Application& app, std::int64_t attempts,
                                         api::Time now) {
  const std::size_t step = std::min<std::size_t>(
      static_cast<std::size_t>(std::max<std::int64_t>(attempts, 0)), kSelfHealDelays.size() - 1);
  const auto& state = app.status.operation_state;
  const api::Time from = state && state->finished_at ? *state->finished_at : now;
  const api::Time due = from + kSelfHealDelays.at(step);
  if (due <= now) return std::nullopt;
  return due;
}

std::vector<api::OperationResource> differing(const Comparison& comparison) {
  std::vector<api::OperationResource> out;
  for (const api::ResourceStatus& r : comparison.statuses)
    if (r.status != "Synced") out.push_back({r.group, r.kind, r.name, ""});
  return out;
}

bool wipes_out_everything(const api::Application& app, const Comparison& comparison) {
  const api::Automated& automated = *app.spec.sync_policy.automated;
  return automated.prune && !automated.allow_empty &&
         std::ranges::all_of(comparison.statuses, &api::ResourceStatus::requires_pruning);
}

api::Operation start(const api::Application& app, const AutoSyncInputs& inputs,
                     api::SyncOperation sync) {
  sync.revision = app.spec.sources.empty() ? inputs.revision : "";
  sync.revisions = app.spec.sources.empty() ? std::vector<std::string>() : inputs.revisions;
  sync.prune = app.spec.sync_policy.automated->prune;
  sync.options = app.spec.sync_policy.options;
  if (app.spec.sources.empty())
    sync.source = app.spec.source;
  else
    sync.sources = app.spec.sources;
  return api::make_operation(std::move(sync), {.username = "", .automated = true},
                             app.spec.sync_policy.retry.value_or(kDefaultRetry));
}

}  // namespace

AutoSyncDecision decide_auto_sync(const api::Application& app, const Comparison& comparison,
                                  const AutoSyncInputs& inputs) {
  AutoSyncDecision out;
  if (const std::string_view why = why_not_at_all(app, comparison); !why.empty()) {
    out.reason = why;
    return out;
  }
  const std::vector<std::string> desired = desired_revisions(app, inputs);
  const LastAttempt last = last_attempt(app, desired);
  api::SyncOperation sync;
  if (last.attempted) {
    if (!last.succeeded) {
      out.sync_error = fmt::format("Failed last sync attempt to {}: {}", list_text(last.revisions),
                                   app.status.operation_state->message);
      out.reason = "the last attempt failed";
      return out;
    }
    if (!app.spec.sync_policy.automated->self_heal) {
      out.reason = "most recent sync already to " + list_text(desired);
      return out;
    }
    const std::int64_t attempts = attempts_so_far(app);
    out.retry_at = heal_not_before(app, attempts, inputs.now);
    if (out.retry_at) {
      out.reason = "self-heal waits";
      return out;
    }
    sync.self_heal_attempts = attempts + 1;
    if (inputs.partial_self_heal) sync.resources = differing(comparison);
  }
  if (wipes_out_everything(app, comparison)) {
    out.sync_error = fmt::format(
        "Skipping sync attempt to {}: auto-sync will wipe out all resources", list_text(desired));
    out.reason = "nothing would be left";
    return out;
  }
  out.operation = start(app, inputs, std::move(sync));
  out.reason = fmt::format("Initiated automated sync to '{}'", fmt::join(desired, ", "));
  return out;
}

}  // namespace tiphys::plan
