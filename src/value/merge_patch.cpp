#include "tiphys/value/patch.hpp"

namespace tiphys::value {

Value apply_merge_patch(const Value& target, const Value& patch) {
  if (!patch.is_map()) return patch;
  Map merged;
  if (target.is_map()) merged = target.map();
  for (const auto& [key, change] : patch.map()) {
    if (change.is_null()) {
      merged.erase(key);
      continue;
    }
    const Value* const before = merged.find(key);
    Value after = apply_merge_patch(before != nullptr ? *before : Value(), change);
    merged.set(key, std::move(after));
  }
  return Value(std::move(merged));
}

Value create_merge_patch(const Value& from, const Value& to) {
  if (!from.is_map() || !to.is_map()) return to;
  Map patch;
  for (const auto& [key, before] : from.map())
    if (!to.map().contains(key)) patch.set(key, Value());
  for (const auto& [key, after] : to.map()) {
    const Value* const before = from.map().find(key);
    if (before != nullptr && equal(*before, after)) continue;
    const bool both_maps = before != nullptr && before->is_map() && after.is_map();
    patch.set(key, both_maps ? create_merge_patch(*before, after) : after);
  }
  return Value(std::move(patch));
}

}  // namespace tiphys::value
