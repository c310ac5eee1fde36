#include "tiphys/base/wire.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace tiphys::base {
namespace {

TEST(Wire, GivesBackWhatWasWritten) {
  WireWriter out;
  out.number(0);
  out.number(std::numeric_limits<std::uint64_t>::max());
  out.text("");
  out.text(std::string("a\0b", 3));
  out.flag(true);
  out.flag(false);
  WireReader in(out.bytes());
  EXPECT_EQ(in.number(), 0U);
  EXPECT_EQ(in.number(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.text(), std::string("a\0b", 3));
  EXPECT_TRUE(in.flag());
  EXPECT_FALSE(in.flag());
  EXPECT_TRUE(in.finish().ok());
}

TEST(Wire, TellsCutAndLongerBytes) {
  WireWriter out;
  out.text("hello");
  const std::string whole = out.take();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    WireReader in(std::string_view(whole).substr(0, size));
    EXPECT_EQ(in.text(), "") << size;
    EXPECT_TRUE(in.failed());
    EXPECT_FALSE(in.finish().ok());
    EXPECT_EQ(in.number(), 0U);
  }
  const std::string longer = whole + "x";
  WireReader in(longer);
  EXPECT_EQ(in.text(), "hello");
  EXPECT_EQ(in.finish().error().code(), Code::Invalid);
}

TEST(Wire, NeverPromisesMoreItemsThanBytes) {
  WireWriter out;
  out.number(1'000'000'000);
  out.text("x");
  WireReader in(out.bytes());
  EXPECT_EQ(in.count(), 0U);
  EXPECT_TRUE(in.failed());
}

TEST(Wire, RefusesFlagsAndNumbersOutOfRange) {
  const std::string two("\2", 1);
  WireReader flag(two);
  EXPECT_FALSE(flag.flag());
  EXPECT_TRUE(flag.failed());
  WireWriter out;
  out.number(7);
  WireReader in(out.bytes());
  EXPECT_EQ(in.number_below(7), 0U);
  EXPECT_TRUE(in.failed());
}

TEST(Wire, CarriesErrors) {
  const Error error = Error(Code::TooManyRequests, "no")
                          .with_context("inner")
                          .with_context("outer")
                          .at({.file = "f", .line = 3, .column = 4})
                          .after(std::chrono::milliseconds(1500));
  WireWriter out;
  write_error(out, error);
  WireReader in(out.bytes());
  const Error read = read_error(in);
  EXPECT_TRUE(in.finish().ok());
  EXPECT_EQ(read.code(), Code::TooManyRequests);
  EXPECT_EQ(read.text(), "outer: inner: no");
  EXPECT_EQ(read.message(), "no");
  ASSERT_TRUE(read.where().has_value());
  EXPECT_EQ(read.where()->line, 3);
  EXPECT_EQ(read.retry_after(), std::chrono::milliseconds(1500));
}

TEST(Wire, AnErrorOfAnyBytesIsAnError) {
  std::string bytes;
  for (int i = 0; i < 200; ++i) {
    WireReader in(bytes);
    (void)read_error(in);
    bytes.push_back(static_cast<char>(i * 37 % 5));
  }
}

}  // namespace
}  // namespace tiphys::base
