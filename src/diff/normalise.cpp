#include "diff/parts.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/k8s/quantity.hpp"

#include <algorithm>
#include <array>

namespace tiphys::diff {

using value::Map;
using value::Value;

namespace {

/// metadata that only the server writes.
constexpr std::array<std::string_view, 8> kServerMetadata = {
    "creationTimestamp", "deletionGracePeriodSeconds",
    "deletionTimestamp", "generation",
    "managedFields",     "resourceVersion",
    "selfLink",          "uid"};

/// Maps whose every value is a quantity.
constexpr std::array<std::string_view, 7> kQuantityMaps = {
    "allocatable", "capacity", "hard", "limits", "requests", "overhead", "podFixed"};

bool is_quantity_map(std::string_view key) {
  for (const std::string_view name : kQuantityMaps)
    if (key == name) return true;
  return false;
}

/// "500m" for 0.5, "500m" and 0.5 written as a number; anything else stays.
Value canonical_quantity(const Value& v) {
  std::string text(v.text());
  if (v.is_int()) text = std::to_string(v.integer());
  if (v.is_float()) text = number_text(v.floating());
  const auto quantity = k8s::Quantity::parse(text);
  return quantity.ok() && !text.empty() ? Value(quantity->text()) : v;
}

bool is_scalar(const Value& v) { return !v.is_map() && !v.is_list(); }

Value clean(const Value& v, std::string_view key) {
  if (v.is_list()) {
    value::List out;
    out.reserve(v.size());
    for (const Value& item : v.items()) out.push_back(clean(item, {}));
    return out;
  }
  if (!v.is_map()) return v;
  Map out;
  const bool quantities = is_quantity_map(key);
  for (const auto& [name, member] : v.entries()) {
    Value child =
        quantities && is_scalar(member) ? canonical_quantity(member) : clean(member, name);
    if (!is_nothing(child)) out.set(name, std::move(child));
  }
  return out;
}

void fold_secret(Map& tree) {
  Map data;
  if (const Value* old = tree.find("data")) data = old->entries();
  if (const Value* plain = tree.find("stringData"))
    for (const auto& [key, text] : plain->entries())
      data.set(key, Value(base::base64_encode(text.text())));
  tree.erase("stringData");
  if (data.empty())
    tree.erase("data");
  else
    tree.set("data", Value(std::move(data)));
}

/// The server drops the rules of an aggregated role from what an applier owns: they are computed.
void drop_aggregated_rules(Map& tree) {
  if (const Value* rule = tree.find("aggregationRule"); rule != nullptr && !is_nothing(*rule))
    tree.erase("rules");
}

}  // namespace

bool is_nothing(const Value& v) {
  return v.is_null() || ((v.is_map() || v.is_list()) && v.size() == 0);
}

Value normalise(const k8s::Object& object) {
  Map tree;
  for (const auto& [key, member] : object.tree().entries()) {
    if (key == "status") continue;
    if (key != "metadata") {
      tree.set(key, member);
      continue;
    }
    Map metadata;
    for (const auto& [name, child] : member.entries())
      if (std::ranges::find(kServerMetadata, std::string_view(name)) == kServerMetadata.end())
        metadata.set(name, child);
    tree.set(key, Value(std::move(metadata)));
  }
  const k8s::GroupVersionKind gvk = object.gvk();
  if (gvk.group.empty() && gvk.kind == "Secret") fold_secret(tree);
  if (gvk.group == "rbac.authorization.k8s.io" && gvk.kind == "ClusterRole")
    drop_aggregated_rules(tree);
  return clean(Value(std::move(tree)), {});
}

}  // namespace tiphys::diff
