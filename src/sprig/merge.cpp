#include "sprig/merge.hpp"

#include "sprig/internal.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::sprig {
namespace {

/// mergo's isEmptyValue: objects never are.
bool merge_empty(const Value& value) {
  return value.kind() != value::Kind::native && is_empty(value);
}

base::Status merge_maps(Value& target, const Value& source, Overwrite overwrite, int depth);

/// One key that both may have. Says whether the source's value replaces the target's.
base::Result<bool> replaces(Value* old, const Value& next, Overwrite overwrite, int depth) {
  const bool force = overwrite == Overwrite::yes;
  if (next.is_null()) return force;
  if (old != nullptr && next.is_map() && old->is_map())
    TRY(merge_maps(*old, next, overwrite, depth + 1));
  // Asked after the merge: an empty map that just got entries is kept, one that got none is
  // swapped.
  if (old == nullptr || merge_empty(*old)) return true;
  if (next.is_map() && old->is_map()) return false;
  return force;
}

base::Status merge_maps(Value& target, const Value& source, Overwrite overwrite, int depth) {
  if (depth > kMostDepth) return too_deep();
  if (target.same_reference(source)) return {};
  std::vector<std::pair<std::string_view, Value>> taken;
  for (const auto& [key, next] : source.map()) {
    TRY_ASSIGN(const bool replace, replaces(target.map().find(key), next, overwrite, depth));
    if (replace) taken.emplace_back(key, next);
  }
  for (auto& [key, next] : taken) target.map().set(key, std::move(next));
  return {};
}

}  // namespace

base::Status merge(Value& target, const Value& source, Overwrite overwrite) {
  if (!source.is_map()) return {};
  if (!target.is_map() || value::is_nil(target.go_type())) target = Value(value::Map());
  return merge_maps(target, source, overwrite, 0);
}

}  // namespace tiphys::sprig
