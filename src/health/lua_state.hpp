#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/health/scripts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

struct lua_State;
struct lua_Debug;

namespace tiphys::health {

/// One interpreter (LuaJIT's, not its compiler) with its budgets. Not for sharing between threads.
class LuaState {
 public:
  explicit LuaState(const ScriptLimits& limits);
  ~LuaState();
  LuaState(const LuaState&) = delete;
  LuaState& operator=(const LuaState&) = delete;

  /// Runs a script with `obj` set, once: its result is on top of the stack.
  /// Errors: as run_script().
  base::Status run(const Script& script, const value::Value& object);
  lua_State* get() { return state_; }

 private:
  static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);
  static void count(lua_State* state, lua_Debug* event);
  base::Error failure();

  ScriptLimits limits_;
  std::size_t used_ = 0;
  std::uint64_t steps_ = 0;
  base::SteadyTime started_{};
  const char* broken_ = nullptr;  ///< the limit that was hit
  lua_State* state_ = nullptr;
};

}  // namespace tiphys::health
