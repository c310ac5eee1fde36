#include "customizations.hpp"

#include "tiphys/value/yaml.hpp"

#include <algorithm>
#include <array>

namespace tiphys::controller {

namespace {

using base::Code;
using base::Error;
using base::Status;

constexpr std::string_view kWhole = "resource.customizations";
constexpr std::string_view kHealth = "resource.customizations.health.";
constexpr std::string_view kOpenLibs = "resource.customizations.useOpenLibs.";

/// Go's strconv.ParseBool.
base::Result<bool> parse_bool(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0",     "f",     "F",
                                                             "false", "FALSE", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return Error(Code::Invalid, "expected true or false, not '" + std::string(text) + "'");
}

Status read_whole(const std::string& text, health::ScriptTable& out) {
  TRY_ASSIGN(const auto tree, value::parse_yaml(text));
  if (tree.is_null()) return {};
  if (!tree.is_map()) return Error(Code::Invalid, "expected a map of <group>/<kind>");
  for (const auto& [key, override] : tree.entries()) {
    const auto& lua = override["health.lua"];
    const auto& open = override["health.lua.useOpenLibs"];
    if (!lua.is_null() && !lua.is_string())
      return Error(Code::Invalid, std::string(key) + ": health.lua: expected a string");
    if (!open.is_null() && !open.is_bool())
      return Error(Code::Invalid,
                   std::string(key) + ": health.lua.useOpenLibs: expected true or false");
    if (lua.is_null()) continue;
    out[std::string(key)] = {.lua = std::string(lua.text()), .open_libs = open.boolean_or(false)};
  }
  return {};
}

Status read_split(const std::string& name, const std::string& text, health::ScriptTable& out) {
  if (name.starts_with(kHealth)) {
    TRY_ASSIGN(const auto key, table_key(std::string_view(name).substr(kHealth.size())));
    out[key].lua = text;
  } else if (name.starts_with(kOpenLibs)) {
    TRY_ASSIGN(const auto key, table_key(std::string_view(name).substr(kOpenLibs.size())));
    TRY_ASSIGN(out[key].open_libs, parse_bool(text));
  }
  return {};
}

}  // namespace

base::Result<std::string> table_key(std::string_view group_kind) {
  if (group_kind.empty() || std::ranges::count(group_kind, '_') > 1)
    return Error(Code::Invalid,
                 "expected <group>_<kind> or <kind>, not '" + std::string(group_kind) + "'");
  if (group_kind == "all") return std::string("*/*");
  std::string key(group_kind);
  std::ranges::replace(key, '_', '/');
  return key;
}

base::Result<health::ScriptTable> read_health_scripts(const ConfigData& argocd_cm) {
  health::ScriptTable out;
  const auto where = [](std::string_view key) { return "argocd-cm key " + std::string(key); };
  if (const auto whole = argocd_cm.find(kWhole); whole != argocd_cm.end())
    TRY(read_whole(whole->second, out).context(where(kWhole)));
  for (const auto& [name, text] : argocd_cm) TRY(read_split(name, text, out).context(where(name)));
  std::erase_if(out, [](const auto& entry) { return entry.second.lua.empty(); });
  return out;
}

}  // namespace tiphys::controller
