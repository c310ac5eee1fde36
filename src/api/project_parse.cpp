#include "api/field.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/api/project.hpp"

namespace tiphys::api {

using value::Value;

namespace {

void for_each_map(FieldReader& reader, std::string_view name,
                  const std::function<void(FieldReader&)>& read) {
  const value::List& items = reader.maps(name);
  for (std::size_t i = 0; i < items.size(); ++i) {
    FieldReader item(items[i], reader.path_of(name, i));
    read(item);
    reader.merge(item.status());
  }
}

/// A list of maps, each read by `one`.
template <class T>
std::vector<T> read_list(FieldReader& reader, std::string_view name, T (*one)(FieldReader&)) {
  std::vector<T> out;
  for_each_map(reader, name, [&](FieldReader& item) { out.push_back(one(item)); });
  return out;
}

ResourceRule read_rule(FieldReader& item) {
  return {.group = item.text("group"), .kind = item.text("kind"), .name = item.text("name")};
}

Destination read_destination(FieldReader& item) {
  return {.server = item.text("server"),
          .name = item.text("name"),
          .namespace_ = item.text("namespace")};
}

SyncWindow read_window(FieldReader& item) {
  const std::string kind = item.text("kind");
  return {.kind = kind == "allow"  ? SyncWindow::Kind::allow
                  : kind == "deny" ? SyncWindow::Kind::deny
                                   : SyncWindow::Kind::other,
          .schedule = item.text("schedule"),
          .duration = item.text("duration"),
          .time_zone = item.text("timeZone"),
          .applications = item.texts("applications"),
          .namespaces = item.texts("namespaces"),
          .clusters = item.texts("clusters"),
          .manual_sync = item.boolean("manualSync"),
          .and_operator = item.boolean("andOperator"),
          .sync_overrun = item.boolean("syncOverrun"),
          .description = item.text("description")};
}

DestinationServiceAccount read_account(FieldReader& item) {
  return {.server = item.text("server"),
          .namespace_ = item.text("namespace"),
          .name = item.text("defaultServiceAccount")};
}

std::optional<OrphanedResources> read_orphaned(FieldReader& reader) {
  if (!reader.has("orphanedResources")) return std::nullopt;
  FieldReader item(reader.map("orphanedResources"), reader.path_of("orphanedResources"));
  OrphanedResources out{.warn = item.boolean("warn"),
                        .ignore = read_list(item, "ignore", read_rule)};
  reader.merge(item.status());
  return out;
}

}  // namespace

base::Result<Project> parse_project(const k8s::Object& object) {
  FieldReader reader(object.spec(), "spec");
  Project out;
  out.key = {.namespace_ = std::string(object.namespace_()), .name = std::string(object.name())};
  out.uid = object.uid();
  out.resource_version = object.resource_version();
  out.source_repos = reader.texts("sourceRepos");
  out.destinations = read_list(reader, "destinations", read_destination);
  out.cluster_resource_whitelist = read_list(reader, "clusterResourceWhitelist", read_rule);
  out.cluster_resource_blacklist = read_list(reader, "clusterResourceBlacklist", read_rule);
  if (reader.has("namespaceResourceWhitelist"))
    out.namespace_resource_whitelist = read_list(reader, "namespaceResourceWhitelist", read_rule);
  out.namespace_resource_blacklist = read_list(reader, "namespaceResourceBlacklist", read_rule);
  out.sync_windows = read_list(reader, "syncWindows", read_window);
  out.orphaned_resources = read_orphaned(reader);
  out.permit_only_project_scoped_clusters = reader.boolean("permitOnlyProjectScopedClusters");
  out.source_namespaces = reader.texts("sourceNamespaces");
  out.destination_service_accounts = read_list(reader, "destinationServiceAccounts", read_account);
  out.allow_lookup = object.annotation(kAllowLookupAnnotation) == "true";
  TRY(reader.status());
  return out;
}

k8s::Object default_project(std::string_view control_namespace) {
  const Value any_kind = Value::object({{"group", Value("*")}, {"kind", Value("*")}});
  const Value anywhere = Value::object({{"namespace", Value("*")}, {"server", Value("*")}});
  return k8s::Object::trusted(Value::object(
      {{"apiVersion", Value(kApiVersion)},
       {"kind", Value(kProjectKind)},
       {"metadata",
        Value::object({{"name", Value(kDefaultProject)}, {"namespace", Value(control_namespace)}})},
       {"spec", Value::object({{"clusterResourceWhitelist", Value::array({any_kind})},
                               {"destinations", Value::array({anywhere})},
                               {"sourceRepos", Value::array({Value("*")})}})}}));
}

}  // namespace tiphys::api
