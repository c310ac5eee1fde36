#include "tiphys/live/declared_cluster.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tiphys::live {

using base::Code;
using base::Error;
using base::Result;
using value::Value;

namespace {

std::string data_of(const k8s::Object& secret, std::string_view key) {
  return base::base64_decode(secret.tree().at({"data", key}).text()).value_or(std::string());
}

std::string without_slashes(std::string server) {
  while (server.ends_with('/')) server.pop_back();
  return server;
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string_view name = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto first = name.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) continue;
    names.emplace_back(name.substr(first, name.find_last_not_of(kBlanks) - first + 1));
  }
  return names;
}

/// Members of the JSON under `config`, with the first error that one of them gave.
class ConfigReader {
 public:
  ConfigReader(const Value& map, std::string path) : map_(map), path_(std::move(path)) {}

  std::string text(std::string_view key) {
    const Value& member = map_[key];
    if (member.is_null() || member.is_string()) return std::string(member.text());
    fail(key, "must be a string");
    return {};
  }
  bool boolean(std::string_view key) {
    const Value& member = map_[key];
    if (!member.is_null() && !member.is_bool()) fail(key, "must be true or false");
    return member.boolean_or(false);
  }
  std::string base64(std::string_view key) {
    auto decoded = base::base64_decode(text(key));
    if (!decoded) fail(key, "is not base64");
    return decoded.value_or(std::string());
  }
  void refuse(std::string_view key) {
    if (!map_[key].is_null() && !error_)
      error_ = Error(Code::Unimplemented,
                     fmt::format("not supported: {}{}; use a bearer token or a client certificate",
                                 path_, key));
  }
  void fail(std::string_view key, std::string_view why) {
    if (!error_) error_ = Error(Code::Invalid, fmt::format("{}{}: {}", path_, key, why));
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  const Value& map_;
  std::string path_;
  std::optional<Error> error_;
};

base::Status read_tls(const Value& json, net::TlsOptions& tls) {
  if (json.is_null()) return {};
  if (!json.is_map()) return Error(Code::Invalid, "config.tlsClientConfig: must be a map");
  ConfigReader reader(json, "config.tlsClientConfig.");
  tls.insecure = reader.boolean("insecure");
  tls.server_name = reader.text("serverName");
  tls.ca_pem = reader.base64("caData");
  tls.client_cert_pem = reader.base64("certData");
  tls.client_key_pem = reader.base64("keyData");
  if (tls.client_cert_pem.empty() != tls.client_key_pem.empty())
    reader.fail(tls.client_cert_pem.empty() ? "certData" : "keyData",
                "is missing: certificate and key go together");
  // As client-go: one of them must be wrong.
  if (tls.insecure && !tls.ca_pem.empty()) reader.fail("insecure", "caData can't be given with it");
  if (reader.error()) return Error(*reader.error());
  return {};
}

base::Status read_config(const std::string& text, DeclaredCluster& cluster) {
  if (text.empty()) return {};
  const auto json = value::parse_json(text);
  if (!json.ok() || !json->is_map()) return Error(Code::Invalid, "config: is not a JSON map");
  ConfigReader reader(*json, "config.");
  for (const auto* cloud : {"execProviderConfig", "awsAuthConfig"}) reader.refuse(cloud);
  cluster.username = reader.text("username");
  cluster.password = reader.text("password");
  cluster.bearer_token = reader.text("bearerToken");
  const std::string proxy = reader.text("proxyUrl");
  (void)reader.boolean("disableCompression");  // nothing is ever asked for compressed
  if (reader.error()) return Error(*reader.error());
  if (!cluster.bearer_token.empty() && !cluster.username.empty())
    return Error(Code::Invalid, "config: username and bearerToken exclude one another");
  if (!proxy.empty()) {
    TRY_ASSIGN(cluster.proxy, net::Proxy::parse(proxy).context("config.proxyUrl"));
  }
  return read_tls((*json)["tlsClientConfig"], cluster.tls);
}

/// What is known of it even where the rest is wrong.
DeclaredCluster read_names(const k8s::Object& secret) {
  DeclaredCluster cluster;
  cluster.secret = secret.name();
  cluster.server = without_slashes(data_of(secret, "server"));
  cluster.name = data_of(secret, "name");
  cluster.project = data_of(secret, "project");
  cluster.namespaces = split_names(data_of(secret, "namespaces"));
  cluster.cluster_resources = data_of(secret, "clusterResources") == "true";
  return cluster;
}

base::Status read_rest(const k8s::Object& secret, DeclaredCluster& cluster) {
  for (const auto& [key, text] : secret.tree()["data"].entries()) {
    if (!base::base64_decode(text.text())) return Error(Code::Invalid, key + ": is not base64");
  }
  if (cluster.server.empty()) return Error(Code::Invalid, "server: is missing");
  TRY(read_config(data_of(secret, "config"), cluster));
  TRY(net::Url::parse(cluster.server).context("server"));
  return {};
}

std::string where(const DeclaredCluster& cluster) { return "cluster Secret " + cluster.secret; }

}  // namespace

