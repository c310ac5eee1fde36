#include "unit/value/vectors.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/text/duration.hpp"
#include "tiphys/text/glob.hpp"
#include "tiphys/text/go_date.hpp"
#include "tiphys/text/semver.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tiphys::text {
namespace {

using value::read_vectors;
using value::Value;

std::string str(const Value& value) { return std::string(value.text()); }

TEST(Semver, ReadsAndComparesAsMasterminds) {
  std::vector<Version> parsed;
  const auto records = read_vectors("text/semver.jsonl");
  for (const Value& record : records) {
    if (!record["version"].is_string()) continue;
    const std::string text = str(record["version"]);
    const auto version = parse_version(text);
    EXPECT_EQ(version.ok() ? "" : version.error().text(), record["error"].text()) << text;
    const auto strict = parse_strict_version(text);
    EXPECT_EQ(strict.ok() ? "" : strict.error().text(), record["strict"].text()) << text;
    if (!version.ok()) continue;
    parsed.push_back(*version);
    EXPECT_EQ(version->text(), record["string"].text()) << text;
    if (record["next"].is_string()) {
      EXPECT_EQ(version->inc_patch().original + " " + version->inc_minor().original + " " +
                    version->inc_major().original,
                record["next"].text());
    }
  }
  std::size_t row = 0;
  for (const Value& record : records) {
    if (!record["compare"].is_string()) continue;
    std::string order;
    for (const Version& other : parsed) order += "<=>"[compare(parsed.at(row), other) + 1];
    EXPECT_EQ(order, record["order"].text()) << record["compare"].text();
    ++row;
  }
  EXPECT_EQ(row, parsed.size());
}

TEST(Semver, ChecksConstraintsAsMasterminds) {
  std::vector<Version> versions;
  for (const Value& record : read_vectors("text/semver.jsonl")) {
    if (record["version"].is_string() && record["error"].is_null())
      versions.push_back(*parse_version(record["version"].text()));
    if (!record["constraint"].is_string()) continue;
    const std::string text = str(record["constraint"]);
    const auto constraints = Constraints::parse(text);
    EXPECT_EQ(constraints.ok() ? "" : constraints.error().text(), record["error"].text()) << text;
    if (!constraints.ok() || record["error"].is_string()) continue;
    EXPECT_EQ(constraints->text(), record["string"].text()) << text;
    std::string checks;
    for (const Version& version : versions) checks += constraints->check(version) ? '1' : '0';
    EXPECT_EQ(checks, record["checks"].text()) << text;
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<std::string> expected;
      for (const Value& reason : record["reasons"].items()[i].items())
        expected.push_back(str(reason));
      EXPECT_EQ(constraints->reasons(versions.at(i + 3)), expected) << text;
    }
  }
}

TEST(Glob, MatchesAsGobwas) {
  const auto records = read_vectors("text/globs.jsonl");
  const Value& texts = records.back()["texts"];
  for (const Value& record : records) {
    if (!record["pattern"].is_string()) continue;
    const std::string pattern = str(record["pattern"]);
    const auto glob = Glob::compile(pattern, record["separators"].text());
    EXPECT_EQ(glob.ok(), record["error"].is_null()) << pattern;
    if (!glob.ok() || !record["error"].is_null()) continue;
    std::string matches;
    std::string expected;
    for (const Value& text : texts.items())
      if (glob->match(text.text())) matches += str(text) + " ";
    for (const Value& text : record["matches"].items()) expected += str(text) + " ";
    EXPECT_EQ(matches, expected) << pattern << " with '" << record["separators"].text() << "'";
  }
}

TEST(PathMatch, MatchesAsGo) {
  for (const Value& record : read_vectors("text/path_match.jsonl")) {
    const auto matched = path_match(record["pattern"].text(), record["name"].text());
    EXPECT_EQ(matched.ok() ? "" : matched.error().text(), record["error"].text())
        << record["pattern"].text() << " on " << record["name"].text();
    if (matched.ok()) {
      EXPECT_EQ(*matched, record["match"].boolean_or(false))
          << record["pattern"].text() << " on " << record["name"].text();
    }
  }
}

