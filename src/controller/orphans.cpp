#include "orphans.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::controller {

namespace {

constexpr std::string_view kDigits = "0123456789";

/// "data-db-0" of the set "db": <template>-<set>-<ordinal>.
bool is_claim_of(std::string_view claim, std::string_view set) {
  const auto last = claim.find_last_not_of(kDigits);
  if (last == std::string_view::npos || last + 1 == claim.size() || claim[last] != '-')
    return false;
  const std::string suffix = "-" + std::string(set);
  return claim.substr(0, last).ends_with(suffix) && last > suffix.size();
}

/// What Argo CD takes for owned although no owner reference says so (gitops-engine pkg/cache).
bool is_owned_by_name(const k8s::ObjectKey& key, const live::ObjectStore& store,
                      const std::vector<live::EntryPtr>& all) {
  if (!key.group.empty()) return false;
  if (key.kind == "Endpoints")
    return store.find({"", "Service", key.namespace_, key.name}) != nullptr;
  if (key.kind != "PersistentVolumeClaim") return false;
  return std::ranges::any_of(all, [&](const live::EntryPtr& entry) {
    return entry->key.group == "apps" && entry->key.kind == "StatefulSet" &&
           is_claim_of(key.name, entry->key.name);
  });
}

}  // namespace

std::vector<k8s::ObjectKey> find_orphans(const live::ObjectStore& store,
                                         const api::Project& project, const OrphanInputs& inputs) {
  std::vector<k8s::ObjectKey> out;
  if (!project.orphaned_resources || inputs.namespace_.empty()) return out;
  const auto all = store.top_level_of(inputs.namespace_);
  for (const auto& entry : all) {
    const auto& app = entry->owner.app;
    if (inputs.managed.contains(entry->key) || !api::watches_orphan(project, entry->key) ||
        (!app.empty() && inputs.app_exists(app)) || is_owned_by_name(entry->key, store, all))
      continue;
    out.push_back(entry->key);
  }
  return out;
}

std::string orphan_warning(const std::vector<k8s::ObjectKey>& orphans) {
  if (orphans.empty()) return {};
  return fmt::format("Application has {} orphaned resources", orphans.size());
}

}  // namespace tiphys::controller
