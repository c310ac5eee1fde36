#include "tiphys/kube/config.hpp"

#include "kube/files.hpp"

namespace tiphys::kube {

using base::Code;
using base::Error;

namespace {

/// Kubelets rotate a bound token at 80 % of its life, which is never under ten minutes.
constexpr std::chrono::milliseconds kTokenAge{60'000};

std::string trimmed(std::string text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? std::string() : text.substr(first);
}

}  // namespace

TokenSource::TokenSource(TokenSource&& other) noexcept : path_(std::move(other.path_)) {
  *state_.lock() = std::move(*other.state_.lock());
}

TokenSource& TokenSource::operator=(TokenSource&& other) noexcept {
  path_ = std::move(other.path_);
  State state = std::move(*other.state_.lock());
  *state_.lock() = std::move(state);
  return *this;
}

TokenSource::TokenSource(std::string token) { state_.lock()->token = std::move(token); }

TokenSource TokenSource::file(std::string path) {
  TokenSource source;
  source.path_ = std::move(path);
  return source;
}

base::Result<std::string> TokenSource::token(const base::Clock& clock) {
  auto state = state_.lock();
  if (path_.empty()) return state->token;
  const auto now = clock.now();
  if (state->read_at && now - *state->read_at < kTokenAge) return state->token;
  auto text = read_small_file(path_);
  std::string token = text.ok() ? trimmed(*text) : std::string();
  if (!token.empty()) {
    state->token = std::move(token);
    state->read_at = now;
  } else if (state->token.empty()) {
    return Error(Code::Unauthorized,
                 "token file " + path_ + (text.ok() ? " is empty" : " can't be read"));
  }
  return state->token;
}

bool TokenSource::invalidate() {
  if (path_.empty()) return false;
  state_.lock()->read_at.reset();
  return true;
}

base::Result<ClusterConfig> in_cluster_config(std::string_view host, std::string_view port,
                                              const std::string& folder) {
  if (host.empty() || port.empty())
    return Error(
        Code::NotFound,
        "not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; "
        "outside of one a kubeconfig is needed");
  const bool v6 = host.contains(':');
  std::string url = v6 ? "https://[" : "https://";
  url += host;
  url += v6 ? "]:" : ":";
  url += port;
  ClusterConfig config;
  TRY_ASSIGN(config.server,
             net::Url::parse(url).context("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT"));
  config.server.target.clear();
  config.tls_files.ca = folder + "/ca.crt";
  TRY_ASSIGN(config.tls.ca_pem, read_small_file(config.tls_files.ca));
  TRY(read_small_file(folder + "/token"));
  if (auto ns = read_small_file(folder + "/namespace"); ns.ok())
    config.default_namespace = trimmed(*std::move(ns));
  config.origin = "in-cluster";
  config.token = TokenSource::file(folder + "/token");
  return config;
}

}  // namespace tiphys::kube
