#include "health/lua_state.hpp"

#include <fmt/format.h>
#include <lua.hpp>

#include <array>
#include <cstdlib>
#include <ctime>

namespace tiphys::health {

using base::Error;
using value::Kind;
using value::Value;

namespace {

constexpr int kStepsAtOnce = 10'000;
constexpr const char* kTooManySteps = "too many steps";
constexpr const char* kTooMuchTime = "too much time";
constexpr const char* kTooMuchMemory = "too much memory";

// Libraries as Argo CD opens them; jit, ffi, debug and package would lead out of the budgets.
constexpr std::array<luaL_Reg, 2> kBase = {{{"", luaopen_base}, {LUA_TABLIBNAME, luaopen_table}}};
constexpr std::array<luaL_Reg, 4> kOpen = {{{LUA_STRLIBNAME, luaopen_string},
                                            {LUA_MATHLIBNAME, luaopen_math},
                                            {LUA_IOLIBNAME, luaopen_io},
                                            {LUA_OSLIBNAME, luaopen_os}}};
// What loads code (bytecode included), prints, or makes finalizers that no budget stops.
constexpr std::array kRemoved = {"load", "loadstring", "loadfile", "dofile", "print", "newproxy"};

void push(lua_State* state, const Value& value);

void push_text(lua_State* state, std::string_view text) {
  lua_pushlstring(state, text.data(), text.size());
}

void push_map(lua_State* state, const Value& value) {
  lua_createtable(state, 0, static_cast<int>(value.size()));
  for (const auto& [key, member] : value.entries()) {
    if (member.is_null()) continue;
    push_text(state, key);
    push(state, member);
    lua_rawset(state, -3);
  }
}

void push_list(lua_State* state, const Value& value) {
  lua_createtable(state, static_cast<int>(value.size()), 0);
  int index = 0;
  for (const Value& item : value.items()) {
    push(state, item);
    lua_rawseti(state, -2, ++index);
  }
}

void push(lua_State* state, const Value& value) {
  luaL_checkstack(state, 4, "the object is too deep");
  switch (value.kind()) {
    case Kind::boolean:
      return lua_pushboolean(state, value.boolean_or(false) ? 1 : 0);
    case Kind::integer:
      return lua_pushnumber(state, static_cast<lua_Number>(value.integer_or(0)));
    case Kind::floating:
      return lua_pushnumber(state, value.floating());
    case Kind::string:
      return push_text(state, value.text());
    case Kind::list:
      return push_list(state, value);
    case Kind::map:
      return push_map(state, value);
    case Kind::null:
    case Kind::native:
      break;
  }
  lua_pushnil(state);
}

/// os.date and os.time are all that a script has without the open libraries.
int only_safe_os(lua_State* state) {
  lua_pushcfunction(state, luaopen_os);
  lua_pushstring(state, LUA_OSLIBNAME);
  lua_call(state, 1, 1);
  lua_newtable(state);
  for (const char* name : {"date", "time"}) {
    lua_getfield(state, -2, name);
    lua_setfield(state, -2, name);
  }
  return 1;
}

int require(lua_State* state) {
  const char* name = luaL_checkstring(state, 1);
  lua_getglobal(state, name);
  if (lua_istable(state, -1) == 0) return luaL_error(state, "module %s not found", name);
  return 1;
}

int refuse_exit(lua_State* state) { return luaL_error(state, "os.exit isn't allowed"); }

void open_libraries(lua_State* state, bool open_libs) {
  const auto open = [state](const luaL_Reg& library) {
    lua_pushcfunction(state, library.func);
    lua_pushstring(state, library.name);
    lua_call(state, 1, 0);
  };
  for (const auto& library : kBase) open(library);
  if (open_libs) {
    for (const auto& library : kOpen) open(library);
    lua_getglobal(state, LUA_OSLIBNAME);
    lua_pushcfunction(state, refuse_exit);
    lua_setfield(state, -2, "exit");
    lua_pop(state, 1);
  } else {
    lua_pushcfunction(state, only_safe_os);
    lua_call(state, 0, 1);
    lua_setglobal(state, LUA_OSLIBNAME);
  }
  for (const char* name : kRemoved) {
    lua_pushnil(state);
    lua_setglobal(state, name);
  }
  lua_pushcfunction(state, require);
  lua_setglobal(state, "require");
}

struct Job {
  const std::string* text;
  const Value* object;
  bool open_libs;
};

/// Leaves the script's first result in the global "result". Runs protected: Lua's errors pass
/// through, so nothing here has a destructor.
int run_protected(lua_State* state) {
  const Job& job = *static_cast<const Job*>(lua_touserdata(state, 1));
  open_libraries(state, job.open_libs);
  push(state, *job.object);
  lua_setglobal(state, "obj");
  if (luaL_loadbufferx(state, job.text->data(), job.text->size(), "=health.lua", "t") != 0)
    return lua_error(state);
  lua_call(state, 0, LUA_MULTRET);
  // As Argo CD, which looks at the last of several results.
  if (lua_gettop(state) == 1) lua_pushnil(state);
  lua_setfield(state, LUA_REGISTRYINDEX, "result");
  return 0;
}

}  // namespace

void* LuaState::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
  auto& state = *static_cast<LuaState*>(self);
  if (block == nullptr) old_size = 0;
  if (new_size == 0) {
    std::free(block);
    state.used_ -= old_size;
    return nullptr;
  }
  if (new_size > old_size && state.used_ - old_size + new_size > state.limits_.memory) {
    state.broken_ = kTooMuchMemory;
    return nullptr;
  }
  void* moved = std::realloc(block, new_size);
  if (moved != nullptr) state.used_ = state.used_ - old_size + new_size;
  return moved;
}

