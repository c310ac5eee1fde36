#include "support/process.hpp"

#include "support/wait.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <string>

namespace tiphys::test {
namespace {

TEST(Process, TellsOutputAndExitCode) {
  const Output done = run({.argv = {"sh", "-c", "cat; echo oops >&2; exit 3"}}, "from stdin");
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_EQ(done.out, "from stdin");
  EXPECT_EQ(done.err, "oops\n");
}

TEST(Process, NeverSeesAnExportedKubeconfig) {
  ASSERT_EQ(::setenv("KUBECONFIG", "/tmp/someone-elses", 1), 0);  // NOLINT(concurrency-mt-unsafe)
  const Output done =
      run({.argv = {"sh", "-c", "echo \"$KUBECONFIG$MINE\""}, .environment = {{"MINE", "given"}}});
  EXPECT_EQ(done.out, "given\n");
}

TEST(Process, IsKilledWithTheObject) {
  int pidfd = -1;
  {
    const Process sleeper({.argv = {"cat", "/dev/zero"}});
    pidfd = ::dup(sleeper.pidfd());
    EXPECT_FALSE(wait_readable(pidfd, milliseconds(0)));
  }
  EXPECT_TRUE(wait_readable(pidfd, milliseconds(0)));
  ::close(pidfd);
}

TEST(Process, EndsBySignalAndTellsIt) {
  Process sleeper({.argv = {"cat", "/dev/zero"}});
  EXPECT_TRUE(sleeper.running());
  EXPECT_EQ(sleeper.wait(milliseconds(10)), std::nullopt);
  EXPECT_EQ(sleeper.terminate(milliseconds(10'000)), 128 + SIGTERM);
  EXPECT_FALSE(sleeper.running());
}

TEST(Process, WaitsForItsLog) {
  const TempDir folder;
  Process talker({.argv = {"sh", "-c", "echo one; echo two >&2; exec cat /dev/zero >/dev/null"},
                  .log = folder.path() / "log"});
  talker.wait_for_log("two");
  EXPECT_EQ(talker.log_text(), "one\ntwo\n");
  Process silent({.argv = {"true"}, .log = folder.path() / "other"});
  EXPECT_THROW(silent.wait_for_log("never"), SupportError);
}

TEST(Process, TalksByLines) {
  Process echo({.argv = {"cat"}, .piped = true});
  echo.write_line("a");
  echo.write_line("b");
  EXPECT_EQ(echo.read_line(), "a");
  EXPECT_EQ(echo.read_line(), "b");
  EXPECT_THROW(echo.read_line(milliseconds(20)), SupportError);
  echo.close_stdin();
  EXPECT_EQ(echo.wait(milliseconds(10'000)), 0);
}

TEST(WaitUntil, AsksAgainUntilItHoldsOrTheTimeHasPassed) {
  int asked = 0;
  EXPECT_TRUE(wait_until(milliseconds(10'000), [&] { return ++asked == 3; }, milliseconds(1)));
  EXPECT_EQ(asked, 3);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(wait_until(milliseconds(30), [] { return false; }, milliseconds(1)));
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(30));
}

}  // namespace
}  // namespace tiphys::test
