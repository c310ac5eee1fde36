#include "look.hpp"

#include "tiphys/sprig/host.hpp"

#include <algorithm>

namespace tiphys::controller {

namespace {

const text::ZoneLoader& zones() {
  static const text::ZoneLoader kZones = sprig::read_system_zone;
  return kZones;
}

struct WindowAnswer {
  bool allowed = true;
  std::string reason;
};

/// What the project's sync windows say now; the look is repeated when that may change.
WindowAnswer ask_windows(const api::Project& project, const api::Application& app,
                         const api::WindowInputs& inputs, Observation& seen) {
  const auto windows = api::windows_for(project.sync_windows, app);
  const auto verdict = api::can_sync(windows, inputs, zones());
  if (!verdict.ok()) return {.allowed = false, .reason = verdict.error().text()};
  if (verdict->allowed) return {};
  if (verdict->next_change) {
    const auto delay = std::max(*verdict->next_change - inputs.now, std::chrono::milliseconds(1));
    seen.look_again = std::min(seen.look_again.value_or(delay), delay);
  }
  return {.allowed = false, .reason = verdict->reason};
}

}  // namespace

bool Reconciler::windows_forbid_start(Look& look) {
  if (!look.project || look.project->sync_windows.empty()) return false;
  const auto answer = ask_windows(*look.project, look.app, {.now = parts_.clock.wall()}, look.seen);
  if (answer.allowed) return false;
  look.log.info("automated sync waits for a sync window", {{"window", answer.reason}});
  return true;
}

Reconciler::Stop Reconciler::await_window(Look& look) {
  auto& state = *look.operation;
  if (!look.project || look.project->sync_windows.empty() ||
      state.phase == api::OperationPhase::terminating)
    return std::nullopt;
  const bool automated = state.operation.at({"initiatedBy", "automated"}).boolean_or(false);
  const auto answer =
      ask_windows(*look.project, look.app,
                  {.trigger = automated ? api::Trigger::automated : api::Trigger::manual,
                   .now = parts_.clock.wall(),
                   .started_at = state.started_at},
                  look.seen);
  if (answer.allowed) return std::nullopt;
  state.message = "Sync operation blocked by sync window: " + answer.reason;
  look.seen.operation = state;
  return finish(look);
}

}  // namespace tiphys::controller
