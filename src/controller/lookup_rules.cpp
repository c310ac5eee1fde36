#include "lookup_rules.hpp"

#include "tiphys/api/names.hpp"

#include <fmt/format.h>

namespace tiphys::controller {

namespace {

base::Error forbidden(std::string why) { return {base::Code::Forbidden, std::move(why)}; }

}  // namespace

base::Status may_look_up(const LookupScope& scope, const kube::ResourceInfo& resource,
                         std::string_view namespace_, std::string_view name) {
  const api::Project& project = scope.project;
  if (!project.allow_lookup)
    return forbidden(fmt::format("project {} doesn't allow it: it has no annotation {}: \"true\"",
                                 project.key.name, api::kAllowLookupAnnotation));
  if (!scope.identity_problem.empty()) return forbidden(scope.identity_problem);
  const auto where = resource.namespaced ? api::Scope::namespaced : api::Scope::cluster;
  if (!api::permitted_kind(project, resource.group_kind(), name, where))
    return forbidden(fmt::format("project {} doesn't permit {}{}", project.key.name,
                                 resource.namespaced ? "" : "the cluster-scoped kind ",
                                 resource.group_kind().text()));
  if (!resource.namespaced) return {};
  if (namespace_.empty()) return forbidden("a namespace must be named");
  if (namespace_ == scope.control_namespace)
    return forbidden(fmt::format("{} is the control namespace", namespace_));
  api::Destination to = scope.destination;
  to.namespace_ = namespace_;
  if (!api::permitted_destination(project, to))
    return forbidden(fmt::format("project {} has no destination for namespace {} of {}",
                                 project.key.name, namespace_, to.server));
  return {};
}

base::Status may_show(const k8s::Object& object) {
  if (object.group_kind() != k8s::GroupKind{"", "Secret"} || !object.label(api::kSecretTypeLabel))
    return {};
  return forbidden(fmt::format("Secret {}/{} declares a connection: it has the label {}",
                               object.namespace_(), object.name(), api::kSecretTypeLabel));
}

source::ClusterLookup::Rules lookup_rules(const LookupScope& scope) {
  return {
      .may_ask =
          [scope](const kube::ResourceInfo& resource, std::string_view namespace_,
                  std::string_view name) { return may_look_up(scope, resource, namespace_, name); },
      .may_show = may_show};
}

}  // namespace tiphys::controller
