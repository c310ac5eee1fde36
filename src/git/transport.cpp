#include "tiphys/git/transport.hpp"

#include "tiphys/net/http_client.hpp"

#include <limits>

namespace tiphys::git {
namespace {

class NetTransport final : public Transport {
 public:
  NetTransport(net::HttpClient& client, base::Result<std::shared_ptr<const net::TlsContext>> lax)
      : client_(client), lax_(std::move(lax)) {}

  base::Result<HttpReply> send(const HttpCall& call, const Limits& limits,
                               const BodySink& sink) override {
    TRY_ASSIGN(net::Url url, net::Url::parse(call.base.text()));
    url.target = call.base.path() + call.resource;
    net::HttpRequest request;
    request.method = call.method;
    request.url = std::move(url);
    request.headers = call.headers;
    request.headers.emplace_back("User-Agent", "git/2.43 (tiphys " TIPHYS_VERSION ")");
    request.body = call.body;
    // Listings and packs have limits of their own, which their readers enforce.
    request.max_body = std::numeric_limits<std::size_t>::max();
    request.silence = limits.silence;
    request.repeatable = true;  // upload-pack changes nothing
    if (call.insecure) {
      if (!lax_.ok()) return lax_.error();
      request.tls = *lax_;
    }
    TRY_ASSIGN(const net::HttpResponse response,
               client_.send(request, limits.deadline, sink, limits.stop));
    return HttpReply{.status = response.status,
                     .content_type = std::string(response.header("Content-Type")),
                     .location = std::string(response.header("Location"))};
  }

 private:
  net::HttpClient& client_;
  /// For Secrets with insecure: "true": certificates aren't verified.
  base::Result<std::shared_ptr<const net::TlsContext>> lax_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(net::HttpClient& client) {
  net::TlsOptions options;
  options.insecure = true;
  return std::make_unique<NetTransport>(client, net::TlsContext::make(options));
}

}  // namespace tiphys::git
