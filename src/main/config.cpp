#include "config.hpp"

#include "environment.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/text/duration.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <array>
#include <charconv>
#include <random>

namespace tiphys::main {

namespace {

std::string random_suffix() {
  std::random_device device;
  std::array<char, 8> bytes{};
  for (auto& byte : bytes) byte = static_cast<char>(device());
  return base::to_hex(std::string_view(bytes.data(), bytes.size()));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "tiphys";
}

}  // namespace

void Config::add_common(CLI::App& app) {
  app.add_option(
      "--kubeconfig", kubeconfig,
      "kubeconfig file; without it the pod's service account (an exported KUBECONFIG is not used)");
  app.add_option("--context", context, "context of the kubeconfig; default: its current one");
  app.add_option("--namespace", namespace_,
                 "control namespace: where Applications and settings are")
      ->envname("POD_NAMESPACE")
      ->capture_default_str();
  app.add_option("--namespaces", namespaces,
                 "serve only these namespaces, and no cluster-scoped kind (Roles are enough)")
      ->delimiter(',');
  app.add_option("--log-format", log_format, "json or text")
      ->check(CLI::IsMember({"json", "text"}))
      ->capture_default_str();
  for (const auto& name : controller::setting_names()) {
    app.add_option_function<std::string>(
           "--" + name, [this, name](const std::string& text) { settings[name] = text; },
           "setting, over Argo CD's ConfigMaps")
        ->group("Settings");
  }
}

void Config::add_controller(CLI::App& app) {
  app.add_option("--identity", identity,
                 "holder of the Lease; default: POD_NAME, else host name and a random suffix");
  app.add_option("--cache-dir", cache_dir, "folder of the repositories' mirrors")
      ->capture_default_str();
  app.add_option("--listen", listen, "address:port of /metrics, /healthz and /readyz; port 0: any")
      ->capture_default_str();
  app.add_option("--port-file", port_file, "write the port of --listen to this file");
  app.add_option(
      "--git-poll-interval", git_poll_interval,
      "time between two polls of a repository, e.g. 120s; default: timeout.reconciliation");
  app.add_option("--workers", workers, "applications that are reconciled at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_flag(
      "--take-over", take_over,
      "act even though an Argo CD application controller is installed in the control namespace");
}

void Config::complete() {
  const auto either = [](const char* upper, const char* lower) {
    auto text = environment(upper);
    return text.empty() ? environment(lower) : text;
  };
  proxies = {.http = either("HTTP_PROXY", "http_proxy"),
             .https = either("HTTPS_PROXY", "https_proxy"),
             .none = either("NO_PROXY", "no_proxy")};
  if (identity.empty()) identity = environment("POD_NAME");
  if (identity.empty()) identity = host_name() + "-" + random_suffix();
}

base::Result<kube::ClusterConfig> Config::cluster() const {
  if (!kubeconfig.empty()) return kube::load_kubeconfig(kubeconfig, context);
  return kube::in_cluster_config(environment("KUBERNETES_SERVICE_HOST"),
                                 environment("KUBERNETES_SERVICE_PORT"))
      .context("no --kubeconfig given");
}

base::Result<std::optional<std::chrono::milliseconds>> Config::poll_interval() const {
  if (git_poll_interval.empty()) return std::optional<std::chrono::milliseconds>();
  TRY_ASSIGN(const auto span,
             text::parse_duration(git_poll_interval).context("--git-poll-interval"));
  if (span < std::chrono::seconds(1)) {
    return base::Error(base::Code::Invalid,
                       "--git-poll-interval: at least 1s, not " + git_poll_interval);
  }
  return std::optional(std::chrono::duration_cast<std::chrono::milliseconds>(span));
}

base::Result<std::pair<std::string, std::uint16_t>> Config::listen_address() const {
  const auto colon = listen.rfind(':');
  std::uint16_t port = 0;
  const char* begin = listen.data() + (colon == std::string::npos ? listen.size() : colon + 1);
  const auto [end, error] = std::from_chars(begin, listen.data() + listen.size(), port);
  if (colon == std::string::npos || error != std::errc() || end != listen.data() + listen.size()) {
    return base::Error(base::Code::Invalid,
                       "--listen: expected address:port, not '" + listen + "'");
  }
  return std::pair(listen.substr(0, colon), port);
}

}  // namespace tiphys::main
