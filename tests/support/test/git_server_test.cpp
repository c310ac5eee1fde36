#include "support/git_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tiphys::test {
namespace {

class GitServerTest : public ::testing::Test {
 protected:
  Output clone(const std::string& url, const std::string& to = "clone") {
    return run(clone_command(url, to));
  }
  Command clone_command(const std::string& url, const std::string& to) const {
    return {.argv = {"git", "clone", "--quiet", url, (folder_.path() / to).string()},
            .environment = {{"GIT_TERMINAL_PROMPT", "0"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}}};
  }
  std::string url_as(const std::string& user, const std::string& repo) {
    return "http://" + user + "@" + server_.url(repo).substr(7);
  }

  TempDir folder_;
  GitServer server_;
};

/// 4 MB that do not compress, so that an answer has a middle.
std::string noise() {
  std::string text(4'000'000, ' ');
  std::uint64_t state = 88172645463325252ULL;
  for (char& c : text) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    c = static_cast<char>(state & 0xffU);
  }
  return text;
}

TEST_F(GitServerTest, ServesCommitsTagsAndBranches) {
  auto& repo = server_.repo("app");
  const auto first = repo.commit({{"a.txt", "1"}, {"dir/b.txt", "2"}});
  repo.tag("v1");
  repo.branch("dev");
  const auto second = repo.remove({"dir"});
  EXPECT_NE(first, second);
  ASSERT_EQ(clone(server_.url("app")).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "clone" / "dir"));
  const auto refs = run({.argv = {"git", "ls-remote", server_.url("app")}}).out;
  EXPECT_TRUE(refs.contains(first + "\trefs/heads/main")) << refs;
  EXPECT_TRUE(refs.contains(first + "\trefs/tags/v1")) << refs;
  EXPECT_TRUE(refs.contains(second + "\trefs/heads/dev")) << refs;
}

TEST_F(GitServerTest, TellsWhatWasAsked) {
  server_.repo("app").commit({{"a.txt", "1"}});
  server_.repo("other").commit({{"a.txt", "1"}});
  ASSERT_EQ(clone(server_.url("app")).exit_code, 0);
  EXPECT_EQ(server_.requests("ls-refs").size(), 1);
  ASSERT_EQ(server_.requests("fetch", "app").size(), 1);
  EXPECT_EQ(server_.requests("fetch", "other").size(), 0);
  const auto fetch = server_.requests("fetch").front();
  EXPECT_EQ(fetch.status, 200);
  EXPECT_GT(fetch.bytes, 0);
  EXPECT_EQ(fetch.protocol, "version=2");
}

TEST_F(GitServerTest, AsksForCredentials) {
  server_.repo("app").commit({{"a.txt", "1"}});
  server_.require("me", "secret");
  EXPECT_NE(clone(server_.url("app")).exit_code, 0);
  EXPECT_NE(clone(url_as("me:wrong", "app")).exit_code, 0);
  EXPECT_EQ(clone(url_as("me:secret", "app")).exit_code, 0);
  EXPECT_EQ(server_.requests("fetch").front().user, "me");
  EXPECT_EQ(server_.requests().front().status, 401);
  server_.require_nothing();
  EXPECT_EQ(clone(server_.url("app"), "second").exit_code, 0);
}

TEST_F(GitServerTest, StopsAndServesTheSamePortAgain) {
  server_.repo("app").commit({{"a.txt", "1"}});
  server_.stop();
  EXPECT_NE(clone(server_.url("app")).exit_code, 0);
  server_.start();
  EXPECT_EQ(clone(server_.url("app")).exit_code, 0);
}

TEST_F(GitServerTest, AnswersLate) {
  server_.repo("app").commit({{"a.txt", "1"}});
  server_.delay(milliseconds(60'000));
  Process late(clone_command(server_.url("app"), "late"));
  require_within(milliseconds(10'000), "it is asked", [&] { return !server_.requests().empty(); });
  EXPECT_EQ(late.wait(milliseconds(200)), std::nullopt);
  server_.heal();
  EXPECT_EQ(late.wait(milliseconds(20'000)), 0);
}

TEST_F(GitServerTest, HangsInTheMiddleOfAPackUntilHealed) {
  server_.repo("app").commit({{"big", noise()}});
  server_.hang_in_pack(100'000);
  Process stuck(clone_command(server_.url("app"), "stuck"));
  require_within(milliseconds(10'000), "the fetch hangs", [&] {
    const auto fetches = server_.requests("fetch");
    return !fetches.empty() && fetches.front().fault == "hang";
  });
  EXPECT_EQ(stuck.wait(milliseconds(200)), std::nullopt);
  const auto bytes = server_.requests("fetch").front().bytes;
  EXPECT_GE(bytes, 100'000);
  EXPECT_LT(bytes, 200'000);
  server_.heal();
  EXPECT_NE(stuck.wait(milliseconds(20'000)).value_or(0), 0);
  EXPECT_EQ(clone(server_.url("app")).exit_code, 0);
}

TEST_F(GitServerTest, CutsInTheMiddleOfAPack) {
  server_.repo("app").commit({{"big", noise()}});
  server_.cut_in_pack(100'000);
  EXPECT_NE(clone(server_.url("app")).exit_code, 0);
  EXPECT_EQ(server_.requests("fetch").front().fault, "cut");
}

}  // namespace
}  // namespace tiphys::test
