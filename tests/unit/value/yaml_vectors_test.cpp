#include "unit/value/vectors.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/yaml.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tiphys::value {
namespace {

std::string outcome(const base::Result<std::string>& result) {
  return result.ok() ? *result : "error: " + result.error().text();
}

TEST(YamlVectors, WritesAsGoYamlV2ThroughJson) {
  for (const Value& record : read_vectors("value/to_yaml.jsonl")) {
    const auto written = to_yaml(record["json"]);
    const std::string json = write_json(record["json"]).value_or("?");
    if (record["error"].is_string()) {
      EXPECT_FALSE(written.ok()) << json << "\n" << outcome(written);
    } else {
      EXPECT_EQ(outcome(written), record["yaml"].text()) << json;
    }
  }
}

TEST(YamlVectors, WritesPrettyAsGoYamlV3) {
  for (const Value& record : read_vectors("value/to_yaml.jsonl")) {
    const Value& expected = record["pretty"].is_null() ? record["yaml"] : record["pretty"];
    EXPECT_EQ(outcome(to_yaml_pretty(record["json"])), expected.text())
        << write_json(record["json"]).value_or("?");
  }
}

std::string text_of(const Value& record) {
  if (record["yaml"].is_string()) return std::string(record["yaml"].text());
  return base::base64_decode(record["yaml64"].text()).value_or("?");
}

/// Texts that libyaml 0.2.5 scans otherwise than go-yaml v2 (see the README beside the vectors).
std::set<std::string> known_differences() {
  std::set<std::string> known;
  for (const Value& record : read_vectors("value/from_yaml_known.jsonl"))
    known.insert(std::string(record["yaml"].text()));
  return known;
}

std::string read_outcome(const std::string& text, const YamlOptions& options = {}) {
  const auto tree = parse_yaml(text, options);
  return tree.ok() ? write_json(*tree).value_or("?") : tree.error().text();
}

TEST(YamlVectors, ReadsAsGoYamlV2ThroughJson) {
  const std::set<std::string> known = known_differences();
  std::size_t differing = 0;
  for (const Value& record : read_vectors("value/from_yaml.jsonl")) {
    const std::string text = text_of(record);
    const std::string expected = record["error"].is_string()
                                     ? std::string(record["error"].text())
                                     : write_json(record["json"]).value_or("?");
    if (known.contains(text)) {
      EXPECT_NE(read_outcome(text), expected) << "no longer differs: " << text;
      ++differing;
    } else {
      EXPECT_EQ(read_outcome(text), expected) << text;
    }
  }
  EXPECT_EQ(differing, known.size());
}

TEST(YamlVectors, ReadsNumbersAsFloatsForHelm) {
  const std::set<std::string> known = known_differences();
  for (const Value& record : read_vectors("value/from_yaml.jsonl")) {
    const std::string text = text_of(record);
    if (record["error"].is_string() || known.contains(text)) continue;
    const std::string expected = record["float64"].is_string()
                                     ? std::string(record["float64"].text())
                                     : write_json(record["json"]).value_or("?");
    EXPECT_EQ(read_outcome(text, {.numbers = Numbers::float64}), expected) << text;
  }
}

TEST(YamlVectors, RefusesDuplicateKeysWhenStrict) {
  const std::set<std::string> known = known_differences();
  int refused = 0;
  for (const Value& record : read_vectors("value/from_yaml.jsonl")) {
    const std::string text = text_of(record);
    if (record["error"].is_string() || known.contains(text)) continue;
    const auto tree = parse_yaml(text, {.duplicate_keys = DuplicateKeys::refuse});
    EXPECT_EQ(tree.ok() ? "" : tree.error().text(), record["strict"].text()) << text;
    refused += tree.ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 3);
}

}  // namespace
}  // namespace tiphys::value
