#include "tiphys/diff/diff.hpp"

#include "diff/parts.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/diff/client_side.hpp"
#include "tiphys/value/json.hpp"

#include <algorithm>
#include <array>

namespace tiphys::diff {

using value::Map;
using value::Value;

namespace {

constexpr std::string_view kManager = "argocd-controller";
constexpr std::string_view kLastApplied =
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";

/// Written by the server or by client-side apply: neither desired nor drift.
bool ignored(std::string_view path) {
  constexpr std::array<std::string_view, 6> kIgnored = {
      "/status",   "/apiVersion", "/kind", "/metadata/creationTimestamp", "/metadata/generation",
      kLastApplied};
  for (const std::string_view prefix : kIgnored)
    if (path == prefix || (path.starts_with(prefix) && path[prefix.size()] == '/')) return true;
  return false;
}

/// Desired with stringData where the server has it, otherwise as written: an empty map is a field.
Value as_stored(const k8s::Object& object) {
  const k8s::GroupVersionKind gvk = object.gvk();
  if (!gvk.group.empty() || gvk.kind != "Secret" || object.tree()["stringData"].size() == 0)
    return object.tree();
  Map tree;
  for (const auto& [key, member] : object.tree().entries())
    if (key != "stringData") tree.set(key, member);
  tree.set("data", normalise(object)["data"]);
  return tree;
}

Diff to_diff(const Paths& paths, bool certain) {
  Diff out;
  for (const std::string& path : paths)
    if (!ignored(path)) out.paths.push_back(path);
  out.modified = !out.paths.empty();
  out.certain = certain && out.modified;
  return out;
}

/// What of live lies at desired's fields; lists whole.
Value project(const Value& live, const Value& desired) {
  if (!live.is_map() || !desired.is_map()) return live;
  Map out;
  for (const auto& [key, member] : desired.entries())
    if (const Value* got = live.map().find(key)) out.set(key, project(*got, member));
  return out;
}

std::string json(const Value& v) {
  auto text = value::write_json(v, value::EscapeHtml::no);
  return text.ok() ? *std::move(text) : std::string();
}

}  // namespace

Owned owned_fields(const k8s::Object& live, std::string_view migrated_manager) {
  Owned out;
  const auto entries = k8s::managed_entries(live);
  if (!entries.ok()) return out;
  for (const k8s::ManagedEntry& entry : *entries) {
    if (!entry.subresource.empty()) continue;
    const bool update = entry.operation == k8s::Operation::update;
    if (entry.manager != kManager && !(update && entry.manager == migrated_manager)) continue;
    out.fields = out.fields.united(entry.fields);
    if (!update) out.applied = out.applied.united(entry.fields);
    out.by_update = out.by_update || update;
  }
  if (!out.by_update) out.applied = {};
  return out;
}

Diff compare(const k8s::Object& desired, const k8s::Object& live, const Owned* owned) {
  Paths paths;
  desired_against_live(normalise(desired), normalise(live), "", {},
                       owned == nullptr ? nullptr : &owned->fields, paths);
  bool certain = false;
  if (owned != nullptr) {
    Paths gone;
    owned_but_gone(owned->fields, live.tree(), as_stored(desired), "", gone);
    std::erase_if(gone, [](const std::string& path) { return ignored(path); });
    certain = owned->by_update && !gone.empty();
    paths.merge(gone);
  }
  return to_diff(paths, certain);
}

Diff compare_dry_run(const k8s::Object& predicted, const k8s::Object& live) {
  Paths paths;
  both_ways(normalise(predicted), normalise(live), "", {}, paths);
  return to_diff(paths, false);
}

Diff compare_client_side(const k8s::Object& desired, const k8s::Object& live) {
  return compare_dry_run(k8s::Object::trusted(three_way_merge(desired, live)), live);
}

Diff compare_replaced(const k8s::Object& predicted, const k8s::Object& live, const Diff& local) {
  const auto covers = [](std::string_view above, std::string_view path) {
    return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
  };
  Diff out = compare_dry_run(predicted, live);
  std::erase_if(out.paths, [&](const std::string& path) {
    return std::ranges::none_of(local.paths, [&](const std::string& ours) {
      return covers(ours, path) || covers(path, ours);
    });
  });
  out.modified = !out.paths.empty();
  return out;
}

Diff decide(const Diff& local, std::string_view key, const std::optional<DryRunVerdict>& verdict) {
  if (!local.modified || !verdict || verdict->key != key) return local;
  return local.certain && !verdict->final ? local : verdict->diff;
}

std::string verdict_key(const k8s::Object& desired, const k8s::Object& live, const Owned* owned) {
  base::Sha256Stream hash;
  const Value wanted = normalise(desired);
  hash.update(json(wanted));
  hash.update("\n");
  hash.update(json(project(normalise(live), wanted)));
  if (owned != nullptr) {
    hash.update("\n");
    hash.update(json(owned->fields.to_fields_v1()));
    hash.update("\n");
    hash.update(json(k8s::extract(live.tree(), owned->fields)));
  }
  return base::to_hex(hash.finish());
}

}  // namespace tiphys::diff
