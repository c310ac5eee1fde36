#include "tiphys/plan/timeouts.hpp"

#include "tiphys/text/duration.hpp"

#include <string_view>

namespace tiphys::plan {

Timeouts timeouts_of(const api::SyncOptions& options) {
  Timeouts out;
  const auto take = [](std::string_view entry, std::string_view name, auto& into) {
    if (!entry.starts_with(name)) return;
    const auto duration = text::parse_duration(entry.substr(name.size()));
    if (duration.ok() && duration->count() > 0)
      into = std::chrono::ceil<std::chrono::milliseconds>(*duration);
  };
  for (const std::string& entry : options.entries) {
    take(entry, "SyncTimeout=", out.sync);
    take(entry, "WaveTimeout=", out.wave);
  }
  return out;
}

}  // namespace tiphys::plan
