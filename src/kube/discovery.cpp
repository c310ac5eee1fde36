#include "tiphys/kube/discovery.hpp"

#include "tiphys/value/json.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace tiphys::kube {

using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::string_view kAggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
    "application/json";

std::vector<std::string> strings_of(const value::Value& list) {
  std::vector<std::string> out;
  for (const auto& item : list.items()) out.emplace_back(item.text());
  return out;
}

std::string group_version(const std::string& group, const std::string& version) {
  return group.empty() ? version : group + "/" + version;
}

/// What was known of one group version before, now marked as old.
void keep_before(const std::string& group, const std::string& version, const std::string& why,
                 const ApiSurface& before, ApiSurface& into) {
  into.stale[group_version(group, version)] = why;
  for (const auto& resource : before.resources) {
    if (resource.group == group && resource.version == version) into.resources.push_back(resource);
  }
}

/// Groups in order; the versions of a group, and the resources of a version, keep the server's.
void sort_by_group(ApiSurface& surface) {
  std::map<std::string, std::vector<ResourceInfo>> groups;
  for (auto& resource : surface.resources) groups[resource.group].push_back(std::move(resource));
  surface.resources.clear();
  for (auto& [name, resources] : groups)
    std::ranges::move(resources, std::back_inserter(surface.resources));
}

Result<value::Value> get_json(Client& client, const std::string& target, base::Deadline deadline,
                              std::string_view accept = "application/json") {
  TRY_ASSIGN(const std::string body, client.get_raw(target, deadline, accept));
  auto parsed = value::parse_json(body);
  if (!parsed.ok())
    return Error(Code::Unavailable, "get " + target + ": the server's answer is not JSON");
  return parsed;
}

/// One group version the older way; a failure keeps what was known.
void ask_group_version(Client& client, const std::string& group, const std::string& version,
                       base::Deadline deadline, const ApiSurface& before, ApiSurface& into) {
  const std::string target = (group.empty() ? "/api/" : "/apis/") + group_version(group, version);
  const auto list = get_json(client, target, deadline);
  if (!list.ok()) {
    keep_before(group, version, list.error().text(), before, into);
    return;
  }
  std::ranges::move(read_resource_list(*list), std::back_inserter(into.resources));
  into.subresource_kinds.merge(read_subresource_kinds(*list));
}

/// GET /api or /apis was answered the older way: an APIVersions or an APIGroupList.
void read_legacy(Client& client, const value::Value& root, base::Deadline deadline,
                 const ApiSurface& before, ApiSurface& into) {
  for (const auto& version : root["versions"].items())
    ask_group_version(client, "", std::string(version.text()), deadline, before, into);
  for (const auto& group : root["groups"].items()) {
    const std::string name(group["name"].text());
    const auto preferred = group.at({"preferredVersion", "version"}).text();
    std::vector<std::string> versions;
    for (const auto& version : group["versions"].items())
      versions.emplace_back(version["version"].text());
    const auto first = std::ranges::find(versions, preferred);
    if (first != versions.end()) std::rotate(versions.begin(), first, first + 1);
    for (const auto& version : versions)
      ask_group_version(client, name, version, deadline, before, into);
  }
}

}  // namespace

void read_aggregated(const value::Value& list, const ApiSurface& before, ApiSurface& into) {
  for (const auto& group : list["items"].items()) {
    const std::string name(group.at({"metadata", "name"}).text());
    for (const auto& version : group["versions"].items()) {
      const std::string number(version["version"].text());
      if (version["freshness"].text() == "Stale") {
        keep_before(name, number, "the API server could not ask the server behind it", before,
                    into);
        continue;
      }
      for (const auto& resource : version["resources"].items()) {
        for (const auto& part : resource["subresources"].items()) {
          const std::string own(part.at({"responseKind", "kind"}).text());
          if (!own.empty()) into.subresource_kinds.insert(group_version(name, number) + "/" + own);
        }
        const std::string kind(resource.at({"responseKind", "kind"}).text());
        if (kind.empty()) continue;  // only subresources
        into.resources.push_back({name, number, std::string(resource["resource"].text()), kind,
                                  resource["scope"].text() == "Namespaced",
                                  strings_of(resource["verbs"])});
      }
    }
  }
}

