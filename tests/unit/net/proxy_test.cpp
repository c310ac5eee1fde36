#include "tiphys/net/proxy.hpp"

#include "unit/net/raw_server.hpp"

#include "tiphys/net/http_client.hpp"

#include <gtest/gtest.h>

#include <future>

namespace tiphys::net {
namespace {

using base::Code;
using std::chrono::seconds;
using testing::RawConnection;
using testing::RawServer;

std::string chosen(const ProxyRules& rules, const std::string& url) {
  const auto proxy = rules.proxy_for(*Url::parse(url));
  if (!proxy.ok()) return proxy.error().text();
  return *proxy ? (*proxy)->url.origin() : "directly";
}

TEST(ProxyRules, ChooseByScheme) {
  const ProxyRules rules{.http = "http://one:3128", .https = "two", .none = ""};
  EXPECT_EQ(chosen(rules, "http://git.example/a"), "http://one:3128");
  EXPECT_EQ(chosen(rules, "https://git.example/a"), "http://two");
  EXPECT_EQ(chosen({}, "https://git.example/a"), "directly");
}

TEST(ProxyRules, NeverProxyLoopback) {
  const ProxyRules rules{.http = "one", .https = "one", .none = ""};
  for (const char* url : {"http://localhost/a", "http://127.0.0.1:99/a", "https://[::1]/a"}) {
    EXPECT_EQ(chosen(rules, url), "directly") << url;
  }
}

TEST(ProxyRules, LeaveOutWhatNoProxyNames) {
  struct Case {
    const char* none;
    const char* url;
    bool directly;
  };
  for (const Case& one : {
           Case{"*", "https://git.example", true},
           Case{"git.example", "https://git.example", true},
           Case{"GIT.Example ", "https://git.example", true},
           Case{"a, git.example", "https://git.example", true},
           Case{"example", "https://git.example", true},
           Case{"example", "https://gitexample", false},
           Case{".git.example", "https://git.example", false},
           Case{".git.example", "https://a.git.example", true},
           Case{"*.git.example", "https://a.git.example", true},
           Case{"*.git.example", "https://git.example", false},
           Case{"git.example:443", "https://git.example", true},
           Case{"git.example:444", "https://git.example", false},
           Case{"10.0.0.0/8", "https://10.1.2.3", true},
           Case{"10.0.0.0/8", "https://11.1.2.3", false},
           Case{"10.0.0.0/8", "https://ten.example", false},
           Case{"10.1.2.3", "https://10.1.2.3", true},
           Case{"10.1.2.3:80", "https://10.1.2.3", false},
           Case{"0.0.0.0/0", "https://[fd00::1]", false},
           Case{"fd00::/8", "https://[fd00::1]", true},
           Case{"fd00::/8", "https://[fe00::1]", false},
           Case{"[fd00::1]:443", "https://[fd00::1]", true},
           Case{",,", "https://git.example", false},
           Case{":443", "https://git.example", false},
       }) {
    const ProxyRules rules{.http = "", .https = "one", .none = one.none};
    EXPECT_EQ(chosen(rules, one.url) == "directly", one.directly) << one.none << " " << one.url;
  }
}

TEST(Proxy, KeepsUserAndPasswordToItself) {
  const auto proxy = Proxy::parse("http://me:p%40ss@proxy.example:3128/");
  ASSERT_TRUE(proxy.ok()) << proxy.error().text();
  EXPECT_EQ(proxy->url.origin(), "http://proxy.example:3128");
  EXPECT_EQ(proxy->authorization, "Basic bWU6cEBzcw==");  // me:p@ss
}

TEST(Proxy, IsRefusedWhereItIsNotPlainHttp) {
  for (const auto& [text, code, message] :
       {std::tuple("socks5://a:1", Code::Unimplemented, "not supported: proxy with socks5"),
        std::tuple("https://u:secret@a", Code::Unimplemented, "not supported: proxy with https"),
        std::tuple("ftp://u:secret@a", Code::Invalid, "proxy: the scheme must be http"),
        std::tuple("http://u:secret@a:port", Code::Invalid, "proxy: URL: bad port")}) {
    const auto proxy = Proxy::parse(text);
    ASSERT_FALSE(proxy.ok()) << text;
    EXPECT_EQ(proxy.error().code(), code);
    EXPECT_EQ(proxy.error().text(), message);
  }
}

class ProxiedClient : public ::testing::Test {
 protected:
  base::Result<HttpResponse> get(const RawServer& proxy, const std::string& url) {
    HttpRequest request;
    request.url = *Url::parse(url);
    request.proxy = *Proxy::parse("http://me:secret@127.0.0.1:" + std::to_string(proxy.port()));
    return client_.send(request, base::Deadline::after(clock_, seconds(20)));
  }

  base::SystemClock clock_;
  IoRuntime io_;
  HttpClient client_{io_, clock_};
};

TEST_F(ProxiedClient, AsksAProxyForAWholeUrl) {
  std::promise<std::string> seen;
  const RawServer proxy([&](RawConnection& connection, int) {
    connection.read_up_to("\r\n\r\n");
    seen.set_value(connection.seen);
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto answer = get(proxy, "http://git.example/a?b=c");
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ(answer->body, "ok");
  EXPECT_EQ(seen.get_future().get(),
            "GET http://git.example/a?b=c HTTP/1.1\r\nHost: git.example\r\n"
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
}

TEST_F(ProxiedClient, OpensATunnelForHttps) {
  std::promise<std::string> seen;
  std::promise<std::string> hello;
  const RawServer proxy([&](RawConnection& connection, int) {
    connection.read_up_to("\r\n\r\n");
    seen.set_value(std::exchange(connection.seen, {}));
    connection.write("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
    connection.read_up_to("git.example");
    hello.set_value(connection.seen.substr(0, 1));
  });
  const auto answer = get(proxy, "https://git.example:8443/a");
  EXPECT_FALSE(answer.ok());  // the tunnel ends before the handshake does
  EXPECT_EQ(seen.get_future().get(),
            "CONNECT git.example:8443 HTTP/1.1\r\nHost: git.example:8443\r\n"
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
  EXPECT_EQ(hello.get_future().get(), "\x16");  // a TLS record with a handshake, for that name
}

TEST_F(ProxiedClient, NamesTheProxyThatRefuses) {
  for (const auto& [line, code, words] :
       {std::tuple("407 Proxy Authentication Required", Code::Unauthorized,
                   " doesn't let us through to https://git.example: 407"),
        std::tuple("502 Bad Gateway", Code::Unavailable,
                   " doesn't let us through to https://git.example: 502")}) {
    const std::string answer = std::string("HTTP/1.1 ") + line + "\r\nContent-Length: 0\r\n\r\n";
    const RawServer proxy([&](RawConnection& connection, int) {
      connection.read_up_to("\r\n\r\n");
      connection.write(answer);
      connection.wait_for_close();
    });
    const auto refused = get(proxy, "https://git.example/a");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), code);
    EXPECT_NE(refused.error().text().find(words), std::string::npos) << refused.error().text();
    EXPECT_EQ(refused.error().text().find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace tiphys::net
