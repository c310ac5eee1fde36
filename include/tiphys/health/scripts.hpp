#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/health/health.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::health {

/// A health check of argocd-cm in Lua (resource.customizations): it reads `obj` and returns a table
/// with status and message.
struct Script {
  std::string lua;
  /// The string, math, io and os libraries: without it only base, table and os.time, os.date.
  bool open_libs = false;
  bool operator==(const Script&) const = default;
};

/// Keys as Argo CD has them: "apps/Deployment", "ConfigMap", or a glob over those.
using ScriptTable = std::map<std::string, Script, std::less<>>;

/// What one run may use; beyond it the health is Unknown with the reason.
struct ScriptLimits {
  std::uint64_t steps = 20'000'000;         ///< instructions of the interpreter
  std::size_t memory = 32UL * 1024 * 1024;  ///< bytes
  std::chrono::milliseconds time{1000};     ///< asked of `clock`
  const base::Clock* clock = nullptr;       ///< nullptr: no limit of time
};

/// What a script says. nullopt: it returned nil, Argo CD's rule for the kind decides.
/// `status` nullopt: it returned a table without a status: no health.
struct ScriptAnswer {
  std::optional<HealthStatus> status{};
  /// What it says while the object is being deleted; "" leaves that to the built-in text.
  std::string deletion_message{};
};

/// Runs the script over an object, in a new interpreter that can't do I/O unless open_libs. Any
/// thread. Errors: Invalid with the text of Lua (a script that doesn't compile or fails),
/// ResourceExhausted naming the limit.
base::Result<std::optional<ScriptAnswer>> run_script(const Script& script,
                                                     const k8s::Object& object,
                                                     const ScriptLimits& limits);

/// The scripts of one argocd-cm. Immutable, any thread.
class Scripts {
 public:
  explicit Scripts(ScriptTable table, ScriptLimits limits = {});

  /// The script for a kind: its own key, else the first glob that matches, in the order of keys.
  const Script* find(const k8s::GroupKind& kind) const;
  bool empty() const { return table_.empty(); }
  const ScriptTable& table() const { return table_; }
  const ScriptLimits& limits() const { return limits_; }

 private:
  ScriptTable table_;
  ScriptLimits limits_;
};

/// health_of() with the scripts before the built-in rules. A script that fails makes the object
/// Unknown, with the reason as message.
std::optional<HealthStatus> health_of(const k8s::Object& live, const Scripts& scripts);

}  // namespace tiphys::health
