#include "tiphys/git/repo_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::git {
namespace {

struct Row {
  const char* given;
  const char* text;
  const char* user;
};

TEST(RepoUrl, ReadsHttpUrls) {
  const Row rows[] = {
      {"https://Example.org/Team/Repo.git", "https://example.org/Team/Repo.git", ""},
      {"http://127.0.0.1:8080/r/", "http://127.0.0.1:8080/r", ""},
      {"https://ann@example.org:443/r", "https://example.org/r", "ann"},
      {"HTTPS://[::1]:8443/a%20b", "https://[::1]:8443/a%20b", ""},
  };
  for (const auto& row : rows) {
    const auto url = RepoUrl::parse(row.given);
    ASSERT_TRUE(url.ok()) << row.given << ": " << url.error().text();
    EXPECT_EQ(url->text(), row.text);
    EXPECT_EQ(url->user(), row.user);
  }
}

TEST(RepoUrl, RefusesEverythingElse) {
  for (const auto* bad : {"",
                          "-upload-pack=x",
                          "/srv/repo.git",
                          "../repo",
                          "file:///srv/repo.git",
                          "ext::sh -c id",
                          "git://example.org/r",
                          "https://",
                          "https:///r",
                          "https://example.org",
                          "https://example.org/",
                          "https://example.org/r?x=1",
                          "https://example.org/r#x",
                          "https://example.org/a b",
                          "https://exa\nmple.org/r",
                          "https://example.org:0/r",
                          "https://example.org:99999/r",
                          "https://-x.org/r",
                          "https://[::1/r",
                          "https://[::1]x/r",
                          "https:/example.org/r",
                          "https://example.org\\@evil.org/r"}) {
    const auto url = RepoUrl::parse(bad);
    ASSERT_FALSE(url.ok()) << bad;
    EXPECT_EQ(url.error().code(), base::Code::Invalid) << bad;
  }
}

TEST(RepoUrl, RefusesSshByName) {
  for (const auto* ssh :
       {"ssh://git@example.org/r.git", "git@example.org:team/r.git", "git+ssh://example.org/r"}) {
    const auto url = RepoUrl::parse(ssh);
    ASSERT_FALSE(url.ok()) << ssh;
    EXPECT_EQ(url.error().code(), base::Code::Unimplemented);
    EXPECT_NE(url.error().text().find("ssh"), std::string::npos);
  }
}

TEST(RepoUrl, NeverRepeatsAPassword) {
  const auto url = RepoUrl::parse("https://ann:S3cr3t@example.org/r");
  ASSERT_FALSE(url.ok());
  EXPECT_EQ(url.error().text().find("S3cr3t"), std::string::npos);
}

}  // namespace
}  // namespace tiphys::git
