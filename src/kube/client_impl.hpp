#pragma once

#include "kube/tls_source.hpp"

#include "tiphys/kube/client.hpp"

#include <memory>
#include <string>

namespace tiphys::kube {

/// One request to the API server, before it is HTTP.
struct ApiCall {
  std::string method = "GET";
  std::string verb;      ///< for the observer
  std::string resource;  ///< ResourceInfo::text(), or ""
  std::string target;    ///< path and query below the server's base path
  std::string what;      ///< "patch deployments.apps ns/name": the error's context
  std::string accept = "application/json";
  std::string content_type;
  std::string body;
};

struct Client::Impl {
  Impl(net::HttpClient& client, net::IoRuntime& runtime, const base::Clock& time,
       ClusterConfig where, Options how)
      : http(client), io(runtime), clock(time), config(std::move(where)), options(std::move(how)) {}

  /// With our name, credentials, impersonation. Errors: Unauthorized (token file).
  base::Result<net::HttpRequest> request_of(const ApiCall& call, const Identity& identity);
  /// The body of a 2xx, after repeats that are allowed.
  base::Result<std::string> perform(const ApiCall& call, const CallOptions& options);
  void observe(const ApiCall& call, int code, base::SteadyTime begun) const;

  net::HttpClient& http;
  net::IoRuntime& io;
  const base::Clock& clock;
  ClusterConfig config;
  Options options;
  std::unique_ptr<TlsSource> tls;  ///< null for http
};

/// The Error of an answer that isn't 2xx.
base::Error error_of(const net::HttpResponse& response);
/// In [0, 1).
double random_fraction();

}  // namespace tiphys::kube
