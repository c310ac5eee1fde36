#include "tiphys/live/object_store.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/value/json.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace tiphys::live {

namespace {

/// An owner chain longer than this is a cycle or an attack.
constexpr int kMaxOwnerDepth = 16;

std::string compact_json(const k8s::Object& object) {
  value::Map top = object.tree().map();  // a copy of one level: the watch's own tree stays whole
  value::Map metadata = object.metadata().is_map() ? object.metadata().map() : value::Map();
  metadata.erase("managedFields");
  top.set("metadata", value::Value(std::move(metadata)));
  return value::write_json(value::Value(std::move(top)), value::EscapeHtml::no).value_or("");
}

}  // namespace

std::uint64_t version_number(std::string_view resource_version) {
  std::uint64_t number = 0;
  std::from_chars(resource_version.data(), resource_version.data() + resource_version.size(),
                  number);
  return number;
}

base::Result<plan::Live> to_live(const Entry& entry) {
  plan::Live live;
  live.health = entry.health;
  live.owned = entry.owned;
  if (entry.json.empty()) {
    const k8s::GroupVersionKind gvk{entry.key.group, entry.version, entry.key.kind};
    auto metadata = value::Value::object({{"name", entry.key.name},
                                          {"uid", entry.uid},
                                          {"resourceVersion", entry.resource_version}});
    if (!entry.key.namespace_.empty()) metadata.map().set("namespace", entry.key.namespace_);
    live.object = k8s::Object::trusted(value::Value::object({{"apiVersion", gvk.api_version()},
                                                             {"kind", gvk.kind},
                                                             {"metadata", std::move(metadata)}}));
    return live;
  }
  TRY_ASSIGN(auto tree, value::parse_json(entry.json));
  live.object = k8s::Object::trusted(std::move(tree));
  return live;
}

ObjectStore::ObjectStore(api::TrackingSettings tracking, health::Scripts scripts)
    : tracking_(std::move(tracking)), scripts_(std::move(scripts)) {}

std::shared_ptr<const Entry> ObjectStore::make_entry(State& state, const k8s::Object& object,
                                                     Detail detail) const {
  auto entry = std::make_shared<Entry>();
  entry->key = object.key();
  entry->version = object.gvk().version;
  entry->uid = object.uid();
  entry->resource_version = object.resource_version();
  for (auto& owner : object.owners()) entry->owner_uids.push_back(std::move(owner.uid));
  entry->owner = api::owner_of(object, tracking_);
  entry->deleting = !object.deletion_timestamp().empty();
  entry->metadata_only = detail == Detail::metadata;
  diff::Owned owned = diff::owned_fields(object);
  entry->needs_migration = owned.by_update;
  if (detail == Detail::metadata) return entry;
  if (entry->key.kind == "Pod" && entry->key.group.empty()) {
    entry->images = health::images_of(object);
  }
  // A ReplicaSet carries the tracking mark of its Deployment: copies below an owner need no
  // content.
  const bool copy = !entry->owner_uids.empty() && !entry->owner.self_referenced;
  if (entry->owner.app.empty() || copy) return entry;
  entry->health = health::health_of(object, scripts_);
  entry->json = compact_json(object);
  if (owned.fields.empty()) return entry;
  const std::string text =
      value::write_json(owned.fields.to_fields_v1(), value::EscapeHtml::no).value_or("") +
      (owned.by_update
           ? "u" +
                 value::write_json(owned.applied.to_fields_v1(), value::EscapeHtml::no).value_or("")
           : "");
  if (state.interned.size() >= state.sweep_at) {
    std::erase_if(state.interned, [](const auto& item) { return item.second.expired(); });
    state.sweep_at = std::max<std::size_t>(64, state.interned.size() * 2);
  }
  auto& known = state.interned[base::sha256(text)];
  entry->owned = known.lock();
  if (!entry->owned) known = entry->owned = std::make_shared<const diff::Owned>(std::move(owned));
  return entry;
}

void ObjectStore::insert(State& state, EntryPtr entry) {
  if (!entry->uid.empty()) state.by_uid[entry->uid] = entry;
  for (const auto& owner : entry->owner_uids) state.children[owner].insert(entry->uid);
  if (!entry->owner.app.empty()) state.by_app[entry->owner.app].insert(entry->key);
  const k8s::ObjectKey key = entry->key;
  state.entries[key] = std::move(entry);
}

void ObjectStore::erase(State& state, const EntryPtr& entry) {
  const auto known = state.by_uid.find(entry->uid);
  if (known != state.by_uid.end() && known->second == entry) state.by_uid.erase(known);
  for (const auto& owner : entry->owner_uids) {
    const auto children = state.children.find(owner);
    if (children == state.children.end()) continue;
    children->second.erase(entry->uid);
    if (children->second.empty()) state.children.erase(children);
  }
  if (const auto app = state.by_app.find(entry->owner.app); app != state.by_app.end()) {
    app->second.erase(entry->key);
    if (app->second.empty()) state.by_app.erase(app);
  }
  const k8s::ObjectKey key = entry->key;  // entry may be a reference into the map
  state.entries.erase(key);
}

