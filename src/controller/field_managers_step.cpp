#include "look.hpp"

#include "tiphys/diff/ignore.hpp"

#include <algorithm>
#include <map>

namespace tiphys::controller {

namespace {

constexpr std::chrono::seconds kGetTimeout{15};

k8s::ObjectKey key_of(const plan::Live& live) { return live.object.key(); }

/// With the managedFields that the store doesn't keep.
void put_back(plan::Live& live, const value::Value& fields) {
  value::Value tree = live.object.tree().deep_copy();
  tree.set_at({"metadata", "managedFields"}, fields);
  live.object = k8s::Object::trusted(std::move(tree));
}

}  // namespace

base::Status Reconciler::read_field_managers(Look& look, const std::vector<diff::IgnoreRule>& rules,
                                             std::vector<plan::Live>& live) {
  std::map<k8s::ObjectKey, FieldManagers> read;
  for (const k8s::Object& target : look.targets.objects) {
    if (diff::ignored_of(rules, target).managers.empty()) continue;
    const auto key = target.key();
    const auto one = std::ranges::lower_bound(live, key, {}, key_of);
    if (one == live.end() || key_of(*one) != key) continue;
    auto& known = look.runtime->field_managers[key];
    if (known.resource_version != one->object.resource_version()) {
      const auto resource = look.place->discovery.resource(key.group_kind());
      if (!resource) continue;  // its kind is just going: what is shown of it says so
      const kube::CallOptions options(base::Deadline::after(parts_.clock, kGetTimeout));
      const auto got = look.place->client.get(*resource, key.namespace_, key.name, options);
      if (!got.ok() && got.error().code() == base::Code::NotFound) continue;
      TRY(got);
      // The watch is at most a moment behind: the fields are of now, and read again after it.
      known.resource_version = one->object.resource_version();
      known.fields = got->metadata()["managedFields"];
    }
    put_back(*one, known.fields);
    read.emplace(key, known);
  }
  look.runtime->field_managers = std::move(read);
  return {};
}

}  // namespace tiphys::controller
