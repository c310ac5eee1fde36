#include "tiphys/base/clock.hpp"

#include "tiphys/base/deadline.hpp"

#include <gtest/gtest.h>

namespace tiphys::base {
namespace {

using std::chrono::milliseconds;

TEST(Rfc3339, WritesWholeSecondsInUtc) {
  EXPECT_EQ(format_rfc3339(WallTime(milliseconds(0))), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(WallTime(milliseconds(1'700'000'000'999))), "2023-11-14T22:13:20Z");
  EXPECT_EQ(format_rfc3339_micro(WallTime(milliseconds(1'700'000'000'045))),
            "2023-11-14T22:13:20.045000Z");
}

TEST(Rfc3339, ReadsFractionsAndOffsets) {
  const WallTime zero{milliseconds(0)};
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), zero);
  EXPECT_EQ(parse_rfc3339("1970-01-01T01:30:00+01:30"), zero);
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:00:00-01:00"), zero);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.25Z"), zero + milliseconds(250));
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789Z"), zero + milliseconds(123));
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text : {"", "1970", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z",
                           "1970-01-01T24:00:00Z", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z",
                           "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+1:00"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Deadline, PassesWhenTheClockReachesIt) {
  ManualClock clock;
  const Deadline deadline = Deadline::after(clock, milliseconds(100));
  EXPECT_EQ(deadline.left(clock), milliseconds(100));
  clock.advance(milliseconds(99));
  EXPECT_FALSE(deadline.passed(clock));
  clock.advance(milliseconds(2));
  EXPECT_TRUE(deadline.passed(clock));
  EXPECT_EQ(deadline.left(clock), milliseconds(0));
}

}  // namespace
}  // namespace tiphys::base
