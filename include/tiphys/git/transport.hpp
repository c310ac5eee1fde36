#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/repo_url.hpp"
#include "tiphys/net/proxy.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::net {
class HttpClient;
}

namespace tiphys::git {

/// Time limits of one request: `deadline` for all of it, `silence` between two pieces; `stop` ends
/// it at once with Canceled.
struct Limits {
  base::Deadline deadline;
  std::chrono::milliseconds silence{30'000};
  std::stop_token stop{};
};

/// The way to a server, and whom to trust there.
struct Access {
  bool insecure = false;  ///< certificates aren't verified
  /// CA certificates to trust instead of the system's ("": those), as argocd-tls-certs-cm has them.
  std::string ca_pem{};
  std::optional<net::Proxy> proxy{};
  bool operator==(const Access&) const = default;
};

struct HttpCall {
  std::string method = "GET";
  RepoUrl base;          ///< whose server is asked; credentials go nowhere else
  std::string resource;  ///< appended to base.path(), e.g. "/info/refs?service=git-upload-pack"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Access access{};
};

struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string location;  ///< of a redirect; none is followed here
};

/// Takes the pieces of a 2xx answer's body; an error ends the request with that error.
using BodySink = std::function<base::Status(std::string_view piece)>;

/// How git speaks HTTP: the seam between the protocol and net's client. No redirect is followed.
/// Blocks the calling thread, never beyond the limits. Any thread. Errors: Unavailable (no
/// connection, TLS), Timeout, Canceled,
/// Unauthorized (a proxy wants other credentials), Invalid (ca_pem).
class Transport {
 public:
  virtual ~Transport() = default;
  virtual base::Result<HttpReply> send(const HttpCall& call, const Limits& limits,
                                       const BodySink& sink) = 0;
};

/// The real one, over net's client (which must outlive it).
std::unique_ptr<Transport> make_transport(net::HttpClient& client);

}  // namespace tiphys::git
