#include "tiphys/git/transport.hpp"

#include "tiphys/base/guarded.hpp"
#include "tiphys/net/http_client.hpp"

#include <limits>
#include <map>

namespace tiphys::git {
namespace {

class NetTransport final : public Transport {
 public:
  explicit NetTransport(net::HttpClient& client) : client_(client) {}

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
    request.proxy = call.access.proxy;
    TRY_ASSIGN(request.tls, tls_of(call.access).context(call.base.text()));
    TRY_ASSIGN(const net::HttpResponse response,
               client_.send(request, limits.deadline, sink, limits.stop));
    return HttpReply{.status = response.status,
                     .content_type = std::string(response.header("Content-Type")),
                     .location = std::string(response.header("Location"))};
  }

 private:
  using Context = std::shared_ptr<const net::TlsContext>;

  /// Null: the client's own, which trusts the system. One context for the same CAs: connections
  /// are kept by it.
  base::Result<Context> tls_of(const Access& access) {
    if (!access.insecure && access.ca_pem.empty()) return Context();
    const std::string key = access.insecure ? std::string() : access.ca_pem;
    auto made = made_.lock();
    if (const auto known = made->find(key); known != made->end()) return known->second;
    net::TlsOptions options;
    options.insecure = access.insecure;
    options.ca_pem = key;
    TRY_ASSIGN(auto context, net::TlsContext::make(options));
    if (made->size() >= kMaxContexts) made->clear();
    return made->emplace(key, std::move(context)).first->second;
  }

  static constexpr std::size_t kMaxContexts = 256;
  net::HttpClient& client_;
  base::Guarded<std::map<std::string, Context>> made_;  ///< by CA certificates; "": insecure
};

}  // namespace

std::unique_ptr<Transport> make_transport(net::HttpClient& client) {
  return std::make_unique<NetTransport>(client);
}

}  // namespace tiphys::git
