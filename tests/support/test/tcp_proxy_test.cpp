#include "support/fault_proxy.hpp"
#include "support/git_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace tiphys::test {
namespace {

class TcpProxy : public ::testing::Test {
 protected:
  void SetUp() override { server_.repo("app").commit({{"a.txt", std::string(100'000, 'x')}}); }

  Command ls_remote() const {
    return {.argv = {"git", "ls-remote", proxy_->url() + "/app.git"},
            .environment = {{"GIT_TERMINAL_PROMPT", "0"}}};
  }
  void wait_for_connections(std::size_t count) {
    require_within(milliseconds(10'000), "connections arrive",
                   [&] { return proxy_->connections().open >= count; });
  }

  GitServer server_;
  std::unique_ptr<FaultProxy> proxy_ = FaultProxy::tcp(server_.port());
};

TEST_F(TcpProxy, PassesBytes) {
  const auto done = run(ls_remote());
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(done.out.contains("refs/heads/main"));
}

TEST_F(TcpProxy, DelaysEachPiece) {
  proxy_->delay(milliseconds(150));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(run(ls_remote()).exit_code, 0);
  // Two requests and two answers at least.
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(600));
}

TEST_F(TcpProxy, Throttles) {
  proxy_->throttle(2'000);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(run(ls_remote()).exit_code, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(300));
}

TEST_F(TcpProxy, RefusesAndHeals) {
  proxy_->refuse();
  EXPECT_NE(run(ls_remote()).exit_code, 0);
  proxy_->heal();
  EXPECT_EQ(run(ls_remote()).exit_code, 0);
}

TEST_F(TcpProxy, HalfOpenConnectionsStayDeadAndNewOnesPassAfterwards) {
  proxy_->half_open();
  Process stuck(ls_remote());
  wait_for_connections(1);
  EXPECT_EQ(stuck.wait(milliseconds(300)), std::nullopt);
  proxy_->heal();
  EXPECT_EQ(run(ls_remote()).exit_code, 0);
  EXPECT_EQ(stuck.wait(milliseconds(300)), std::nullopt);
}

TEST_F(TcpProxy, CutsAndResetsOpenConnections) {
  for (const bool by_reset : {false, true}) {
    server_.delay(milliseconds(60'000));
    Process stuck(ls_remote());
    wait_for_connections(1);
    EXPECT_EQ(by_reset ? proxy_->reset() : proxy_->cut(), 1);
    EXPECT_NE(stuck.wait(milliseconds(10'000)).value_or(0), 0);
    server_.heal();
    EXPECT_EQ(run(ls_remote()).exit_code, 0);
  }
}

}  // namespace
}  // namespace tiphys::test
