#pragma once

#include "tiphys/api/sync_policy.hpp"

#include <chrono>
#include <optional>

namespace tiphys::plan {

/// Our own syncOptions "SyncTimeout=30m" (a whole operation, with its retries) and "WaveTimeout=5m"
/// (what is waited for in one group). The last entry of a name counts; entries that are no duration
/// are refused elsewhere (api/support.hpp).
struct Timeouts {
  std::optional<std::chrono::milliseconds> sync{};
  std::optional<std::chrono::milliseconds> wave{};
};
Timeouts timeouts_of(const api::SyncOptions& options);

}  // namespace tiphys::plan
