#include "tiphys/source/cluster_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::source {

using base::Code;
using base::Error;
using value::Value;

namespace {

kube::CallOptions options_of(base::Deadline deadline, kube::Identity identity) {
  kube::CallOptions out(deadline);
  out.identity = std::move(identity);
  return out;
}

/// client-go's rule: what would be another path is no name.
base::Status check_part(std::string_view what, std::string_view text) {
  if (text != "." && text != ".." && text.find_first_of("/%") == std::string_view::npos) return {};
  return Error(Code::Invalid, fmt::format("invalid {} \"{}\"", what, text));
}

std::string question(std::string_view api_version, std::string_view kind, std::string_view ns,
                     std::string_view name) {
  return fmt::format("lookup {} {} {}", api_version, kind,
                     name.empty() && ns.empty() ? "in all namespaces"
                     : name.empty()             ? fmt::format("in {}", ns)
                     : ns.empty()               ? std::string(name)
                                                : fmt::format("{}/{}", ns, name));
}

}  // namespace

ClusterLookup::ClusterLookup(kube::Client& client, const kube::Discovery& discovery,
                             kube::Identity identity, base::Deadline deadline, Rules rules,
                             UnknownKind unknown)
    : client_(client),
      discovery_(discovery),
      options_(options_of(deadline, std::move(identity))),
      rules_(std::move(rules)),
      unknown_(unknown) {}

base::Result<Value> ClusterLookup::lookup(std::string_view api_version, std::string_view kind,
                                          std::string_view ns, std::string_view name) {
  const auto answer = [&]() -> base::Result<Value> {
    TRY(check_part("namespace", ns));
    TRY(check_part("resource name", name));
    TRY_ASSIGN(const auto resource, resource_of(api_version, kind));
    if (!resource) return Value(value::Map());
    if (rules_.may_ask) TRY(rules_.may_ask(*resource, resource->namespaced ? ns : "", name));
    return name.empty() ? all(*resource, ns) : one(*resource, ns, name);
  };
  return answer().context(question(api_version, kind, ns, name));
}

base::Result<std::optional<kube::ResourceInfo>> ClusterLookup::resource_of(
    std::string_view api_version, std::string_view kind) const {
  const auto gvk = k8s::GroupVersionKind::of(api_version, kind);
  if (auto resource = discovery_.resource(gvk)) return resource;
  const std::string asked(api_version);
  const auto surface = discovery_.surface();
  if (const auto stale = surface->stale.find(asked); stale != surface->stale.end())
    return Error(Code::Unavailable, "the server can't say what it serves: " + stale->second);
  const bool served = std::ranges::any_of(
      surface->resources, [&](const auto& item) { return item.api_version() == asked; });
  if (served && unknown_ == UnknownKind::empty) return std::optional<kube::ResourceInfo>();
  return Error(Code::NotFound, fmt::format("the server serves no {} in {}", kind, api_version));
}

base::Result<Value> ClusterLookup::one(const kube::ResourceInfo& resource, std::string_view ns,
                                       std::string_view name) const {
  // Nothing is there where the server has no such path.
  if (resource.namespaced && ns.empty()) return Value(value::Map());
  auto found = client_.get(resource, ns, name, options_);
  if (!found.ok() && found.error().code() == Code::NotFound) return Value(value::Map());
  if (!found.ok()) return std::move(found).error();
  if (rules_.may_show) TRY(rules_.may_show(*found));
  return found->tree();
}

base::Result<Value> ClusterLookup::all(const kube::ResourceInfo& resource,
                                       std::string_view ns) const {
  auto found = client_.list(resource, resource.namespaced ? ns : "", {}, options_);
  if (!found.ok() && found.error().code() == Code::NotFound) return Value(value::Map());
  if (!found.ok()) return std::move(found).error();
  value::List items;
  for (const k8s::Object& object : found->items) {
    if (rules_.may_show) TRY(rules_.may_show(object));
    items.push_back(object.tree());
  }
  return Value::object(
      {{"apiVersion", Value(resource.api_version())},
       {"items", Value(std::move(items))},
       {"kind", Value(resource.kind + "List")},
       {"metadata", Value::object({{"resourceVersion", Value(found->resource_version)}})}});
}

}  // namespace tiphys::source
