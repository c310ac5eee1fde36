#pragma once

#include "tiphys/api/application.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/text/go_date.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

/// One of an AppProject's spec.syncWindows. Schedule, duration and zone are kept as text: what is
/// wrong with them blocks the applications of the window, not those of the whole project.
struct SyncWindow {
  enum class Kind : std::uint8_t { allow, deny, other };
  Kind kind = Kind::other;
  std::string schedule;                   ///< cron, five fields
  std::string duration;                   ///< as Go writes it: "1h30m"
  std::string time_zone;                  ///< "" is UTC
  std::vector<std::string> applications;  ///< globs, as the next two
  std::vector<std::string> namespaces;
  std::vector<std::string> clusters;  ///< by name or by server
  bool manual_sync = false;           ///< syncs by hand are let through
  bool and_operator = false;          ///< each of the three lists that is set must match
  bool sync_overrun = false;          ///< what runs already may go on
  std::string description;
};

/// The windows that concern an application (reference/argocd.md 2.16), in their order.
std::vector<SyncWindow> windows_for(std::span<const SyncWindow> windows, const Application& app);

enum class Trigger : std::uint8_t { automated, manual };

struct WindowInputs {
  Trigger trigger = Trigger::automated;
  Time now{};
  /// Of the operation that runs already, for syncOverrun.
  std::optional<Time> started_at{};
};

struct WindowVerdict {
  bool allowed = true;
  /// When a window next opens or closes; nullopt: none does.
  std::optional<Time> next_change{};
  /// Which window blocks, for messages; "" when allowed.
  std::string reason{};
};

/// Argo CD's rule over windows_for(): an active deny window blocks; else an active allow window
/// allows; else allow windows that aren't active block; without windows all is allowed. manualSync
/// and syncOverrun must be set on every window that blocks. A window is active while the clock of
/// its zone shows less than schedule + duration. `zones` reads the tz database.
/// Errors: Invalid naming the schedule, duration or zone that can't be read: the caller blocks.
base::Result<WindowVerdict> can_sync(std::span<const SyncWindow> windows,
                                     const WindowInputs& inputs, const text::ZoneLoader& zones);

/// Is the window open at that time?
base::Result<bool> is_active(const SyncWindow& window, Time at, const text::ZoneLoader& zones);

}  // namespace tiphys::api
