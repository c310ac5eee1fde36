#include "tiphys/git/remote.hpp"

#include "unit/git/cgi_transport.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/net/http_client.hpp"
#include "tiphys/net/io.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::git {
namespace {

using base::Code;
using testing::GitRepo;
using ::testing::HasSubstr;

/// The script beside this file, over a real socket and net's real client.
class RemoteTest : public ::testing::Test {
 protected:
  RemoteTest() : transport(make_transport(client)), remote(*transport) {
    first = repo.commit({{"a", std::string(200'000, 'x')}, {"b", "1"}});
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    EXPECT_EQ(::pipe2(in.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
    const std::string script = TIPHYS_SOURCE_DIR "/tests/unit/git/git_http.py";
    child = ::fork();
    if (child == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execlp("python3", "python3", script.c_str(), server.path().c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_of_child = in[1];
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line.push_back(c);
    ::close(out[0]);
    origin = "http://127.0.0.1:" + line;
  }

 public:
  ~RemoteTest() override {
    ::close(stdin_of_child);
    ::waitpid(child, nullptr, 0);
  }

 protected:
  Repository at(const std::string& path, const Credentials& login = {}) const {
    return {.url = *RepoUrl::parse(origin + path),
            .credentials = login,
            .scope = login.username + login.password};
  }
  Limits limits(std::chrono::milliseconds total = std::chrono::seconds(60)) const {
    return {.deadline = base::Deadline::after(clock, total)};
  }

  testing::TempFolder server;
  GitRepo repo{server.path(), "app"};
  base::SystemClock clock;
  net::IoRuntime io{1};
  net::HttpClient client{io, clock};
  std::unique_ptr<Transport> transport;
  Remote remote;
  std::string first;
  std::string origin;
  pid_t child = 0;
  int stdin_of_child = -1;
};

TEST_F(RemoteTest, ListsAndFetchesOverARealSocket) {
  const auto refs = remote.ls_refs(at("/app.git"), limits());
  ASSERT_TRUE(refs.ok()) << refs.error().text();
  EXPECT_EQ(refs->head, first);
  std::string pack;
  const std::vector<std::string> wants{first};
  const auto fetched =
      remote.fetch(at("/app.git"), wants, {}, limits(), [&](std::string_view piece) {
        pack.append(piece);
        return base::Status();
      });
  ASSERT_TRUE(fetched.ok()) << fetched.error().text();
  EXPECT_TRUE(pack.starts_with("PACK"));
}

TEST_F(RemoteTest, LogsInAndSaysWhenItCannot) {
  const Credentials good{.username = "ann", .password = "s3cret", .bearer_token = ""};
  EXPECT_TRUE(remote.ls_refs(at("/auth/app.git", good), limits()).ok());
  const Credentials bad{.username = "ann", .password = "wr0ng", .bearer_token = ""};
  const auto refused = remote.ls_refs(at("/auth/app.git", bad), limits());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::Unauthorized);
  EXPECT_EQ(refused.error().text().find("wr0ng"), std::string::npos);
  EXPECT_EQ(remote.ls_refs(at("/auth/app.git"), limits()).error().code(), Code::Unauthorized);
  EXPECT_EQ(remote.ls_refs(at("/nosuch.git"), limits()).error().code(), Code::NotFound);
}

TEST_F(RemoteTest, FollowsARedirectOnItsOwnServerOnly) {
  const auto moved = remote.ls_refs(at("/moved/app"), limits());
  ASSERT_TRUE(moved.ok()) << moved.error().text();
  EXPECT_EQ(moved->head, first);
  const auto away = remote.ls_refs(at("/away/app"), limits());
  ASSERT_FALSE(away.ok());
  EXPECT_THAT(away.error().text(), HasSubstr("redirects elsewhere"));
}

TEST_F(RemoteTest, ASilentServerIsATimeoutAtTheDeadline) {
  const auto refs = remote.ls_refs(at("/silent/app.git"), limits(std::chrono::milliseconds(300)));
  ASSERT_FALSE(refs.ok());
  EXPECT_EQ(refs.error().code(), Code::Timeout);
}

TEST_F(RemoteTest, AServerThatStallsInsideAPackIsATimeout) {
  ASSERT_TRUE(remote.ls_refs(at("/stall/app.git"), limits()).ok());
  const std::vector<std::string> wants{first};
  std::size_t bytes = 0;
  const auto fetched =
      remote.fetch(at("/stall/app.git"), wants, {}, limits(std::chrono::milliseconds(1000)),
                   [&](std::string_view piece) {
                     bytes += piece.size();
                     return base::Status();
                   });
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().code(), Code::Timeout);
}

TEST_F(RemoteTest, AStopEndsARequestAtOnce) {
  const std::stop_source stop;
  stop.request_stop();
  Limits stopped = limits();
  stopped.stop = stop.get_token();
  EXPECT_EQ(remote.ls_refs(at("/silent/app.git"), stopped).error().code(), Code::Canceled);
}

}  // namespace
}  // namespace tiphys::git
