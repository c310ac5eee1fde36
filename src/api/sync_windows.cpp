#include "tiphys/api/sync_windows.hpp"

#include "api/pattern.hpp"

#include "tiphys/text/cron.hpp"
#include "tiphys/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tiphys::api {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMillis = 1000;

std::int64_t floor_seconds(std::int64_t millis) {
  return millis / kMillis - (millis % kMillis < 0 ? 1 : 0);
}

/// A window whose texts are read, at one moment.
struct Reading {
  const SyncWindow* window = nullptr;
  bool active = false;
  std::optional<Time> next_change{};
};

std::string kind_name(const SyncWindow& window) {
  return window.kind == SyncWindow::Kind::deny ? "deny" : "allow";
}

base::Result<Reading> read(const SyncWindow& window, Time at, const text::ZoneLoader& zones) {
  const auto naming = [&](std::string_view field, const std::string& text) {
    return fmt::format("sync window {} '{}'", field, text);
  };
  TRY_ASSIGN(const auto cron,
             text::Cron::parse(window.schedule).context(naming("schedule", window.schedule)));
  TRY_ASSIGN(const auto duration,
             text::parse_duration(window.duration).context(naming("duration", window.duration)));
  TRY_ASSIGN(
      const auto zone,
      text::load_zone(window.time_zone, zones).context(naming("timeZone", window.time_zone)));
  // The clock on the wall decides, as with Argo CD: both ends are read in the offset of now.
  const std::int64_t now = at.time_since_epoch().count();
  const std::int64_t offset = zone->at(floor_seconds(now)).offset * kMillis;
  const std::int64_t length = std::chrono::duration_cast<milliseconds>(duration).count();
  const std::int64_t wall = now + offset;
  Reading out{.window = &window};
  const auto time_of = [&](std::int64_t wall_millis) {
    return Time(milliseconds(wall_millis - offset));
  };
  if (const auto start = cron.next(floor_seconds(wall - length));
      start && *start * kMillis < wall) {
    out.active = true;
    out.next_change = time_of(*start * kMillis + length);
  }
  if (const auto start = cron.next(floor_seconds(wall))) {
    const Time opens = time_of(*start * kMillis);
    if (!out.next_change || opens < *out.next_change) out.next_change = opens;
  }
  return out;
}

struct State {
  bool allowed = true;
  bool overrun = false;  ///< what began while it was allowed may go on
  const SyncWindow* blocking = nullptr;
  std::optional<Time> next_change{};
};

/// Blocked by all of these: is it let through by hand, may it overrun?
State blocked(const std::vector<const SyncWindow*>& by, Trigger trigger) {
  const bool manual = std::ranges::all_of(by, &SyncWindow::manual_sync);
  return {.allowed = trigger == Trigger::manual && manual,
          .overrun = std::ranges::all_of(by, &SyncWindow::sync_overrun),
          .blocking = by.front()};
}

base::Result<State> state_at(std::span<const SyncWindow> windows, Trigger trigger, Time at,
                             const text::ZoneLoader& zones) {
  std::vector<const SyncWindow*> denies;
  std::vector<const SyncWindow*> closed;
  bool open = false;
  std::optional<Time> next_change;
  for (const SyncWindow& window : windows) {
    TRY_ASSIGN(const Reading now, read(window, at, zones));
    if (now.next_change && (!next_change || *now.next_change < *next_change))
      next_change = now.next_change;
    if (window.kind == SyncWindow::Kind::deny && now.active) denies.push_back(&window);
    if (window.kind != SyncWindow::Kind::allow) continue;
    open = open || now.active;
    if (!now.active) closed.push_back(&window);
  }
  State out;
  if (!denies.empty())
    out = blocked(denies, trigger);
  else if (!open && !closed.empty())
    out = blocked(closed, trigger);
  out.next_change = next_change;
  return out;
}

bool any_match(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return plain_match(glob, text, ""); });
}

bool concerns(const SyncWindow& window, const Application& app) {
  const Destination& to = app.spec.destination;
  const bool by_name = any_match(window.applications, app.key.name);
  const bool by_cluster = (!to.name.empty() && any_match(window.clusters, to.name)) ||
                          (!to.server.empty() && any_match(window.clusters, to.server));
  const bool by_namespace = any_match(window.namespaces, to.namespace_);
  if (!window.and_operator) return by_name || by_cluster || by_namespace;
  const auto fits = [](const std::vector<std::string>& list, bool match) {
    return list.empty() || match;
  };
  const bool any_set =
      !window.applications.empty() || !window.clusters.empty() || !window.namespaces.empty();
  return any_set && fits(window.applications, by_name) && fits(window.clusters, by_cluster) &&
         fits(window.namespaces, by_namespace);
}

}  // namespace

std::vector<SyncWindow> windows_for(std::span<const SyncWindow> windows, const Application& app) {
  std::vector<SyncWindow> out;
  std::ranges::copy_if(windows, std::back_inserter(out),
                       [&](const SyncWindow& window) { return concerns(window, app); });
  return out;
}

base::Result<bool> is_active(const SyncWindow& window, Time at, const text::ZoneLoader& zones) {
  TRY_ASSIGN(const Reading reading, read(window, at, zones));
  return reading.active;
}

base::Result<WindowVerdict> can_sync(std::span<const SyncWindow> windows,
                                     const WindowInputs& inputs, const text::ZoneLoader& zones) {
  TRY_ASSIGN(const State now, state_at(windows, inputs.trigger, inputs.now, zones));
  WindowVerdict out{.allowed = now.allowed, .next_change = now.next_change};
  if (!out.allowed && now.overrun && inputs.started_at) {
    TRY_ASSIGN(const State then, state_at(windows, inputs.trigger, *inputs.started_at, zones));
    out.allowed = then.allowed;
  }
  if (!out.allowed)
    out.reason =
        fmt::format("{} window '{}' for {}{}{}", kind_name(*now.blocking), now.blocking->schedule,
                    now.blocking->duration, now.blocking->time_zone.empty() ? "" : " in ",
                    now.blocking->time_zone);
  return out;
}

}  // namespace tiphys::api
