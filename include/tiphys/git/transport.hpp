#pragma once

#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/repo_url.hpp"

#include <chrono>
#include <functional>
#include <memory>
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

struct HttpCall {
  std::string method = "GET";
  RepoUrl base;          ///< whose server is asked; credentials go nowhere else
  std::string resource;  ///< appended to base.path(), e.g. "/info/refs?service=git-upload-pack"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool insecure = false;  ///< the Secret says insecure: "true": certificates aren't verified
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
/// connection, TLS), Timeout, Canceled.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual base::Result<HttpReply> send(const HttpCall& call, const Limits& limits,
                                       const BodySink& sink) = 0;
};

/// The real one, over net's client (which must outlive it).
std::unique_ptr<Transport> make_transport(net::HttpClient& client);

}  // namespace tiphys::git
