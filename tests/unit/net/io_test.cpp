#include "tiphys/net/io.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace tiphys::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(IoRuntime, CallsOnItsOwnThreads) {
  IoRuntime io;
  std::promise<bool> there;
  io.post([&] { there.set_value(IoRuntime::on_io_thread()); });
  EXPECT_TRUE(there.get_future().get());
  EXPECT_FALSE(IoRuntime::on_io_thread());
}

TEST(IoRuntime, CallsAfterTheDelayAndNotBefore) {
  IoRuntime io;
  std::promise<std::chrono::steady_clock::time_point> called;
  const auto start = std::chrono::steady_clock::now();
  io.after(milliseconds(20), [&] { called.set_value(std::chrono::steady_clock::now()); });
  EXPECT_GE(called.get_future().get() - start, milliseconds(20));
}

TEST(IoRuntime, DoesNotCallACanceledTimer) {
  IoRuntime io;
  std::atomic<bool> called = false;
  auto timer = io.after(milliseconds(30), [&] { called = true; });
  timer.cancel();
  std::promise<void> later;
  io.after(milliseconds(80), [&] { later.set_value(); });
  later.get_future().wait();
  EXPECT_FALSE(called);
}

TEST(IoRuntime, StopDropsWhatIsPending) {
  IoRuntime io;
  bool called = false;
  io.after(seconds(3600), [&] { called = true; });
  io.stop();
  io.stop();
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace tiphys::net
