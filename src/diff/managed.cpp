#include "diff/parts.hpp"

#include <algorithm>

namespace tiphys::diff {

using value::List;
using value::Map;
using value::Value;

namespace {

struct Both {
  Value desired;
  Value live;
  bool changed = false;
};

Both strip(const k8s::FieldSet& owned, const Value& desired, const Value& live);

/// Owned as a whole and written differently: a scalar, a list without keys, a map that is one
/// value. Lists and maps of which single entries are owned are looked into instead.
bool goes_whole(const k8s::FieldSet& owned, const Value& desired, const Value& live) {
  return owned.children().empty() && owned.member() && !value::equal(desired, live);
}

Both strip_map(const k8s::FieldSet& owned, const Value& desired, const Value& live) {
  Map wanted = desired.map();
  Map got = live.map();
  bool changed = false;
  for (const auto& [element, child] : owned.children()) {
    if (!element.starts_with("f:")) continue;
    const std::string_view name = std::string_view(element).substr(2);
    const Value* a = wanted.find(name);
    const Value* b = got.find(name);
    if (a == nullptr || b == nullptr) continue;
    if (goes_whole(child, *a, *b)) {
      wanted.erase(name);
      got.erase(name);
      changed = true;
      continue;
    }
    Both inner = strip(child, *a, *b);
    if (!inner.changed) continue;
    wanted.set(name, std::move(inner.desired));
    got.set(name, std::move(inner.live));
    changed = true;
  }
  return {.desired = Value(std::move(wanted)), .live = Value(std::move(got)), .changed = changed};
}

void put(List& list, const Value* entry, Value value) {
  list[static_cast<std::size_t>(entry - list.data())] = std::move(value);
}

Both strip_list(const k8s::FieldSet& owned, const Value& desired, const Value& live) {
  List wanted = desired.list();
  List got = live.list();
  bool changed = false;
  for (const auto& [element, child] : owned.children()) {
    if (!element.starts_with("k:")) continue;
    const Value* a = keyed(element, wanted);
    const Value* b = keyed(element, got);
    if (a == nullptr || b == nullptr) continue;
    Both inner = strip(child, *a, *b);
    if (!inner.changed) continue;
    put(wanted, a, std::move(inner.desired));
    put(got, b, std::move(inner.live));
    changed = true;
  }
  return {.desired = Value(std::move(wanted)), .live = Value(std::move(got)), .changed = changed};
}

Both strip(const k8s::FieldSet& owned, const Value& desired, const Value& live) {
  if (desired.is_map() && live.is_map()) return strip_map(owned, desired, live);
  if (desired.is_list() && live.is_list()) return strip_list(owned, desired, live);
  return {.desired = desired, .live = live};
}

}  // namespace

Pair without_managed(const std::vector<std::string>& managers, const k8s::Object& desired,
                     const k8s::Object& live) {
  Pair out{.desired = desired, .live = live};
  const auto entries = k8s::managed_entries(live);
  if (!entries.ok()) return out;
  for (const k8s::ManagedEntry& entry : *entries) {
    if (std::ranges::find(managers, entry.manager) == managers.end()) continue;
    Both both = strip(entry.fields, out.desired.tree(), out.live.tree());
    out.desired = k8s::Object::trusted(std::move(both.desired));
    out.live = k8s::Object::trusted(std::move(both.live));
  }
  return out;
}

}  // namespace tiphys::diff
