#include "tiphys/k8s/names.hpp"

namespace tiphys::k8s {

std::string GroupKind::text() const { return group.empty() ? kind : kind + "." + group; }

GroupVersionKind GroupVersionKind::of(std::string_view api_version, std::string_view kind) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return {"", std::string(api_version), std::string(kind)};
  return {std::string(api_version.substr(0, slash)), std::string(api_version.substr(slash + 1)),
          std::string(kind)};
}

std::string GroupVersionKind::api_version() const {
  return group.empty() ? version : group + "/" + version;
}

std::string ObjectKey::text() const { return group + "/" + kind + "/" + namespace_ + "/" + name; }

}  // namespace tiphys::k8s

namespace {

std::size_t mix(std::size_t seed, const std::string& part) {
  return (seed ^ std::hash<std::string>()(part)) * 0x9E3779B97F4A7C15ULL;
}

}  // namespace

std::size_t std::hash<tiphys::k8s::ObjectKey>::operator()(
    const tiphys::k8s::ObjectKey& key) const noexcept {
  return mix(mix(mix(mix(0, key.group), key.kind), key.namespace_), key.name);
}

std::size_t std::hash<tiphys::k8s::NamespacedName>::operator()(
    const tiphys::k8s::NamespacedName& key) const noexcept {
  return mix(mix(0, key.namespace_), key.name);
}

std::size_t std::hash<tiphys::k8s::GroupKind>::operator()(
    const tiphys::k8s::GroupKind& key) const noexcept {
  return mix(mix(0, key.group), key.kind);
}
