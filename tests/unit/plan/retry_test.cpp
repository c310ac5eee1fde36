#include "tiphys/plan/retry.hpp"

#include <gtest/gtest.h>

namespace tiphys::plan {
namespace {

using std::chrono::milliseconds;

milliseconds delay(const api::Retry& retry, std::int64_t attempts) {
  const auto got = retry_delay(retry, attempts);
  EXPECT_TRUE(got.ok());
  return got.ok() ? *got : milliseconds(-1);
}

TEST(Retry, FiveSecondsDoubledUpToThreeMinutesByDefault) {
  const api::Retry retry{.limit = 5};
  EXPECT_EQ(delay(retry, 0), milliseconds(5'000));
  EXPECT_EQ(delay(retry, 1), milliseconds(10'000));
  EXPECT_EQ(delay(retry, 5), milliseconds(160'000));
  EXPECT_EQ(delay(retry, 6), milliseconds(180'000));
  EXPECT_EQ(delay(retry, 5'000), milliseconds(180'000));
}

TEST(Retry, WhatThePolicySays) {
  const api::Retry retry{
      .limit = 2, .backoff = api::Backoff{.duration = "2", .factor = 3, .max_duration = "1m"}};
  EXPECT_EQ(delay(retry, 0), milliseconds(2'000));
  EXPECT_EQ(delay(retry, 2), milliseconds(18'000));
  EXPECT_EQ(delay(retry, 9), milliseconds(60'000));
  const api::Retry still{.backoff = api::Backoff{.duration = "1500ms", .factor = 0}};
  EXPECT_EQ(delay(still, 0), milliseconds(1'500));
  EXPECT_EQ(delay(still, 1), milliseconds(0));
}

TEST(Retry, AWrongDurationIsNamed) {
  const auto got = retry_delay({.backoff = api::Backoff{.max_duration = "soon"}}, 0);
  ASSERT_FALSE(got.ok());
  EXPECT_NE(got.error().text().find("retry.backoff.maxDuration"), std::string::npos);
}

TEST(Retry, Limits) {
  EXPECT_FALSE(may_retry({.limit = 0}, 0));
  EXPECT_TRUE(may_retry({.limit = 1}, 0));
  EXPECT_FALSE(may_retry({.limit = 1}, 1));
  EXPECT_TRUE(may_retry({.limit = -1}, 1'000));
}

}  // namespace
}  // namespace tiphys::plan
