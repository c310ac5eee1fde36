#pragma once

#include "log_sink.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/kube/config.hpp"
#include "tiphys/net/proxy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tiphys::main {

/// All that flags and environment say, read once; nothing else in the process looks at the
/// environment.
struct Config {
  std::string kubeconfig;  ///< "": the pod's service account
  std::string context;
  std::string namespace_ = "argocd";
  std::vector<std::string> namespaces;
  std::string identity;
  std::string cache_dir = "/var/cache/tiphys";
  std::string listen = "0.0.0.0:8082";
  std::string port_file;
  std::string git_poll_interval;
  std::string log_format = "json";
  int workers = 8;
  bool take_over = false;
  net::ProxyRules
      proxies;  ///< HTTP_PROXY, HTTPS_PROXY, NO_PROXY: for git, never for the API server
  controller::ConfigData settings;  ///< flags that are settings (controller/settings.hpp)

  /// Adds the flags that `controller` and `check` share / that only `controller` has.
  void add_common(CLI::App& app);
  void add_controller(CLI::App& app);
  /// Fills in what the environment or the machine decides; call after parsing.
  void complete();

  base::Result<kube::ClusterConfig> cluster() const;
  LogFormat format() const { return log_format == "text" ? LogFormat::text : LogFormat::json; }
  /// --git-poll-interval; nullopt: as the setting timeout.reconciliation says.
  base::Result<std::optional<std::chrono::milliseconds>> poll_interval() const;
  /// Errors: Invalid naming the flag.
  base::Result<std::pair<std::string, std::uint16_t>> listen_address() const;
};

}  // namespace tiphys::main
