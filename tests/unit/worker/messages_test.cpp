#include "worker/messages.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tiphys::worker {
namespace {

using base::Code;

TEST(Messages, ComeBackAsTheyWere) {
  ProcessLimits limits;
  limits.cpu = std::chrono::seconds(7);
  limits.readable = {"/a", "/b"};
  const auto hello = read_hello(write_hello(limits));
  ASSERT_TRUE(hello.ok());
  EXPECT_EQ(hello->cpu, limits.cpu);
  EXPECT_EQ(hello->memory_bytes, limits.memory_bytes);
  EXPECT_EQ(hello->readable, limits.readable);
  limits.readable.reset();
  EXPECT_FALSE(read_hello(write_hello(limits))->readable.has_value());

  const std::string job = write_job({.job = "j", .time = std::chrono::seconds(2), .input = "in"});
  EXPECT_EQ(read_job(job)->job, "j");
  EXPECT_EQ(read_job(job)->input, "in");
  EXPECT_EQ(read_job(job)->time, std::chrono::seconds(2));

  const std::string result = write_result(
      {.outcome = base::Error(Code::Invalid, "no"), .cpu = std::chrono::milliseconds(3)});
  ASSERT_TRUE(read_result(result).ok());
  EXPECT_EQ(read_result(result)->outcome.error().text(), "no");
  EXPECT_EQ(read_result(result)->cpu, std::chrono::milliseconds(3));
  EXPECT_EQ(*read_answer(write_answer(std::string("yes"))), "yes");
}

TEST(Messages, AnyBytesAreAMessageOrAnError) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same bytes in every run
  const std::string good =
      write_result({.outcome = base::Error(Code::Invalid, "no").with_context("frame"),
                    .cpu = std::chrono::milliseconds(3)});
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (int flips = 0; flips < 4; ++flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    (void)read_result(bytes);
    (void)read_answer(bytes);
    (void)read_job(bytes);
    (void)read_question(bytes);
    (void)read_hello(bytes);
  }
}

}  // namespace
}  // namespace tiphys::worker