void ObjectStore::add_apps_of(const State& state, const Entry& entry, std::set<std::string>& apps) {
  const Entry* at = &entry;
  for (int depth = 0; at != nullptr && depth < kMaxOwnerDepth; ++depth) {
    if (!at->owner.app.empty() && at->owner_uids.empty()) {
      apps.insert(at->owner.app);
      return;
    }
    const Entry* above = nullptr;
    for (const auto& uid : at->owner_uids) {
      const auto found = state.by_uid.find(uid);
      if (found != state.by_uid.end()) above = found->second.get();
    }
    at = above;
  }
}

std::set<std::string> ObjectStore::apply(const k8s::Object& object, Detail detail) {
  std::set<std::string> apps;
  auto state = state_.lock();
  const auto known = state->entries.find(object.key());
  if (known != state->entries.end()) {
    const Entry& before = *known->second;
    const bool same =
        before.uid == object.uid() && before.metadata_only == (detail == Detail::metadata);
    if (same && before.resource_version == object.resource_version()) return apps;
    if (before.uid == object.uid() &&
        version_number(before.resource_version) > version_number(object.resource_version())) {
      return apps;
    }
    add_apps_of(*state, before, apps);
    const EntryPtr gone = known->second;
    erase(*state, gone);
  }
  const EntryPtr entry = make_entry(*state, object, detail);
  insert(*state, entry);
  add_apps_of(*state, *entry, apps);
  return apps;
}

std::set<std::string> ObjectStore::remove(const k8s::ObjectKey& key, std::string_view uid) {
  std::set<std::string> apps;
  auto state = state_.lock();
  const auto known = state->entries.find(key);
  if (known == state->entries.end() || (!uid.empty() && known->second->uid != uid)) return apps;
  add_apps_of(*state, *known->second, apps);
  const EntryPtr gone = known->second;
  erase(*state, gone);
  return apps;
}

std::set<std::string> ObjectStore::retain(const k8s::GroupKind& kind, std::string_view namespace_,
                                          const std::set<k8s::ObjectKey>& listed) {
  std::set<std::string> apps;
  auto state = state_.lock();
  std::vector<EntryPtr> gone;
  for (auto it = state->entries.lower_bound({kind.group, kind.kind, "", ""});
       it != state->entries.end() && it->first.group_kind() == kind; ++it) {
    const bool in_scope = namespace_.empty() || it->first.namespace_ == namespace_;
    if (in_scope && !listed.contains(it->first)) gone.push_back(it->second);
  }
  for (const auto& entry : gone) {
    add_apps_of(*state, *entry, apps);
    erase(*state, entry);
  }
  return apps;
}

void ObjectStore::forget_kind(const k8s::GroupKind& kind) { (void)retain(kind, "", {}); }

EntryPtr ObjectStore::find(const k8s::ObjectKey& key) const {
  const auto state = state_.lock();
  const auto found = state->entries.find(key);
  return found == state->entries.end() ? nullptr : found->second;
}

std::vector<EntryPtr> ObjectStore::top_level_of(std::string_view namespace_) const {
  const auto state = state_.lock();
  std::vector<EntryPtr> out;
  for (const auto& [key, entry] : state->entries)
    if (key.namespace_ == namespace_ && entry->owner_uids.empty()) out.push_back(entry);
  return out;
}

std::vector<EntryPtr> ObjectStore::objects_of(std::string_view app) const {
  std::vector<EntryPtr> out;
  const auto state = state_.lock();
  const auto keys = state->by_app.find(app);
  if (keys == state->by_app.end()) return out;
  for (const auto& key : keys->second) {
    const auto& entry = state->entries.at(key);
    if (entry->owner_uids.empty()) out.push_back(entry);
  }
  return out;
}

std::set<k8s::GroupKind> ObjectStore::tracked_kinds() const {
  std::set<k8s::GroupKind> kinds;
  const auto state = state_.lock();
  for (const auto& [app, keys] : state->by_app) {
    for (const auto& key : keys) kinds.insert(key.group_kind());
  }
  return kinds;
}

std::vector<std::string> ObjectStore::images_of(std::string_view app) const {
  std::set<std::string> images;
  const auto state = state_.lock();
  const auto keys = state->by_app.find(app);
  if (keys == state->by_app.end()) return {};
  std::set<std::string> seen;
  const std::function<void(const Entry&)> visit = [&](const Entry& entry) {
    if (!seen.insert(entry.uid).second) return;
    images.insert(entry.images.begin(), entry.images.end());
    const auto children = state->children.find(entry.uid);
    if (children == state->children.end()) return;
    for (const auto& uid : children->second) {
      if (const auto child = state->by_uid.find(uid); child != state->by_uid.end()) {
        visit(*child->second);
      }
    }
  };
  for (const auto& key : keys->second) visit(*state->entries.at(key));
  return {images.begin(), images.end()};
}

std::size_t ObjectStore::size() const { return state_.lock()->entries.size(); }

}  // namespace tiphys::live
