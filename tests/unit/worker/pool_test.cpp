#include "tiphys/worker/pool.hpp"

#include "worker/build.hpp"

#include "tiphys/worker/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tiphys::worker {
namespace {

using base::Code;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kLong{60};

/// Without it a worker is confined by its container alone.
bool has_landlock() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

class Lines final : public base::LogSink {
 public:
  bool enabled(base::LogLevel) const override { return true; }
  void write(base::LogLevel, std::string_view message, const base::LogFields&) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(message);
  }
  std::ptrdiff_t count(std::string_view message) {
    const std::lock_guard lock(mutex_);
    return std::ranges::count(lines_, message);
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class PoolTest : public ::testing::Test {
 protected:
  static PoolOptions options() {
    PoolOptions out;
    out.command = {TIPHYS_WORKER_CHILD};
    out.size = 4;
    out.warm = 2;
    return out;
  }
  Pool& start(PoolOptions given = options()) {
    PoolHooks hooks;
    hooks.ended = [this](std::string_view cause) {
      const std::lock_guard lock(mutex_);
      ended_.emplace_back(cause);
    };
    pool_ = make_pool(std::move(given), std::move(hooks));
    return *pool_;
  }
  base::Result<std::string> run(const std::string& job, std::string_view input = "",
                                std::chrono::milliseconds time = kLong,
                                const std::string& scope = "") {
    return pool_->run({.job = job, .input = input, .scope = scope, .time = time, .answer = {}});
  }
  std::string error_of(const std::string& job, std::string_view input = "",
                       std::chrono::milliseconds time = kLong) {
    const auto out = run(job, input, time);
    return out.ok() ? "ok" : std::string(to_string(out.error().code())) + " " + out.error().text();
  }
  std::vector<std::string> ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> ended_;
  std::unique_ptr<Pool> pool_;
};

TEST_F(PoolTest, GivesBackWhatTheJobGave) {
  start();
  EXPECT_EQ(*run("echo", "hello"), "hello");
  const std::string zeros(5, '\0');
  EXPECT_EQ(*run("echo", zeros), zeros);
  const std::string big(std::size_t{20} << 20U, 'b');
  EXPECT_EQ(*run("echo", big), big);
  EXPECT_EQ(*run("started"), "yes");
}

TEST_F(PoolTest, AJobsErrorIsTheJobsAndTheProcessGoesOn) {
  start();
  const std::string first = *run("pid");
  EXPECT_EQ(error_of("fail", "because"), "Invalid because");
  EXPECT_EQ(error_of("nothing"), "Unimplemented a worker knows no job nothing");
  EXPECT_EQ(*run("pid"), first);
  EXPECT_THAT(ended(), ::testing::IsEmpty());
}

TEST_F(PoolTest, AHangingJobIsKilledAtItsDeadlineAndTheNextOneRuns) {
  start();
  // A process is there before the short time counts: its start takes longer on a busy machine.
  ASSERT_EQ(*run("echo", "first"), "first");
  for (const char* job : {"hang", "spin", "garbage"}) {
    const auto before = std::chrono::steady_clock::now();
    const auto out = run(job, "", 100ms);
    ASSERT_FALSE(out.ok()) << job;
    if (std::string(job) != "garbage") {
      EXPECT_EQ(out.error().code(), Code::Timeout) << out.error().text();
      EXPECT_EQ(out.error().text(),
                std::string(job) + ": the worker process was stopped: the time limit is 0.1 s");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before, 30s);
    EXPECT_EQ(*run("echo", "next"), "next");
  }
}

TEST_F(PoolTest, AHangingJobKeepsNobodyWaiting) {
  auto given = options();
  given.size = 2;
  Pool& pool = start(given);
  std::atomic<bool> ended = false;
  std::thread hanging([&] {
    (void)run("hang", "", 5s);
    ended.store(true);
  });
  while (pool.counts().running == 0) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(*run("echo", "x"), "x");
  EXPECT_FALSE(ended.load());
  pool.stop();
  hanging.join();
}

TEST_F(PoolTest, TheMemoryLimitHoldsAndIsNamed) {
  auto given = options();
  given.limits.memory_bytes = std::uint64_t{64} << 20U;
  start(given);
  const std::string text = error_of("eat");
  EXPECT_THAT(text, HasSubstr("ResourceExhausted eat: "));
  EXPECT_THAT(text, HasSubstr("limit is 67108864"));
  EXPECT_EQ(*run("echo", "next"), "next");
  EXPECT_EQ(ended().size(), 1U);
}

TEST_F(PoolTest, ProcessorTimeHasALimit) {
  auto given = options();
  given.limits.cpu = 1s;
  start(given);
  EXPECT_EQ(error_of("spin"),
            "ResourceExhausted spin: the worker process used more than 1 s of processor time");
  EXPECT_EQ(*run("echo", "next"), "next");
  EXPECT_EQ(ended(), std::vector<std::string>{"cpu"});
}

TEST_F(PoolTest, ACrashIsAnErrorThatNamesTheSignal) {
  start();
  EXPECT_EQ(error_of("crash", "segv"),
            "Internal crash: the worker process crashed: Segmentation fault (signal 11)");
  EXPECT_EQ(error_of("crash", "abort"),
            "Internal crash: the worker process crashed: Aborted (signal 6)");
  EXPECT_EQ(error_of("leave"), "Internal leave: the worker process ended with status 7");
  EXPECT_EQ(*run("echo", "next"), "next");
}

TEST_F(PoolTest, AProcessKilledFromOutsideIsAnErrorOfThatJobOnly) {
  const Pool& pool = start();
  std::string text;
  std::thread victim([&] { text = error_of("hang"); });
  while (pool.counts().running == 0) std::this_thread::yield();
  // The idle ones are killed as well: nobody may get to know of that.
  ASSERT_TRUE(run("pid").ok());
  std::set<std::string> children;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (std::string pid; file >> pid;) children.insert(pid);
  }
  for (const std::string& pid : children) ::kill(std::stoi(pid), SIGKILL);
  victim.join();
  EXPECT_THAT(text, HasSubstr("hang: the worker process was killed by SIGKILL (signal 9)"));
  const auto next = run("echo", "next");
  ASSERT_TRUE(next.ok()) << next.error().text();
  EXPECT_EQ(*next, "next");
}

TEST_F(PoolTest, QuestionsAreAnsweredByTheCaller) {
  Pool& pool = start();
  std::vector<std::string> asked;
  const auto out = pool.run({.job = "ask",
                             .input = "q",
                             .scope = "",
                             .time = kLong,
                             .answer = [&](std::string_view topic,
                                           std::string_view question) -> base::Result<std::string> {
                               asked.push_back(std::string(topic) + ":" + std::string(question));
                               return "a" + std::string(question);
                             }});
  ASSERT_TRUE(out.ok()) << out.error().text();
  EXPECT_EQ(*out, "aq0;aq1;aq2;");
  EXPECT_EQ(asked, (std::vector<std::string>{"sum:q0", "sum:q1", "sum:q2"}));
  EXPECT_EQ(error_of("ask"), "Unimplemented ask: nobody answers sum");
  const auto refused =
      pool.run({.job = "ask",
                .input = "q",
                .scope = "",
                .time = kLong,
                .answer = [](std::string_view, std::string_view) -> base::Result<std::string> {
                  return base::Error(Code::Forbidden, "no").with_context("asking");
                }});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::Forbidden);
  EXPECT_EQ(refused.error().text(), "asking: no");
}

