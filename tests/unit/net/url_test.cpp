#include "tiphys/net/url.hpp"

#include <gtest/gtest.h>

namespace tiphys::net {
namespace {

struct Good {
  const char* text;
  const char* scheme;
  const char* host;
  int port;
  const char* target;
  const char* authority;
};

TEST(Url, IsTakenApart) {
  const Good rows[] = {
      {"https://Example.ORG", "https", "example.org", 443, "/", "example.org"},
      {"http://h:8080/a/b?c=d#frag", "http", "h", 8080, "/a/b?c=d", "h:8080"},
      {"https://[::1]:6443/x", "https", "::1", 6443, "/x", "[::1]:6443"},
      {"https://10.0.0.1?q", "https", "10.0.0.1", 443, "/?q", "10.0.0.1"},
      {"http://h:80/", "http", "h", 80, "/", "h"},
  };
  for (const auto& row : rows) {
    const auto url = Url::parse(row.text);
    ASSERT_TRUE(url.ok()) << row.text << ": " << url.error().text();
    EXPECT_EQ(url->scheme, row.scheme);
    EXPECT_EQ(url->host, row.host);
    EXPECT_EQ(url->port, row.port);
    EXPECT_EQ(url->target, row.target);
    EXPECT_EQ(url->authority(), row.authority);
  }
}

TEST(Url, RefusesWhatCannotBeSentAndNeverQuotesAPassword) {
  for (const char* text :
       {"", "ftp://h/", "h:80", "https://", "https://:80", "https://h:0/", "https://h:99999/",
        "https://h:8x/", "https://h/a b", "https://h/\r\nX: y", "https://user:hunter2@h/",
        "https://[::1/", "https://[::1]x/", "https://h%2f/"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code(), base::Code::Invalid);
    EXPECT_EQ(url.error().text().find("hunter2"), std::string::npos);
  }
}

TEST(Url, PercentEncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a/b=c,d e\xc3\xa9%"), "a%2Fb%3Dc%2Cd%20e%C3%A9%25");
}

}  // namespace
}  // namespace tiphys::net