void LuaState::count(lua_State* state, lua_Debug* /*event*/) {
  void* self = nullptr;
  (void)lua_getallocf(state, &self);
  auto& owner = *static_cast<LuaState*>(self);
  owner.steps_ += kStepsAtOnce;
  const auto& limits = owner.limits_;
  if (owner.broken_ == nullptr && owner.steps_ > limits.steps) owner.broken_ = kTooManySteps;
  if (owner.broken_ == nullptr && limits.clock != nullptr &&
      limits.clock->now() - owner.started_ > limits.time)
    owner.broken_ = kTooMuchTime;
  if (owner.broken_ == nullptr) return;
  // From now on every step fails, so that no pcall of the script can go on.
  lua_sethook(state, count, LUA_MASKCOUNT, 1);
  luaL_error(state, "%s", owner.broken_);
}

LuaState::LuaState(const ScriptLimits& limits) : limits_(limits) {
  if (limits.clock != nullptr) started_ = limits.clock->now();
  state_ = lua_newstate(allocate, this);
  if (state_ == nullptr) return;
  luaJIT_setmode(state_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);  // compiled code has no hooks
  lua_sethook(state_, count, LUA_MASKCOUNT, kStepsAtOnce);
}

LuaState::~LuaState() {
  if (state_ == nullptr) return;
  lua_sethook(state_, nullptr, 0, 0);
  lua_close(state_);
}

Error LuaState::failure() {
  if (broken_ != nullptr)
    return {base::Code::ResourceExhausted, fmt::format("the health script needs {}", broken_)};
  const char* text = lua_tostring(state_, -1);
  return {base::Code::Invalid, text == nullptr ? "the health script failed" : text};
}

base::Status LuaState::run(const Script& script, const Value& object) {
  if (state_ == nullptr) {
    broken_ = kTooMuchMemory;
    return failure();
  }
  Job job{.text = &script.lua, .object = &object, .open_libs = script.open_libs};
  if (lua_cpcall(state_, run_protected, &job) != 0) return failure();
  lua_getfield(state_, LUA_REGISTRYINDEX, "result");
  return {};
}

}  // namespace tiphys::health
