#include "diff/parts.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::diff {

using value::Value;

namespace {

/// Lists of maps of the built-in types (x-kubernetes-list-map-keys of the API server's schemas), by
/// field name. A row applies when every live entry has its first key.
struct KnownList {
  std::string_view field;
  std::string_view key;
  std::string_view second;
};
constexpr std::array kKnownLists = {
    KnownList{"containers", "name", ""},
    KnownList{"initContainers", "name", ""},
    KnownList{"ephemeralContainers", "name", ""},
    KnownList{"volumes", "name", ""},
    KnownList{"env", "name", ""},
    KnownList{"imagePullSecrets", "name", ""},
    KnownList{"volumeMounts", "mountPath", ""},
    KnownList{"volumeDevices", "devicePath", ""},
    KnownList{"hostAliases", "ip", ""},
    KnownList{"resourceClaims", "name", ""},
    KnownList{"schedulingGates", "name", ""},
    KnownList{"topologySpreadConstraints", "topologyKey", "whenUnsatisfiable"},
    KnownList{"ports", "containerPort", "protocol"},
    KnownList{"ports", "port", "protocol"},
    KnownList{"secrets", "name", ""},
    KnownList{"webhooks", "name", ""},
    KnownList{"ownerReferences", "uid", ""},
    KnownList{"conditions", "type", ""},
    KnownList{"matchConditions", "name", ""},
};

const Value& default_of(std::string_view key) {
  static const Value kTcp("TCP");
  static const Value kNone;
  return key == "protocol" ? kTcp : kNone;
}

bool same_key(const Value& entry, const Value& item, const std::string& key) {
  const Value& wanted = item[key].is_null() ? default_of(key) : item[key];
  const Value& got = entry[key].is_null() ? default_of(key) : entry[key];
  return wanted.is_null() || value::equal(wanted, got);
}

std::string scalar_text(const Value& v) {
  auto text = value::write_json(v, value::EscapeHtml::no);
  if (!text.ok()) return {};
  if (v.is_string()) return std::string(v.text());
  return *text;
}

}  // namespace

MergeKeys MergeKeys::of(std::string_view field, const value::List& live,
                        const k8s::FieldSet* owned) {
  MergeKeys out;
  if (owned != nullptr)
    for (const auto& [element, child] : owned->children()) {
      if (!element.starts_with("k:")) continue;
      const auto keys = value::parse_json(std::string_view(element).substr(2));
      if (!keys.ok()) continue;
      for (const auto& [name, unused] : keys->entries()) out.keys_.push_back(name);
      return out;
    }
  for (const KnownList& row : kKnownLists) {
    if (row.field != field || live.empty()) continue;
    if (!std::ranges::all_of(live, [&](const Value& item) { return !item[row.key].is_null(); }))
      continue;
    out.keys_.emplace_back(row.key);
    if (!row.second.empty()) out.keys_.emplace_back(row.second);
    break;
  }
  return out;
}

const Value* MergeKeys::find(const value::List& list, const Value& item) const {
  const auto found = std::ranges::find_if(list, [&](const Value& entry) {
    return std::ranges::all_of(keys_,
                               [&](const std::string& key) { return same_key(entry, item, key); });
  });
  return found == list.end() ? nullptr : &*found;
}

std::string MergeKeys::label(const Value& item) const {
  std::string out;
  for (const std::string& key : keys_) {
    if (item[key].is_null()) continue;
    if (!out.empty()) out += ',';
    out += fmt::format("{}={}", key, scalar_text(item[key]));
  }
  return out;
}

}  // namespace tiphys::diff
