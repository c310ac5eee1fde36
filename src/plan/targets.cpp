#include "tiphys/plan/targets.hpp"

#include "tiphys/api/support.hpp"
#include "tiphys/plan/hooks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tiphys::plan {

namespace {

struct Seen {
  k8s::Object object;
  int count = 0;
};

void put_in_namespace(k8s::Object& object, const TargetContext& context) {
  const auto scope = context.scope_of ? context.scope_of(object.group_kind()) : std::nullopt;
  if (scope == api::Scope::cluster) {
    object.tree().map()["metadata"].map().erase("namespace");
  } else if (object.namespace_().empty()) {
    // Kinds that the cluster doesn't know count as namespaced, as with Argo CD.
    object.set_namespace(context.destination_namespace);
  }
}

}  // namespace

Targets prepare_targets(const std::vector<k8s::Object>& rendered, const TargetContext& context) {
  Targets out;
  std::map<k8s::ObjectKey, Seen> by_key;
  std::vector<k8s::Object> unnamed;
  for (const k8s::Object& source : rendered) {
    std::ranges::move(api::refused_in_object(source), std::back_inserter(out.refused));
    if (is_ignored_hook(source)) continue;
    const bool hook = is_hook(source);
    if (source.name().empty() && !hook) {
      out.refused.push_back(fmt::format("not supported: metadata.generateName ({}/{})",
                                        source.kind(), source.generate_name()));
      continue;
    }
    if (context.excluded && context.excluded(source.group_kind())) {
      out.excluded.push_back(fmt::format("Resource {}/{} {} is excluded in the settings",
                                         source.gvk().group, source.kind(), source.name()));
      continue;
    }
    k8s::Object object = source.deep_copy();
    put_in_namespace(object, context);
    if (object.namespace_().empty() && context.scope_of &&
        context.scope_of(object.group_kind()) == api::Scope::namespaced)
      out.invalid.push_back(fmt::format("Namespace for {} {}, Kind={} is missing.", object.name(),
                                        object.api_version(), object.kind()));
    api::set_tracking(object, context.app, context.destination_namespace, context.tracking);
    if (object.name().empty()) {
      unnamed.push_back(std::move(object));
      continue;
    }
    Seen& seen = by_key[object.key()];
    seen.object = std::move(object);
    ++seen.count;
  }
  for (auto& [key, seen] : by_key) {
    if (seen.count > 1)
      out.repeated.push_back(fmt::format(
          "Resource {} appeared {} times among application resources.", key.text(), seen.count));
    auto& list = is_hook(seen.object) ? out.hooks : out.objects;
    list.push_back(std::move(seen.object));
  }
  std::ranges::move(unnamed, std::back_inserter(out.hooks));
  std::ranges::sort(out.refused);
  return out;
}

}  // namespace tiphys::plan
