#include "tiphys/base/result.hpp"

#include <gtest/gtest.h>

namespace tiphys::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error(Code::Invalid, "odd");
  return n / 2;
}

Result<int> quarter(int n) {
  TRY_ASSIGN(const int once, half(n));
  TRY_ASSIGN(const int twice, half(once).context("second"));
  return twice;
}

Status check(int n) {
  TRY(half(n));
  return {};
}

TEST(Result, CarriesTheValueThroughTry) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_TRUE(check(2).ok());
}

TEST(Result, CarriesTheErrorWithItsContextOutermostFirst) {
  const auto failed = quarter(6).context("first");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().text(), "first: second: odd");
  EXPECT_EQ(failed.error().message(), "odd");
  EXPECT_EQ(failed.error().code(), Code::Invalid);
  EXPECT_FALSE(check(1).ok());
}

TEST(Error, OnlyPassingTroubleIsRetryable) {
  for (const Code code :
       {Code::Conflict, Code::TooManyRequests, Code::Timeout, Code::Unavailable}) {
    EXPECT_TRUE(is_retryable(code)) << to_string(code);
  }
  for (const Code code : {Code::Invalid, Code::Forbidden, Code::NotFound, Code::Unimplemented}) {
    EXPECT_FALSE(is_retryable(code)) << to_string(code);
  }
}

}  // namespace
}  // namespace tiphys::base