TEST_F(PoolTest, AskingWithoutEndIsStoppedToo) {
  Pool& pool = start();
  ASSERT_EQ(*run("echo", "first"), "first");  // its process is there before the time counts
  const auto out =
      pool.run({.job = "ask_for_ever",
                .input = "",
                .scope = "",
                .time = 100ms,
                .answer = [](std::string_view, std::string_view) -> base::Result<std::string> {
                  return std::string("x");
                }});
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code(), Code::Timeout);
}

TEST_F(PoolTest, AnswersHaveALimit) {
  auto given = options();
  given.limits.message_bytes = std::uint64_t{2} << 20U;
  start(given);
  EXPECT_THAT(error_of("long_answer"), HasSubstr("is over the limit of 2097152"));
  const std::string big(std::size_t{3} << 20U, 'b');
  EXPECT_THAT(error_of("echo", big), HasSubstr("is over the limit of 2097152"));
  EXPECT_EQ(*run("echo", "next"), "next");
}

TEST_F(PoolTest, WhatIsNoMessageEndsTheProcess) {
  start();
  EXPECT_THAT(error_of("garbage"), HasSubstr("Invalid garbage: the worker process "));
  EXPECT_EQ(ended(), std::vector<std::string>{"protocol"});
}

TEST_F(PoolTest, AChildHasNothingThatItDoesNotNeed) {
  ASSERT_EQ(::setenv("TIPHYS_SECRET", "token", 1), 0);  // NOLINT(concurrency-mt-unsafe): alone
  const std::ifstream leaked("/proc/self/exe");  // a descriptor of ours, open while it starts
  auto given = options();
  given.environment = {"TZ=Europe/Berlin"};
  start(given);
  const std::string out = *run("inspect");
  EXPECT_THAT(out, HasSubstr("env:TZ=Europe/Berlin "));
  EXPECT_THAT(out, Not(HasSubstr("TIPHYS_SECRET")));
  EXPECT_THAT(out, HasSubstr("fd:0 fd:1 fd:2 fd:3 core:"));
  EXPECT_THAT(out, HasSubstr("core:0 fsize:0 nofile:16 dumpable:0 nnp:1 pdeathsig:9 "));
  EXPECT_THAT(out, HasSubstr("sigterm_blocked:0"));
}

