#include "tiphys/health/scripts.hpp"

#include "health/lua_state.hpp"
#include "health/rules.hpp"

#include "tiphys/text/glob.hpp"

#include <fmt/format.h>
#include <lua.hpp>

#include <algorithm>

namespace tiphys::health {

namespace {

enum class Field : std::uint8_t { absent, text, wrong };

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : +c; };
    return lower(x) == lower(y);
  });
}

/// A member of the table on top of the stack, by its name in any case, as Go decodes JSON.
Field read_field(lua_State* state, std::string_view name, std::string& out) {
  Field found = Field::absent;
  lua_pushnil(state);
  while (lua_next(state, -2) != 0) {
    // Keys are looked at without conversion: lua_tolstring would change a number in place.
    if (lua_type(state, -2) == LUA_TSTRING) {
      std::size_t size = 0;
      const char* key = lua_tolstring(state, -2, &size);
      if (same_name({key, size}, name)) {
        found = lua_type(state, -1) == LUA_TSTRING ? Field::text : Field::wrong;
        if (found == Field::text) {
          const char* text = lua_tolstring(state, -1, &size);
          out.assign(text, size);
        }
      }
    }
    lua_pop(state, 1);
  }
  return found;
}

/// Has the table members with names? One without becomes a JSON list there, which says nothing.
bool has_names(lua_State* state) {
  lua_pushnil(state);
  while (lua_next(state, -2) != 0) {
    lua_pop(state, 1);
    if (lua_type(state, -1) == LUA_TSTRING) {
      lua_pop(state, 1);
      return true;
    }
  }
  return false;
}

ScriptAnswer read_answer(lua_State* state) {
  ScriptAnswer out;
  if (!has_names(state)) return out;
  std::string status;
  std::string message;
  const bool wrong = read_field(state, "status", status) == Field::wrong ||
                     read_field(state, "message", message) == Field::wrong ||
                     read_field(state, "deletionMessage", out.deletion_message) == Field::wrong;
  if (wrong) return {};
  const auto code = parse_code(status);
  if (!code)
    out.status = HealthStatus{Code::unknown, "Lua returned an invalid health status"};
  else
    out.status = HealthStatus{*code, std::move(message)};
  return out;
}

std::string key_of(const k8s::GroupKind& kind) {
  return kind.group.empty() ? kind.kind : kind.group + "/" + kind.kind;
}

bool glob_match(std::string_view pattern, std::string_view text) {
  const auto glob = text::Glob::compile(pattern);
  return glob.ok() && glob->match(text);
}

}  // namespace

base::Result<std::optional<ScriptAnswer>> run_script(const Script& script,
                                                     const k8s::Object& object,
                                                     const ScriptLimits& limits) {
  LuaState state(limits);
  TRY(state.run(script, object.tree()));
  lua_State* lua = state.get();
  const int type = lua_type(lua, -1);
  if (type == LUA_TNIL) return std::optional<ScriptAnswer>();
  if (type != LUA_TTABLE)
    return base::Error(
        base::Code::Invalid,
        fmt::format("expect table output from Lua script, not {}", lua_typename(lua, type)));
  return std::optional<ScriptAnswer>(read_answer(lua));
}

Scripts::Scripts(ScriptTable table, ScriptLimits limits)
    : table_(std::move(table)), limits_(limits) {
  std::erase_if(table_, [](const auto& entry) { return entry.second.lua.empty(); });
}

const Script* Scripts::find(const k8s::GroupKind& kind) const {
  if (table_.empty()) return nullptr;
  const std::string key = key_of(kind);
  if (const auto exact = table_.find(key); exact != table_.end()) return &exact->second;
  for (const auto& [pattern, script] : table_)
    if (glob_match(pattern, key)) return &script;
  return nullptr;
}

std::optional<HealthStatus> health_of(const k8s::Object& live, const Scripts& scripts) {
  const Script* script = scripts.find(live.group_kind());
  if (script == nullptr) return health_of(live);
  const auto answer = run_script(*script, live, scripts.limits());
  if (!answer.ok()) return HealthStatus{Code::unknown, answer.error().message()};
  if (!answer->has_value()) return health_of(live);
  const ScriptAnswer& said = **answer;
  if (!is_terminating(live)) return said.status;
  if (said.status && !said.deletion_message.empty())
    return HealthStatus{said.status->code, said.deletion_message};
  return pending_deletion(live);
}

}  // namespace tiphys::health
