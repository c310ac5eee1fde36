#include "unit/sprig/render.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tiphys::sprig {
namespace {

const std::string kFolder = TIPHYS_SOURCE_DIR "/tests/vectors/sprig/";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

value::Value parse(std::string_view json, value::Numbers numbers) {
  auto parsed = value::parse_json(json, numbers);
  EXPECT_TRUE(parsed.ok()) << json;
  return parsed.ok() ? *parsed : value::Value();
}

std::string text_of(const value::Value& vector, std::string_view plain, std::string_view coded) {
  if (vector[coded].is_string()) return base::base64_decode(vector[coded].string()).value_or("");
  return std::string(vector[plain].text());
}

/// What the oracle recorded, as one line: "ok: text" or "error: text".
std::string expected(const value::Value& vector) {
  const std::string error = text_of(vector, "err", "err64");
  return error.empty() ? "ok: " + text_of(vector, "out", "out64") : "error: " + error;
}

std::string template_of(const value::Value& vector) {
  if (vector["t"].is_string()) return std::string(vector["t"].string());
  return "{{ $r := (" + std::string(vector["e"].string()) +
         ") }}{{ printf `%T` $r }}|{{ $r }}|{{ toJson $r }}";
}

/// The machine's randomness, but the clock of the moment when the vectors were recorded.
class RecordedClock final : public Source {
 public:
  base::Status fill(std::span<std::uint8_t> out) override { return system_.fill(out); }
  base::Result<std::int64_t> now() override {
    constexpr std::int64_t kRecorded = 1'795'410'039;  // 2026-11-23T05:00:39Z
    return kRecorded * 1'000'000'000;
  }
  base::Result<std::string> private_key(KeyType type) override { return system_.private_key(type); }

 private:
  SystemSource system_;
};

std::string replay(const value::Value& vector, const value::Value& data) {
  RecordedClock source;
  FreshEntropy entropy(source);
  const auto out = render(template_of(vector), data, entropy);
  return out.ok() ? "ok: " + *out : "error: " + out.error().text();
}

value::Value recorded_data() { return parse(read(kFolder + "data.json"), value::Numbers::float64); }

/// What we print otherwise than Go, by call. A difference that goes away must go from the file.
std::map<std::string, std::string> known_differences() {
  std::map<std::string, std::string> known;
  std::ifstream file(kFolder + "known/differences.jsonl");
  for (std::string line; std::getline(file, line);) {
    const value::Value record = parse(line, value::Numbers::int64);
    known.emplace(record["e"].text(), record["got"].text());
  }
  return known;
}

class Conformance : public testing::TestWithParam<std::string> {};

TEST_P(Conformance, PrintsWhatGoPrints) {
  // A template may change what it is given: each one gets a copy of its own.
  const value::Value data = recorded_data();
  const std::map<std::string, std::string> known = known_differences();
  std::ifstream file(kFolder + GetParam() + ".jsonl");
  ASSERT_TRUE(file.is_open());
  int total = 0;
  int wrong = 0;
  for (std::string line; std::getline(file, line);) {
    const value::Value vector = parse(line, value::Numbers::int64);
    const auto other = known.find(std::string(vector["e"].text()));
    const std::string want = other == known.end() ? expected(vector) : other->second;
    if (other != known.end()) EXPECT_NE(want, expected(vector));
    const std::string got = replay(vector, data.deep_copy());
    ++total;
    if (want == got) continue;
    ++wrong;
    ADD_FAILURE() << template_of(vector) << "\n  want " << want << "\n  got  " << got;
  }
  EXPECT_GT(total, 0);
  EXPECT_EQ(wrong, 0) << "of " << total;
}

std::vector<std::string> recorded_families() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(kFolder))
    if (file.path().extension() == ".jsonl") names.push_back(file.path().stem().string());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Vectors, Conformance, testing::ValuesIn(recorded_families()),
                         [](const auto& info) { return info.param; });

TEST(ConformanceKnown, DifferencesAreOfCallsThatAreReplayed) {
  std::set<std::string> calls;
  for (const std::string& family : recorded_families()) {
    std::ifstream file(kFolder + family + ".jsonl");
    for (std::string line; std::getline(file, line);)
      calls.emplace(parse(line, value::Numbers::int64)["e"].text());
  }
  for (const auto& [call, got] : known_differences()) EXPECT_TRUE(calls.contains(call)) << call;
}

TEST(ConformanceCoverage, EveryFunctionHasVectors) {
  std::set<std::string> recorded;
  for (const std::string& family : recorded_families()) {
    std::ifstream file(kFolder + family + ".jsonl");
    for (std::string line; std::getline(file, line);)
      recorded.emplace(parse(line, value::Numbers::int64)["fn"].text());
  }
  for (const auto& family : sprig::families())
    for (const gotmpl::Function& row : family) {
      // Named where their answer can't be compared: only length or shape of it.
      static const std::set<std::string_view> kMasked = {"now", "genSignedCertWithKey",
                                                         "genSelfSignedCertWithKey"};
      if (!kMasked.contains(row.name))
        EXPECT_TRUE(recorded.contains(std::string(row.name))) << row.name;
    }
}

TEST(ConformanceCoverage, TheTableHasAllNamesButTheEnginesOwn) {
  std::size_t rows = 0;
  for (const auto& family : sprig::families()) rows += family.size();
  // 222 of Helm 4.2.4 without include, tpl and lookup.
  EXPECT_EQ(rows, 219U);
}

}  // namespace
}  // namespace tiphys::sprig
