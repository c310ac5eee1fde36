#include "tiphys/diff/client_side.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/patch.hpp"

#include <algorithm>
#include <array>

namespace tiphys::diff {

namespace {

using value::List;
using value::Map;
using value::Value;

/// patchMergeKey of the built-in types, by field name. A row holds when every entry has the key.
struct MergeKey {
  std::string_view field;
  std::string_view key;
};
constexpr std::array kMergeKeys = {
    MergeKey{"containers", "name"},
    MergeKey{"initContainers", "name"},
    MergeKey{"ephemeralContainers", "name"},
    MergeKey{"volumes", "name"},
    MergeKey{"env", "name"},
    MergeKey{"imagePullSecrets", "name"},
    MergeKey{"secrets", "name"},
    MergeKey{"volumeMounts", "mountPath"},
    MergeKey{"volumeDevices", "devicePath"},
    MergeKey{"hostAliases", "ip"},
    MergeKey{"resourceClaims", "name"},
    MergeKey{"schedulingGates", "name"},
    MergeKey{"topologySpreadConstraints", "topologyKey"},
    MergeKey{"ports", "containerPort"},
    MergeKey{"ports", "port"},
    MergeKey{"webhooks", "name"},
    MergeKey{"validations", "expression"},
    MergeKey{"matchConditions", "name"},
    MergeKey{"ownerReferences", "uid"},
    MergeKey{"conditions", "type"},
};

/// Groups whose types kubectl knows; the rest is merged as plain JSON.
constexpr std::array<std::string_view, 20> kBuiltInGroups = {"",
                                                             "admissionregistration.k8s.io",
                                                             "apiextensions.k8s.io",
                                                             "apiregistration.k8s.io",
                                                             "apps",
                                                             "authentication.k8s.io",
                                                             "authorization.k8s.io",
                                                             "autoscaling",
                                                             "batch",
                                                             "certificates.k8s.io",
                                                             "coordination.k8s.io",
                                                             "discovery.k8s.io",
                                                             "events.k8s.io",
                                                             "flowcontrol.apiserver.k8s.io",
                                                             "networking.k8s.io",
                                                             "node.k8s.io",
                                                             "policy",
                                                             "rbac.authorization.k8s.io",
                                                             "scheduling.k8s.io",
                                                             "storage.k8s.io"};

/// The three sides of one place in the tree.
struct Sides {
  const Value& original;
  const Value& modified;
  const Value& current;
};

class Merger {
 public:
  explicit Merger(bool built_in) : built_in_(built_in) {}

  Value map(const Sides& sides, bool retain_keys) const {
    Map merged;
    for (const auto& [key, value] : sides.current.entries()) {
      const Value* wanted = sides.modified.entries().find(key);
      const bool was_ours = sides.original.entries().contains(key);
      if (wanted == nullptr && !was_ours && !retain_keys) merged.set(key, value);
    }
    for (const auto& [key, wanted] : sides.modified.entries()) {
      if (wanted.is_null()) continue;  // says: remove it
      merged.set(key, member(key, {sides.original[key], wanted, sides.current[key]}));
    }
    return merged;
  }

 private:
  Value member(std::string_view key, const Sides& sides) const {
    if (sides.modified.is_map() && sides.current.is_map())
      return map(sides, built_in_ && key == "strategy");
    if (sides.modified.is_list() && sides.current.is_list() && key == "finalizers")
      return union_of(sides);
    if (built_in_ && sides.modified.is_list() && sides.current.is_list()) {
      const auto by = merge_key(key, sides);
      if (!by.empty()) return list(sides, by, key == "volumes");
    }
    return sides.modified;
  }

  static std::string_view merge_key(std::string_view field, const Sides& sides) {
    const auto has = [](const List& items, std::string_view key) {
      return std::ranges::all_of(items, [&](const Value& item) { return !item[key].is_null(); });
    };
    for (const auto& row : kMergeKeys) {
      if (row.field == field && has(sides.modified.items(), row.key) &&
          has(sides.current.items(), row.key))
        return row.key;
    }
    return {};
  }

