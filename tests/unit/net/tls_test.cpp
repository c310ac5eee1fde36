#include "tiphys/net/tls.hpp"

#include "unit/net/self_signed.hpp"

#include "tiphys/net/http_client.hpp"
#include "tiphys/net/http_server.hpp"

#include <gtest/gtest.h>

namespace tiphys::net {
namespace {

using std::chrono::seconds;
using testing::Pair;
using testing::self_signed;

TlsOptions trust(const std::string& ca, const std::string& name = {}) {
  TlsOptions options;
  options.ca_pem = ca;
  options.server_name = name;
  return options;
}

TlsOptions identity(const std::string& cert, const std::string& key) {
  TlsOptions options;
  options.client_cert_pem = cert;
  options.client_key_pem = key;
  return options;
}

class TlsTest : public ::testing::Test {
 protected:
  void start(const Pair& pair) {
    ServerOptions options;
    options.address = "127.0.0.1";
    options.tls = *TlsContext::make_server(pair.cert, pair.key);
    server_ = *HttpServer::start(
        io_, options,
        {{"GET", "/", [](const ServerRequest&) { return ServerResponse::text(200, "hi"); }}});
  }
  base::Result<HttpResponse> get(const TlsOptions& options) {
    HttpRequest request;
    request.url = *Url::parse("https://127.0.0.1:" + std::to_string(server_->port()));
    auto context = TlsContext::make(options);
    if (!context.ok()) return std::move(context).error();
    request.tls = *context;
    return client_.send(request, base::Deadline::after(clock_, seconds(20)));
  }

  base::SystemClock clock_;
  IoRuntime io_;
  HttpClient client_{io_, clock_};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(TlsTest, TrustsTheGivenAuthority) {
  const auto pair = self_signed("IP:127.0.0.1");
  start(pair);
  const auto response = get(trust(pair.cert));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body, "hi");
}

TEST_F(TlsTest, RefusesAnotherAuthorityUnlessInsecure) {
  start(self_signed("IP:127.0.0.1"));
  const auto other = self_signed("IP:127.0.0.1");
  const auto refused = get(trust(other.cert));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), base::Code::Unavailable);
  EXPECT_NE(refused.error().text().find("certificate not accepted"), std::string::npos)
      << refused.error().text();
  EXPECT_FALSE(get({}).ok());
  TlsOptions insecure;
  insecure.insecure = true;
  EXPECT_TRUE(get(insecure).ok());
}

TEST_F(TlsTest, ComparesTheName) {
  const auto pair = self_signed("DNS:api.example.org");
  start(pair);
  EXPECT_FALSE(get(trust(pair.cert)).ok());
  const auto named = get(trust(pair.cert, "api.example.org"));
  EXPECT_TRUE(named.ok()) << named.error().text();
}

TEST_F(TlsTest, SaysWhichPartCannotBeRead) {
  const auto pair = self_signed("DNS:x");
  const auto other = self_signed("DNS:x");
  const std::pair<TlsOptions, const char*> rows[] = {
      {trust("junk"), "CA bundle"},
      {identity(pair.cert, ""), "needs its key"},
      {identity("junk", pair.key), "client certificate"},
      {identity(pair.cert, "junk"), "client key"},
      {identity(pair.cert, other.key), "client key"},
  };
  for (const auto& [options, text] : rows) {
    const auto made = TlsContext::make(options);
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().code(), base::Code::Invalid);
    EXPECT_NE(made.error().text().find(text), std::string::npos) << made.error().text();
  }
}

}  // namespace
}  // namespace tiphys::net
