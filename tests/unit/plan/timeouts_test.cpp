#include "tiphys/plan/timeouts.hpp"

#include <gtest/gtest.h>

namespace tiphys::plan {
namespace {

using std::chrono::milliseconds;

TEST(Timeouts, TheLastOfANameCounts) {
  const auto got = timeouts_of(api::parse_sync_options(
      {"SyncTimeout=1h", "Prune=false", "WaveTimeout=90s", "SyncTimeout=30m"}));
  EXPECT_EQ(got.sync, milliseconds(1'800'000));
  EXPECT_EQ(got.wave, milliseconds(90'000));
}

TEST(Timeouts, NoneByDefaultAndNoneOfNonsense) {
  EXPECT_FALSE(timeouts_of({}).sync);
  const auto got = timeouts_of(api::parse_sync_options({"SyncTimeout=soon", "WaveTimeout=0s"}));
  EXPECT_FALSE(got.sync);
  EXPECT_FALSE(got.wave);
}

}  // namespace
}  // namespace tiphys::plan
