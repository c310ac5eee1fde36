#include "diff/parts.hpp"

#include <algorithm>

namespace tiphys::diff {

using base::Result;
using value::List;
using value::Map;
using value::Value;

namespace {

/// A place of the desired and the live object, as they are and without what is ignored.
struct Place {
  const Value& desired;
  const Value& desired_kept;
  const Value& live;
  const Value& live_kept;
  const k8s::FieldSet* owned;
};

Value merged(const Place& at, std::string_view field);

Value merged_map(const Place& at) {
  Map out = at.desired_kept.entries();
  for (const auto& [key, live] : at.live.map()) {
    const k8s::FieldSet* owned = member_of(at.owned, key);
    const bool ours = at.desired[key].is_null() ? owned != nullptr : true;
    const Value* kept = at.live_kept.entries().find(key);
    if (!ours || (kept != nullptr && value::equal(*kept, live))) continue;
    Value value = kept == nullptr ? live
                                  : merged({.desired = at.desired[key],
                                            .desired_kept = at.desired_kept[key],
                                            .live = live,
                                            .live_kept = *kept,
                                            .owned = owned},
                                           key);
    if (!is_nothing(value) || out.contains(key)) out.set(key, std::move(value));
  }
  return Value(std::move(out));
}

/// Finds an entry with the same keys; lists of custom resources are taken to go by `name`.
const Value* same_entry(const MergeKeys& keys, const List& list, const Value& item) {
  if (!keys.empty()) return keys.find(list, item);
  const auto found = std::ranges::find_if(
      list, [&](const Value& entry) { return value::equal(entry["name"], item["name"]); });
  return found == list.end() ? nullptr : &*found;
}

bool all_named(const List& list) {
  return std::ranges::all_of(list, [](const Value& item) { return item["name"].is_string(); });
}

Value merged_by_key(const Place& at, const MergeKeys& keys) {
  List out;
  for (const Value& item : at.desired.items()) {
    const Value* kept = same_entry(keys, at.desired_kept.items(), item);
    const Value* live = same_entry(keys, at.live.items(), item);
    if (live == nullptr) {
      if (kept != nullptr) out.push_back(*kept);
      continue;
    }
    const Value* live_kept = same_entry(keys, at.live_kept.items(), item);
    if (live_kept == nullptr)
      out.push_back(*live);
    else
      out.push_back(merged({.desired = item,
                            .desired_kept = kept == nullptr ? item : *kept,
                            .live = *live,
                            .live_kept = *live_kept,
                            .owned = entry_of(at.owned, *live)},
                           {}));
  }
  for (const Value& item : at.live.items())
    if (same_entry(keys, at.live_kept.items(), item) == nullptr &&
        same_entry(keys, at.desired.items(), item) == nullptr &&
        entry_of(at.owned, item) != nullptr)
      out.push_back(item);
  return Value(std::move(out));
}

Value merged_list(const Place& at, std::string_view field) {
  const MergeKeys keys = MergeKeys::of(field, at.live.items(), at.owned);
  if (!keys.empty() || (all_named(at.live.items()) && all_named(at.desired.items())))
    return merged_by_key(at, keys);
  const std::size_t size = at.desired.size();
  if (size != at.live.size() || size != at.live_kept.size() || size != at.desired_kept.size())
    // Entries can't be told apart: live's list stands for git's where only ignored ones differ.
    return value::equal(at.desired_kept, at.live_kept) ? at.live : at.desired;
  List out;
  for (std::size_t i = 0; i < size; ++i)
    out.push_back(merged({.desired = at.desired.items()[i],
                          .desired_kept = at.desired_kept.items()[i],
                          .live = at.live.items()[i],
                          .live_kept = at.live_kept.items()[i],
                          .owned = nullptr},
                         {}));
  return Value(std::move(out));
}

Value merged(const Place& at, std::string_view field) {
  if (at.live.is_map() && (at.desired.is_map() || at.desired.is_null())) return merged_map(at);
  if (at.live.is_list() && (at.desired.is_list() || at.desired.is_null()))
    return merged_list(at, field);
  return at.desired;
}

Value without_status(const Value& tree) {
  Map out;
  for (const auto& [key, member] : tree.entries())
    if (key != "status") out.set(key, member);
  return Value(std::move(out));
}

}  // namespace

Result<k8s::Object> respecting(const Ignored& ignored, const k8s::Object& desired,
                               const k8s::Object& live, const Owned* owned, const JqDelete& jq) {
  if (ignored.empty()) return desired;
  TRY_ASSIGN(const Pair kept, without_ignored(ignored, desired, live, jq));
  return k8s::Object::trusted(merged({.desired = desired.tree(),
                                      .desired_kept = kept.desired.tree(),
                                      .live = without_status(live.tree()),
                                      .live_kept = without_status(kept.live.tree()),
                                      .owned = owned == nullptr ? nullptr : &owned->fields},
                                     {}));
}

}  // namespace tiphys::diff