bool DeclaredCluster::is_local() const { return server == api::kInClusterServer; }

Result<DeclaredCluster> read_cluster_secret(const k8s::Object& secret) {
  auto cluster = read_names(secret);
  TRY(read_rest(secret, cluster).context(where(cluster)));
  return cluster;
}

Result<kube::ClusterConfig> config_of(const DeclaredCluster& cluster) {
  kube::ClusterConfig config;
  TRY_ASSIGN(config.server, net::Url::parse(cluster.server).context(where(cluster) + ": server"));
  if (config.server.target == "/") config.server.target.clear();
  config.tls = cluster.tls;
  if (!cluster.bearer_token.empty()) config.token = kube::TokenSource(cluster.bearer_token);
  config.username = cluster.username;
  config.password = cluster.password;
  config.proxy = cluster.proxy;
  config.origin = where(cluster);
  return config;
}

DeclaredClusters::DeclaredClusters(const std::vector<k8s::Object>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.label(api::kSecretTypeLabel) != "cluster") continue;
    Item item{.cluster = read_names(secret), .problem = std::nullopt};
    auto read = read_cluster_secret(secret);
    if (read.ok())
      item.cluster = *std::move(read);
    else
      item.problem = std::move(read).error();
    items_.push_back(std::move(item));
  }
  std::ranges::sort(items_, {}, [](const Item& item) {
    return std::pair(item.cluster.server, item.cluster.secret);
  });
}

Result<std::string> DeclaredClusters::server_of(const api::Destination& destination,
                                                InCluster in_cluster) const {
  const auto& [server, name, ignored] = destination;
  if (!server.empty() && !name.empty())
    return Error(Code::Invalid,
                 fmt::format("application destination can't have both name and server defined: "
                             "{} {}",
                             name, server));
  if (!server.empty()) return without_slashes(server);
  if (name.empty()) return Error(Code::Invalid, "Destination server missing from app spec");
  std::vector<std::string> servers;
  for (const auto& item : items_) {
    if (item.cluster.name != name) continue;
    if (item.cluster.is_local() && in_cluster == InCluster::disabled) continue;
    servers.push_back(item.cluster.server);
  }
  if (servers.empty() && name == api::kInClusterName && in_cluster == InCluster::enabled)
    return std::string(api::kInClusterServer);
  if (servers.empty())
    return Error(Code::NotFound, "there are no clusters with this name: " + name);
  if (servers.size() > 1)
    return Error(Code::Invalid, fmt::format("there are {} clusters with the same name: [{}]",
                                            servers.size(), fmt::join(servers, " ")));
  return servers.front();
}

Result<DeclaredCluster> DeclaredClusters::find(const api::Destination& destination,
                                               InCluster in_cluster) const {
  TRY_ASSIGN(const auto server, server_of(destination, in_cluster));
  const std::string context =
      destination.server.empty()
          ? std::string("error getting cluster by URL")
          : fmt::format("error getting cluster by server \"{}\"", destination.server);
  const auto error = [&](Code code, std::string text) {
    return Error(code, std::move(text)).with_context(context);
  };
  const bool local = server == api::kInClusterServer;
  if (local && in_cluster == InCluster::disabled)
    return error(Code::NotFound, fmt::format("cluster \"{}\" is disabled", server));
  std::vector<const Item*> found;
  for (const auto& item : items_) {
    if (item.cluster.server == server) found.push_back(&item);
  }
  if (found.empty() && local) {
    DeclaredCluster cluster;
    cluster.server = server;
    cluster.name = api::kInClusterName;
    return cluster;
  }
  if (found.empty()) return error(Code::NotFound, fmt::format("cluster \"{}\" not found", server));
  if (found.size() > 1) {
    std::vector<std::string> secrets;
    secrets.reserve(found.size());
    for (const auto* item : found) secrets.push_back(item->cluster.secret);
    return error(Code::Invalid, fmt::format("cluster \"{}\" is declared by {} Secrets: {}", server,
                                            secrets.size(), fmt::join(secrets, ", ")));
  }
  if (found.front()->problem) return Error(*found.front()->problem).with_context(context);
  return found.front()->cluster;
}

std::vector<api::Destination> DeclaredClusters::of_project(std::string_view project) const {
  std::vector<api::Destination> clusters;
  for (const auto& item : items_) {
    if (!project.empty() && item.cluster.project == project)
      clusters.push_back(
          {.server = item.cluster.server, .name = item.cluster.name, .namespace_ = ""});
  }
  return clusters;
}

}  // namespace tiphys::live