TEST_F(PoolTest, AChildOpensOnlyWhatItMay) {
  auto given = options();
  given.limits.readable = {"/usr/share/zoneinfo", "/nowhere"};
  start(given);
  const std::string out = *run("open_file", "/etc/passwd");
  EXPECT_EQ(out, has_landlock() ? "Permission denied" : "open");
  EXPECT_EQ(*run("open_file", "/usr/share/zoneinfo/UTC"), "open");
}

TEST_F(PoolTest, AJobCanConfineItselfToAFolder) {
  auto given = options();
  given.limits.readable.reset();
  given.limits.file_bytes = 1 << 20U;
  given.jobs_per_process = 1;
  start(given);
  const auto folder = std::filesystem::temp_directory_path() /
                      ("tiphys-pool-test-" + std::to_string(::getpid())) / "inner";
  std::filesystem::create_directories(folder);
  const std::string out = *run("write_inside", folder.string());
  std::filesystem::remove_all(folder.parent_path());
  EXPECT_EQ(out, has_landlock() ? "confined in" : "open in out");
}

TEST_F(PoolTest, FilesHaveALimit) {
  auto given = options();
  given.limits.readable.reset();
  given.limits.file_bytes = 1 << 20U;
  start(given);
  const auto file =
      std::filesystem::temp_directory_path() / ("tiphys-much-" + std::to_string(::getpid()));
  EXPECT_EQ(error_of("write_much", file.string()),
            "ResourceExhausted write_much: the worker process wrote a file of more than 1048576 "
            "bytes");
  EXPECT_EQ(std::filesystem::file_size(file), 1U << 20U);
  std::filesystem::remove(file);
}

TEST_F(PoolTest, AProcessServesOneScopeOnly) {
  start();
  const std::string one = *run("pid", "", kLong, "one");
  const std::string two = *run("pid", "", kLong, "two");
  EXPECT_NE(one, two);
  EXPECT_EQ(*run("pid", "", kLong, "one"), one);
  EXPECT_EQ(*run("pid", "", kLong, "two"), two);
}

