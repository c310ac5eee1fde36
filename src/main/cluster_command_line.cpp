#include "commands.hpp"
#include "environment.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/kube/config.hpp"
#include "tiphys/kube/discovery.hpp"
#include "tiphys/net/http_client.hpp"
#include "tiphys/net/io.hpp"
#include "tiphys/source/cluster_lookup.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace tiphys::main {

namespace {

using base::Code;
using base::Error;

// Somebody waits at a terminal.
constexpr std::chrono::seconds kReachable{5};
constexpr std::chrono::seconds kDiscovered{30};
constexpr std::chrono::minutes kLookups{2};

/// Helm's environment where a flag wasn't given.
cli::ClusterFlags completed(cli::ClusterFlags flags) {
  for (const auto& [field, name] :
       {std::pair{&flags.context, "HELM_KUBECONTEXT"},
        std::pair{&flags.api_server, "HELM_KUBEAPISERVER"},
        std::pair{&flags.token, "HELM_KUBETOKEN"}, std::pair{&flags.user, "HELM_KUBEASUSER"},
        std::pair{&flags.ca_file, "HELM_KUBECAFILE"},
        std::pair{&flags.tls_server_name, "HELM_KUBETLS_SERVER_NAME"}})
    if (field->empty()) *field = environment(name);
  return flags;
}

/// The kubeconfig that kubectl would read; "" when there is none.
base::Result<std::string> kubeconfig_of(const std::string& flag) {
  if (!flag.empty()) return flag;
  std::string list = environment("KUBECONFIG");
  if (list.empty()) list = environment("HOME") + "/.kube/config";
  std::string found;
  while (!list.empty()) {
    const auto colon = list.find(':');
    const std::string path = list.substr(0, colon);
    list = colon == std::string::npos ? std::string() : list.substr(colon + 1);
    std::error_code ignored;
    if (path.empty() || path == found || !std::filesystem::exists(path, ignored)) continue;
    if (!found.empty())
      return Error(Code::Unimplemented,
                   "not supported: several files in KUBECONFIG; name one with --kubeconfig");
    found = path;
  }
  return found;
}

base::Result<kube::ClusterConfig> config_of(const cli::ClusterFlags& flags) {
  TRY_ASSIGN(const std::string file, kubeconfig_of(flags.kubeconfig));
  kube::ClusterConfig config;
  if (!file.empty()) {
    TRY_ASSIGN(config, kube::load_kubeconfig(file, flags.context));
  } else if (flags.api_server.empty()) {
    auto pod = kube::in_cluster_config(environment("KUBERNETES_SERVICE_HOST"),
                                       environment("KUBERNETES_SERVICE_PORT"));
    if (!pod.ok()) return Error(Code::NotFound, "no configuration has been provided");
    config = *std::move(pod);
  }
  if (!flags.api_server.empty()) {
    TRY_ASSIGN(config.server, net::Url::parse(flags.api_server).context("--kube-apiserver"));
    if (config.server.target == "/") config.server.target.clear();
  }
  if (!flags.token.empty()) config.token = kube::TokenSource(flags.token);
  if (!flags.ca_file.empty()) {
    std::ifstream in(flags.ca_file, std::ios::binary);
    if (!in) return Error(Code::NotFound, "--kube-ca-file: can't be read: " + flags.ca_file);
    config.tls.ca_pem.assign(std::istreambuf_iterator<char>(in), {});
    config.tls_files.ca = flags.ca_file;
  }
  if (!flags.tls_server_name.empty()) config.tls.server_name = flags.tls_server_name;
  config.tls.insecure = config.tls.insecure || flags.insecure;
  return config;
}

class ConnectedCluster final : public cli::Cluster {
 public:
  base::Status connect(const cli::ClusterFlags& flags) {
    TRY_ASSIGN(auto config, config_of(flags));
    namespace_ = config.default_namespace;
    kube::Client::Options options;
    options.user_agent = std::string("tiphys/") + TIPHYS_VERSION + " (template)";
    TRY_ASSIGN(client_, kube::Client::make(http_, io_, clock_, std::move(config), options));
    TRY(client_->get_raw("/version", base::Deadline::after(clock_, kReachable)));
    discovery_ = std::make_unique<kube::Discovery>(*client_);
    TRY(discovery_->refresh(base::Deadline::after(clock_, kDiscovered)));
    lookup_ = std::make_unique<source::ClusterLookup>(
        *client_, *discovery_, kube::Identity{.user = flags.user, .groups = flags.groups},
        base::Deadline::after(clock_, kLookups), source::ClusterLookup::Rules(),
        source::ClusterLookup::UnknownKind::empty);
    return {};
  }
  helm::Lookup& lookup() override { return *lookup_; }
  std::string kube_version() const override { return discovery_->version().git_version; }
  std::vector<std::string> api_versions() const override { return discovery_->all_api_versions(); }
  std::string default_namespace() const override { return namespace_; }

 private:
  base::SystemClock clock_;
  net::IoRuntime io_{1};
  net::HttpClient http_{io_, clock_, net::HttpClient::Options()};
  std::unique_ptr<kube::Client> client_;
  std::unique_ptr<kube::Discovery> discovery_;
  std::unique_ptr<source::ClusterLookup> lookup_;
  std::string namespace_;
};

}  // namespace

base::Result<std::unique_ptr<cli::Cluster>> connect_cluster(const cli::ClusterFlags& flags) {
  auto cluster = std::make_unique<ConnectedCluster>();
  TRY(cluster->connect(completed(flags)));
  return std::unique_ptr<cli::Cluster>(std::move(cluster));
}

}  // namespace tiphys::main
