#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace tiphys::k8s {

struct GroupKind {
  std::string group;
  std::string kind;
  auto operator<=>(const GroupKind&) const = default;
  /// "Deployment.apps", "Service": as kubectl names it.
  std::string text() const;
};

/// group "" is the core group. api_version() is "v1" or "apps/v1".
struct GroupVersionKind {
  std::string group;
  std::string version;
  std::string kind;
  auto operator<=>(const GroupVersionKind&) const = default;

  static GroupVersionKind of(std::string_view api_version, std::string_view kind);
  std::string api_version() const;
  GroupKind group_kind() const { return {group, kind}; }
};

/// Identity of an object in one cluster, whatever version it is read in. namespace_ is "" for
/// cluster scope.
struct ObjectKey {
  std::string group;
  std::string kind;
  std::string namespace_;
  std::string name;
  auto operator<=>(const ObjectKey&) const = default;

  GroupKind group_kind() const { return {group, kind}; }
  /// "apps/Deployment/ns/name", as Argo CD writes resource keys in messages.
  std::string text() const;
};

/// Namespace and name: the key of an Application or of any object whose kind is clear.
struct NamespacedName {
  std::string namespace_;
  std::string name;
  auto operator<=>(const NamespacedName&) const = default;
  std::string text() const { return namespace_ + "/" + name; }
};

}  // namespace tiphys::k8s

template <>
struct std::hash<tiphys::k8s::ObjectKey> {
  std::size_t operator()(const tiphys::k8s::ObjectKey& key) const noexcept;
};
template <>
struct std::hash<tiphys::k8s::NamespacedName> {
  std::size_t operator()(const tiphys::k8s::NamespacedName& key) const noexcept;
};
template <>
struct std::hash<tiphys::k8s::GroupKind> {
  std::size_t operator()(const tiphys::k8s::GroupKind& key) const noexcept;
};