TEST(Doublestar, MatchesAsTheLibrary) {
  for (const Value& record : read_vectors("text/doublestar.jsonl")) {
    const auto matched = doublestar_match(record["pattern"].text(), record["path"].text());
    const bool expected = record["match"].boolean_or(false);
    if (record["error"].text().empty()) {
      EXPECT_TRUE(matched.ok() ? *matched == expected : !expected)
          << record["pattern"].text() << " on " << record["path"].text();
    } else {
      EXPECT_FALSE(matched.ok()) << record["pattern"].text() << " on " << record["path"].text();
    }
  }
}

TEST(Duration, IsReadAndWrittenAsGo) {
  for (const Value& record : read_vectors("text/durations.jsonl")) {
    const std::string text = str(record["text"]);
    const auto duration = parse_duration(text);
    EXPECT_EQ(duration.ok() ? "" : duration.error().text(), record["error"].text()) << text;
    if (!duration.ok() || record["error"].is_string()) continue;
    EXPECT_EQ(duration->count(), record["nanoseconds"].integer_or(-1)) << text;
    EXPECT_EQ(format_duration(*duration), record["string"].text()) << text;
  }
}

class Dates : public testing::Test {
 protected:
  Dates() : records_(read_vectors("text/dates.jsonl")) {
    zones_["UTC"] = TimeZone::utc();
    for (const Value& record : records_) {
      if (record["fixed"].is_string())
        zones_[str(record["fixed"])] = TimeZone::fixed(
            str(record["fixed"]), static_cast<std::int32_t>(record["offset"].integer_or(0)));
      if (!record["zone"].is_string()) continue;
      const auto bytes = base::base64_decode(record["tzif"].text());
      const auto zone = TimeZone::from_tzif(str(record["zone"]), bytes.value_or(""));
      EXPECT_TRUE(zone.ok()) << record["zone"].text();
      if (zone.ok()) zones_[str(record["zone"])] = *zone;
    }
  }

  std::vector<Value> records_;
  std::map<std::string, std::shared_ptr<const TimeZone>> zones_;
};

TEST_F(Dates, AreWrittenAsGo) {
  int seen = 0;
  for (const Value& record : records_) {
    if (!record["text"].is_string()) continue;
    ++seen;
    const GoTime time{.seconds = record["seconds"].integer_or(0),
                      .nanoseconds = static_cast<std::int32_t>(record["nanos"].integer_or(0)),
                      .zone = zones_.at(str(record["location"]))};
    EXPECT_EQ(format_time(time, record["layout"].text()), record["text"].text())
        << record["layout"].text() << " in " << record["location"].text();
    EXPECT_EQ(time_string(time), record["string"].text());
  }
  EXPECT_GT(seen, 400);
}

TEST_F(Dates, AreReadAsGo) {
  int seen = 0;
  for (const Value& record : records_) {
    if (!record["parse"].is_string()) continue;
    ++seen;
    const std::string text = str(record["parse"]);
    const auto time = parse_time(record["layout"].text(), text, zones_.at(str(record["location"])));
    EXPECT_EQ(time.ok() ? "" : time.error().text(), record["error"].text()) << text;
    if (!time.ok() || record["error"].is_string()) continue;
    EXPECT_EQ(time->seconds, record["seconds"].integer_or(0)) << text;
    EXPECT_EQ(time->nanoseconds, record["nanos"].integer_or(-1)) << text;
    EXPECT_EQ(time_string(*time), record["string"].text()) << text << record["layout"].text();
  }
  EXPECT_GT(seen, 900);
}

TEST(TimeZone, RefusesBrokenFilesAndNames) {
  EXPECT_FALSE(TimeZone::from_tzif("x", "").ok());
  EXPECT_FALSE(TimeZone::from_tzif("x", "TZif2").ok());
  EXPECT_FALSE(TimeZone::from_tzif("x", "TZif" + std::string(40, '\xFF')).ok());
  const ZoneLoader none = [](std::string_view) -> base::Result<std::string> {
    return base::Error(base::Code::NotFound, "none");
  };
  EXPECT_EQ(load_zone("../etc/passwd", none).error().message(), "time: invalid location name");
  EXPECT_EQ(load_zone("Mars/Phobos", none).error().message(), "unknown time zone Mars/Phobos");
  EXPECT_TRUE(load_zone("UTC", none).ok());
}

}  // namespace
}  // namespace tiphys::text
