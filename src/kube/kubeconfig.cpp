#include "kube/files.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/kube/config.hpp"

#include <yaml-cpp/yaml.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tiphys::kube {

using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::size_t kMaxFile = 1 << 20;

/// One named entry of clusters, users or contexts.
struct Entry {
  std::string where;  ///< `user "dev"`: for messages
  YAML::Node node;

  std::string text(const char* field) const {
    const YAML::Node found = node[field];
    return found && found.IsScalar() ? found.Scalar() : std::string();
  }
  bool has(const char* field) const {
    const YAML::Node found = node[field];
    return found && !found.IsNull() && !(found.IsScalar() && found.Scalar().empty());
  }
  Error invalid(const char* field, const std::string& why) const {
    return {Code::Invalid, "kubeconfig: " + where + ": " + field + ": " + why};
  }
};

Result<Entry> find(const YAML::Node& root, const char* list, const char* kind,
                   const std::string& name) {
  const std::string where = std::string(kind) + " \"" + name + "\"";
  const YAML::Node entries = root[list];
  if (entries && !entries.IsSequence() && !entries.IsNull())
    return Error(Code::Invalid, std::string("kubeconfig: ") + list + ": must be a list");
  for (const auto& entry : entries) {
    if (!entry.IsMap() || !entry["name"] || entry["name"].as<std::string>("") != name) continue;
    const YAML::Node body = entry[kind];
    if (!body || !body.IsMap())
      return Error(Code::Invalid, "kubeconfig: " + where + ": has no " + kind + " section");
    return Entry{where, body};
  }
  return Error(Code::NotFound, "kubeconfig: " + where + ": not in " + list);
}

/// FIELD-data (base64) or else the file that FIELD names (`file` is set to its path); "" when
/// neither is set.
Result<std::string> pem_of(const Entry& entry, const std::string& folder, const char* field,
                           std::string& file) {
  const std::string data_field = std::string(field) + "-data";
  if (entry.has(data_field.c_str())) {
    auto decoded = base::base64_decode(entry.text(data_field.c_str()));
    if (!decoded) return entry.invalid(data_field.c_str(), "not base64");
    return *std::move(decoded);
  }
  if (!entry.has(field)) return std::string();
  const std::filesystem::path path = std::filesystem::path(folder) / entry.text(field);
  file = path.string();
  return read_small_file(file).context("kubeconfig: " + entry.where + ": " + field);
}

base::Status refuse_unsupported(const Entry& entry, std::initializer_list<const char*> fields) {
  for (const char* field : fields) {
    if (entry.has(field))
      return Error(Code::Unimplemented,
                   "kubeconfig: " + entry.where + ": " + field +
                       " is not supported; use a token, a token file or a client certificate");
  }
  return {};
}

base::Status read_cluster(const Entry& cluster, const std::string& folder, ClusterConfig& config) {
  if (cluster.has("proxy-url"))
    return Error(Code::Unimplemented,
                 "kubeconfig: " + cluster.where + ": proxy-url is not supported");
  if (!cluster.has("server")) return cluster.invalid("server", "is missing");
  std::string server = cluster.text("server");
  while (server.ends_with('/')) server.pop_back();
  TRY_ASSIGN(config.server,
             net::Url::parse(server).context("kubeconfig: " + cluster.where + ": server"));
  if (config.server.target == "/") config.server.target.clear();
  const std::string insecure = cluster.text("insecure-skip-tls-verify");
  if (!insecure.empty() && insecure != "true" && insecure != "false")
    return cluster.invalid("insecure-skip-tls-verify", "must be true or false");
  config.tls.insecure = insecure == "true";
  config.tls.server_name = cluster.text("tls-server-name");
  TRY_ASSIGN(config.tls.ca_pem,
             pem_of(cluster, folder, "certificate-authority", config.tls_files.ca));
  return {};
}

base::Status read_user(const Entry& user, const std::string& folder, ClusterConfig& config) {
  TRY(refuse_unsupported(user,
                         {"exec", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"}));
  TRY_ASSIGN(config.tls.client_cert_pem,
             pem_of(user, folder, "client-certificate", config.tls_files.client_cert));
  TRY_ASSIGN(config.tls.client_key_pem,
             pem_of(user, folder, "client-key", config.tls_files.client_key));
  if (config.tls.client_cert_pem.empty() != config.tls.client_key_pem.empty())
    return user.invalid(config.tls.client_cert_pem.empty() ? "client-certificate" : "client-key",
                        "is missing: certificate and key go together");
  // client-go's order: the file before the token.
  if (user.has("tokenFile")) {
    const auto path = std::filesystem::path(folder) / user.text("tokenFile");
    config.token = TokenSource::file(path.string());
  } else if (user.has("token")) {
    config.token = TokenSource(user.text("token"));
  }
  config.username = user.text("username");
  config.password = user.text("password");
  return {};
}

Result<ClusterConfig> read_config(const YAML::Node& root, const std::string& folder,
                                  std::string_view wanted) {
  if (!root.IsMap()) return Error(Code::Invalid, "kubeconfig: not a YAML map");
  std::string name(wanted);
  if (name.empty() && root["current-context"]) name = root["current-context"].as<std::string>("");
  if (name.empty())
    return Error(Code::Invalid, "kubeconfig: current-context is not set and no context was named");
  TRY_ASSIGN(const Entry context, find(root, "contexts", "context", name));
  TRY_ASSIGN(const Entry cluster, find(root, "clusters", "cluster", context.text("cluster")));
  ClusterConfig config;
  TRY(read_cluster(cluster, folder, config));
  if (context.has("user")) {
    TRY_ASSIGN(const Entry user, find(root, "users", "user", context.text("user")));
    TRY(read_user(user, folder, config));
  }
  config.default_namespace = context.text("namespace");
  config.origin = "context " + name;
  return config;
}

}  // namespace

Result<std::string> read_small_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const std::error_code why(errno, std::generic_category());
    return Error(Code::NotFound, path + ": " + why.message());
  }
  std::string text(kMaxFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return Error(Code::NotFound, path + ": can't be read");
  if (text.size() > kMaxFile)
    return Error(Code::ResourceExhausted, path + ": over " + std::to_string(kMaxFile) + " bytes");
  return text;
}

Result<ClusterConfig> parse_kubeconfig(std::string_view text, const std::string& folder,
                                       std::string_view context) {
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    return read_config(root, folder, context);
  } catch (const YAML::Exception& error) {
    return Error(Code::Invalid, "kubeconfig: not YAML: line " +
                                    std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

Result<ClusterConfig> load_kubeconfig(const std::string& path, std::string_view context) {
  TRY_ASSIGN(const std::string text, read_small_file(path));
  const auto folder = std::filesystem::path(path).parent_path().string();
  auto config = parse_kubeconfig(text, folder, context).context(path);
  if (config.ok()) config->origin += " of " + path;
  return config;
}

}  // namespace tiphys::kube
