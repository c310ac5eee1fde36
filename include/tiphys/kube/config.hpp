#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/net/proxy.hpp"
#include "tiphys/net/tls.hpp"
#include "tiphys/net/url.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::kube {

/// A bearer token, given or read from a file. A file is read again every minute (bound tokens are
/// rotated on disk) and after a 401. Any thread.
class TokenSource {
 public:
  /// No token.
  TokenSource() = default;
  explicit TokenSource(std::string token);
  static TokenSource file(std::string path);
  TokenSource(TokenSource&& other) noexcept;
  TokenSource& operator=(TokenSource&& other) noexcept;
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;
  ~TokenSource() = default;

  /// "" where none is configured. A file that can't be read now: the token before it, else
  /// Unauthorized naming the file.
  base::Result<std::string> token(const base::Clock& clock);
  /// The next token() reads the file again. Returns false where that can't help (no file).
  bool invalidate();

 private:
  struct State {
    std::string token;
    std::optional<base::SteadyTime> read_at;
  };
  std::string path_;
  base::Guarded<State> state_;
};

/// The files that certificates came from, "" where they came otherwise: they are read again.
struct TlsFiles {
  std::string ca;
  std::string client_cert;
  std::string client_key;
  bool empty() const { return ca.empty() && client_cert.empty() && client_key.empty(); }
};

/// How to reach and log in to one API server.
struct ClusterConfig {
  net::Url server;  ///< target is the base path, without a slash at its end
  net::TlsOptions tls;
  TlsFiles tls_files;
  TokenSource token;
  std::string username;  ///< basic authentication, where set
  std::string password;
  std::optional<net::Proxy> proxy;  ///< the way to it, where set
  std::string default_namespace;    ///< of the context or the service account; may be empty
  std::string origin;               ///< "context dev of /path/config", "in-cluster": for messages
};

/// Parses the text of a kubeconfig; context "" is current-context. Files (certificate-authority,
/// client-certificate, client-key) are read now, relative to `folder`, and again while they are
/// used; tokenFile when needed.
/// Errors: Invalid or NotFound naming the context, user and field; Unimplemented for exec,
/// auth-provider and proxy-url, naming the user or cluster and the field.
base::Result<ClusterConfig> parse_kubeconfig(std::string_view text, const std::string& folder,
                                             std::string_view context = {});
/// The same from a file. Errors: also NotFound (file).
base::Result<ClusterConfig> load_kubeconfig(const std::string& path, std::string_view context = {});

/// The service account of the pod: host, port from KUBERNETES_SERVICE_HOST and _PORT (given by the
/// caller), files from `folder`. Errors: NotFound naming what is missing.
base::Result<ClusterConfig> in_cluster_config(
    std::string_view host, std::string_view port,
    const std::string& folder = "/var/run/secrets/kubernetes.io/serviceaccount");

}  // namespace tiphys::kube