std::vector<ResourceInfo> read_resource_list(const value::Value& list) {
  const auto in = k8s::GroupVersionKind::of(list["groupVersion"].text(), "");
  std::vector<ResourceInfo> out;
  for (const auto& resource : list["resources"].items()) {
    const std::string_view name = resource["name"].text();
    if (name.contains('/')) continue;  // a subresource
    out.push_back({in.group, in.version, std::string(name), std::string(resource["kind"].text()),
                   resource["namespaced"].boolean_or(false), strings_of(resource["verbs"])});
  }
  return out;
}

std::set<std::string> read_subresource_kinds(const value::Value& list) {
  std::set<std::string> out;
  for (const auto& resource : list["resources"].items())
    if (resource["name"].text().contains('/'))
      out.insert(std::string(list["groupVersion"].text()) + "/" +
                 std::string(resource["kind"].text()));
  return out;
}

Discovery::Discovery(Client& client)
    : client_(client), surface_(std::make_shared<const ApiSurface>()) {}

base::Status Discovery::refresh(base::Deadline deadline) {
  const auto before = surface();
  auto next = std::make_shared<ApiSurface>();
  for (const std::string root : {"/api", "/apis"}) {
    TRY_ASSIGN(const auto answer, get_json(client_, root, deadline, kAggregated));
    if (answer["kind"].text() == "APIGroupDiscoveryList") {
      read_aggregated(answer, *before, *next);
    } else {
      read_legacy(client_, answer, deadline, *before, *next);
    }
  }
  if (next->resources.empty())
    return Error(Code::Unavailable, "discovery: " + client_.server() + " serves no resource");
  TRY_ASSIGN(const auto version, get_json(client_, "/version", deadline));
  next->version = {std::string(version["gitVersion"].text()), std::string(version["major"].text()),
                   std::string(version["minor"].text())};
  sort_by_group(*next);
  *surface_.lock() = std::move(next);
  return {};
}

std::shared_ptr<const ApiSurface> Discovery::surface() const { return *surface_.lock(); }

std::optional<ResourceInfo> Discovery::resource(const k8s::GroupVersionKind& gvk) const {
  const auto known = surface();
  const auto found = std::ranges::find(known->resources, gvk, &ResourceInfo::gvk);
  if (found == known->resources.end()) return std::nullopt;
  return *found;
}

std::optional<ResourceInfo> Discovery::resource(const k8s::GroupKind& kind) const {
  const auto known = surface();
  const auto found = std::ranges::find(known->resources, kind, &ResourceInfo::group_kind);
  if (found == known->resources.end()) return std::nullopt;
  return *found;
}

std::vector<ResourceInfo> Discovery::preferred() const {
  const auto known = surface();
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<ResourceInfo> out;
  for (const auto& resource : known->resources) {
    if (seen.emplace(resource.group, resource.plural).second) out.push_back(resource);
  }
  std::ranges::sort(out, {}, [](const ResourceInfo& r) { return std::tie(r.group, r.plural); });
  return out;
}

bool Discovery::stale(std::string_view group) const {
  const auto known = surface();
  return std::ranges::any_of(known->stale, [&](const auto& entry) {
    const std::string_view name = entry.first;
    const auto slash = name.find('/');
    return group == (slash == std::string_view::npos ? std::string_view() : name.substr(0, slash));
  });
}

std::vector<std::string> Discovery::api_versions() const {
  const auto known = surface();
  std::set<std::string> names;
  for (const auto& resource : known->resources) {
    names.insert(resource.api_version());
    names.insert(resource.api_version() + "/" + resource.kind);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> Discovery::all_api_versions() const {
  auto out = api_versions();
  const auto known = surface();
  out.insert(out.end(), known->subresource_kinds.begin(), known->subresource_kinds.end());
  std::ranges::sort(out);
  const auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace tiphys::kube