  /// Ports are told apart by their protocol too: kubectl's key alone mixes 53/UDP with 53/TCP up.
  static bool same(const Value& a, const Value& b, std::string_view key) {
    const auto protocol = [](const Value& port) {
      const auto text = port["protocol"].text();
      return text.empty() ? std::string_view("TCP") : text;
    };
    if (!value::equal(a[key], b[key])) return false;
    return (key != "containerPort" && key != "port") || protocol(a) == protocol(b);
  }

  static const Value& find(const List& items, const Value& like, std::string_view key) {
    static const Value kNone;
    const auto found =
        std::ranges::find_if(items, [&](const Value& item) { return same(item, like, key); });
    return found == items.end() ? kNone : *found;
  }

  Value list(const Sides& sides, std::string_view key, bool retain_keys) const {
    const List& current = sides.current.items();
    const List& modified = sides.modified.items();
    List merged;
    for (const Value& wanted : modified) {
      const Value& live = find(current, wanted, key);
      merged.push_back(
          live.is_map()
              ? map({find(sides.original.items(), wanted, key), wanted, live}, retain_keys)
              : wanted);
    }
    return placed(merged, sides, key);
  }

  /// Entries of others keep their place before the entry of ours that they stood before.
  static Value placed(const List& ours, const Sides& sides, std::string_view key) {
    List out;
    std::size_t next = 0;
    for (const Value& live : sides.current.items()) {
      const auto mine =
          std::ranges::find_if(ours, [&](const Value& item) { return same(item, live, key); });
      if (mine == ours.end()) {
        if (find(sides.original.items(), live, key).is_null()) out.push_back(live);
        continue;
      }
      const auto upto = static_cast<std::size_t>(mine - ours.begin()) + 1;
      for (; next < upto; ++next) out.push_back(ours[next]);
    }
    for (; next < ours.size(); ++next) out.push_back(ours[next]);
    return out;
  }

  static Value union_of(const Sides& sides) {
    const auto contains = [](const Value& items, const Value& item) {
      return std::ranges::any_of(items.items(),
                                 [&](const Value& one) { return value::equal(one, item); });
    };
    List out;
    for (const Value& item : sides.current.items()) {
      if (contains(sides.modified, item) || !contains(sides.original, item)) out.push_back(item);
    }
    for (const Value& item : sides.modified.items()) {
      if (!contains(sides.current, item)) out.push_back(item);
    }
    return out;
  }

  bool built_in_;
};

Value last_applied(const k8s::Object& live) {
  const auto text = live.annotation(kLastAppliedAnnotation);
  if (!text) return {};
  auto tree = value::parse_json(*text);
  return tree.ok() ? *std::move(tree) : Value();
}

}  // namespace

base::Result<k8s::Object> with_last_applied(const k8s::Object& target) {
  k8s::Object copy = target.deep_copy();
  copy.remove_annotation(kLastAppliedAnnotation);
  TRY_ASSIGN(const std::string text, value::write_json(copy.tree(), value::EscapeHtml::no));
  copy.set_annotation(kLastAppliedAnnotation, text + "\n");
  return copy;
}

Value three_way_merge(const k8s::Object& target, const k8s::Object& live) {
  const auto group = live.gvk().group;
  const Merger merger(std::ranges::find(kBuiltInGroups, group) != kBuiltInGroups.end());
  const Value original = last_applied(live);
  return merger.map({original, target.tree(), live.tree()}, false);
}

base::Result<Value> client_side_patch(const k8s::Object& target, const k8s::Object& live) {
  TRY_ASSIGN(const auto modified, with_last_applied(target));
  Value patch = value::create_merge_patch(live.tree(), three_way_merge(modified, live));
  if (patch.entries().empty()) return Value();
  patch = patch.deep_copy();
  patch.set_at({"metadata", "uid"}, Value(live.uid()));
  patch.set_at({"metadata", "resourceVersion"}, Value(live.resource_version()));
  return patch;
}

}  // namespace tiphys::diff