TEST_F(PoolTest, AProcessIsRetiredAfterItsJobs) {
  auto given = options();
  given.jobs_per_process = 2;
  start(given);
  const std::string first = *run("pid");
  EXPECT_EQ(*run("pid"), first);
  EXPECT_NE(*run("pid"), first);
  EXPECT_EQ(ended(), std::vector<std::string>{"retired"});
}

TEST_F(PoolTest, OtherLimitsHoldForTheNextJob) {
  Pool& pool = start();
  const std::string before = *run("pid");
  ProcessLimits limits = options().limits;
  limits.memory_bytes = std::uint64_t{64} << 20U;
  pool.reconfigure(1, limits);
  EXPECT_NE(*run("pid"), before);
  EXPECT_THAT(error_of("eat"), HasSubstr("limit is 67108864"));
  // One at a time now, and the one that runs finishes under its limits.
  std::thread hanging([&] { (void)run("hang", "", 500ms); });
  while (pool.counts().running == 0) std::this_thread::yield();
  limits.memory_bytes = std::uint64_t{65} << 20U;
  pool.reconfigure(1, limits);
  EXPECT_EQ(*run("echo", "waited"), "waited");
  hanging.join();
  EXPECT_EQ(pool.counts().running, 0U);
}

TEST_F(PoolTest, AProcessThatHasGrownIsRetired) {
  auto given = options();
  given.retire_bytes = 1;
  start(given);
  const std::string first = *run("pid");
  EXPECT_NE(*run("pid"), first);
}

TEST_F(PoolTest, ManyThreadsShareThePool) {
  const Pool& pool = start();
  std::vector<std::thread> threads;
  threads.reserve(8);
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string text = std::to_string(t) + "." + std::to_string(i);
        const auto out = run("echo", text, kLong, std::to_string(t % 3));
        if (out.ok() && *out == text) ++right;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right.load(), 160);
  EXPECT_EQ(pool.counts().running, 0U);
  EXPECT_EQ(pool.counts().lost, 0U);
}

TEST_F(PoolTest, AProgramThatDoesNotStartIsAnError) {
  auto given = options();
  given.command = {"/nowhere/tiphys"};
  start(given);
  const auto out = run("echo");
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code(), Code::Unavailable);
  EXPECT_THAT(out.error().text(), HasSubstr("No such file"));
  given.command = {"/bin/true"};
  start(given);
  EXPECT_EQ(run("echo").error().code(), Code::Unavailable);
}

TEST_F(PoolTest, StopEndsRunningJobs) {
  Pool& pool = start();
  std::string text;
  std::thread hanging([&] { text = error_of("hang"); });
  while (pool.counts().running == 0) std::this_thread::yield();
  pool.stop();
  hanging.join();
  EXPECT_THAT(text, HasSubstr("Canceled hang: the worker process was stopped"));
  EXPECT_EQ(run("echo").error().code(), Code::Canceled);
}

TEST(Pool, SaysOnceWhenTheKernelCannotConfine) {
  const auto sink = std::make_shared<Lines>();
  PoolHooks hooks;
  hooks.log = base::Logger(sink);
  PoolOptions options;
  options.command = {TIPHYS_WORKER_CHILD};
  options.jobs_per_process = 1;
  const auto pool = make_pool(options, hooks);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(
        pool->run({.job = "pid", .input = "", .scope = "", .time = kLong, .answer = {}}).ok());
  pool->stop();
  EXPECT_EQ(sink->count("worker processes are not fully confined"), landlock_version() > 0 ? 0 : 1);
  EXPECT_EQ(has_landlock(), landlock_version() > 0);
}

TEST(Child, RefusesToRunByHand) {
  const int status =
      std::system(TIPHYS_WORKER_CHILD " 2>/dev/null");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(WEXITSTATUS(status), 64);
}

}  // namespace
}  // namespace tiphys::worker
