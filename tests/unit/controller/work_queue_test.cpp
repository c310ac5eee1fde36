#include "tiphys/controller/work_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace tiphys::controller {
namespace {

using std::chrono::milliseconds;
using Key = WorkQueue::Key;

const Key kA{"ns", "a"};
const Key kB{"ns", "b"};

class WorkQueueTest : public testing::Test {
 protected:
  base::ManualClock clock_;
  WorkQueue queue_{clock_, {}};
};

TEST_F(WorkQueueTest, GivesKeysInOrderAndEachOnce) {
  queue_.add(kA);
  queue_.add(kB);
  queue_.add(kA);
  EXPECT_EQ(queue_.depth(), 2U);
  EXPECT_EQ(queue_.try_get(), kA);
  EXPECT_EQ(queue_.try_get(), kB);
  EXPECT_EQ(queue_.try_get(), std::nullopt);
}

TEST_F(WorkQueueTest, RequeuesOnceWhenAddedWhileProcessing) {
  queue_.add(kA);
  ASSERT_EQ(queue_.try_get(), kA);
  queue_.add(kA);
  queue_.add(kA);
  EXPECT_EQ(queue_.try_get(), std::nullopt);  // never two workers on one key
  queue_.done(kA);
  EXPECT_EQ(queue_.try_get(), kA);
  queue_.done(kA);
  EXPECT_EQ(queue_.try_get(), std::nullopt);
}

TEST_F(WorkQueueTest, LetsNoBusyKeyPassTheOthers) {
  const std::vector<Key> keys = {kA, kB, {"ns", "c"}};
  for (const auto& key : keys) queue_.add(key);
  std::vector<Key> order;
  for (std::size_t i = 0; i < 3 * keys.size(); ++i) {
    const auto key = queue_.try_get();
    ASSERT_TRUE(key.has_value());
    order.push_back(*key);
    for (int again = 0; again < 5; ++again) queue_.add(*key);
    queue_.done(*key);
  }
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], keys[i % keys.size()]) << i;
}

TEST_F(WorkQueueTest, PutsAKeyWhoseDelayHasPassedBehindThoseThatWait) {
  queue_.add_after(kA, milliseconds(10));
  queue_.add(kB);
  clock_.advance(milliseconds(20));
  EXPECT_EQ(queue_.try_get(), kB);
  EXPECT_EQ(queue_.try_get(), kA);
}

TEST_F(WorkQueueTest, HoldsTheEarliestOfSeveralDelays) {
  queue_.add_after(kA, milliseconds(100));
  queue_.add_after(kA, milliseconds(50));
  queue_.add_after(kA, milliseconds(200));
  clock_.advance(milliseconds(49));
  EXPECT_EQ(queue_.try_get(), std::nullopt);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(queue_.try_get(), kA);
  queue_.done(kA);
  clock_.advance(milliseconds(1000));
  EXPECT_EQ(queue_.try_get(), std::nullopt);
}

TEST_F(WorkQueueTest, DoublesTheDelayOfAFailingKeyUpToTheLimit) {
  EXPECT_EQ(queue_.add_rate_limited(kA), milliseconds(5));
  EXPECT_EQ(queue_.add_rate_limited(kA), milliseconds(10));
  EXPECT_EQ(queue_.add_rate_limited(kA), milliseconds(20));
  EXPECT_EQ(queue_.add_rate_limited(kB), milliseconds(5));
  for (int i = 0; i < 100; ++i) (void)queue_.add_rate_limited(kA);
  EXPECT_EQ(queue_.add_rate_limited(kA), milliseconds(60'000));
  queue_.forget(kA);
  EXPECT_EQ(queue_.failures(kA), 0);
  EXPECT_EQ(queue_.add_rate_limited(kA), milliseconds(5));
}

TEST_F(WorkQueueTest, WakesAWaitingWorkerForAKeyAndForTheEnd) {
  std::optional<Key> first;
  std::optional<Key> second{kB};
  std::thread worker([&] {
    first = queue_.get();
    queue_.done(kA);
    second = queue_.get();
  });
  queue_.add(kA);
  while (queue_.depth() != 0) std::this_thread::yield();
  queue_.shut_down();
  worker.join();
  EXPECT_EQ(first, kA);
  EXPECT_EQ(second, std::nullopt);
}

TEST_F(WorkQueueTest, NeverRunsTwoWorkersOnOneKey) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> runs = 0;
  std::vector<std::thread> workers;
  workers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (const auto key = queue_.get()) {
        most = std::max(most.load(), ++running);
        ++runs;
        --running;
        queue_.done(*key);
      }
    });
  }
  for (int i = 0; i < 1000; ++i) queue_.add(kA);
  while (queue_.depth() != 0) std::this_thread::yield();
  queue_.shut_down();
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(most.load(), 1);
  EXPECT_GE(runs.load(), 1);
}

}  // namespace
}  // namespace tiphys::controller
