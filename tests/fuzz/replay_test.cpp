// Every fuzzer over its seeds (tests/fuzz/corpus) and over every prefix of the small ones: what was
// found once stays fixed, and the seeds are worth starting from.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// TIPHYS_FUZZERS is F(name) for each; the build renames their entry points.
#define F(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
TIPHYS_FUZZERS
#undef F

namespace {

struct Fuzzer {
  const char* name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

#define F(name) {#name, fuzz_##name},
constexpr Fuzzer kFuzzers[] = {TIPHYS_FUZZERS};
#undef F

class Replay : public testing::TestWithParam<Fuzzer> {};

TEST_P(Replay, RunsOverItsSeeds) {
  const std::string folder =
      std::string(TIPHYS_SOURCE_DIR) + "/tests/fuzz/corpus/" + GetParam().name;
  int seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename());
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_EQ(GetParam().run(data, bytes.size()), 0);
    const std::size_t prefixes = bytes.size() < 256 ? bytes.size() : 0;
    for (std::size_t size = 0; size < prefixes; ++size) {
      const std::string prefix = bytes.substr(0, size);
      EXPECT_EQ(GetParam().run(reinterpret_cast<const std::uint8_t*>(prefix.data()), size), 0);
    }
    ++seeds;
  }
  EXPECT_GE(seeds, 3);
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Replay, testing::ValuesIn(kFuzzers),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
