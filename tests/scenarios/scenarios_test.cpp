// Scenarios of tests/scenarios/cases on the control plane, and whether they cover what they must.
#include "scenarios/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace tiphys::test {
namespace {

class Scenarios : public ScenarioTest, public testing::WithParamInterface<std::filesystem::path> {};

TEST_P(Scenarios, Hold) { run(read_scenario(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Cases, Scenarios, testing::ValuesIn(scenario_files()),
                         [](const auto& info) {
                           std::string name = info.param.stem().string();
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// The ids of covers.txt; "id  what it says", blank lines and # left out.
std::map<std::string, std::string> ids() {
  std::map<std::string, std::string> out;
  std::ifstream file(TIPHYS_SOURCE_DIR "/tests/scenarios/covers.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto blank = line.find(' ');
    out[line.substr(0, blank)] = line.substr(blank);
  }
  return out;
}

TEST(Coverage, EveryIdIsCoveredAndEveryCoveredIdIsListed) {
  const auto listed = ids();
  ASSERT_FALSE(listed.empty());
  std::set<std::string> covered;
  for (const auto& file : scenario_files()) {
    const Scenario scenario = read_scenario(file);
    EXPECT_FALSE(scenario.covers.empty()) << file;
    for (const auto& id : scenario.covers) {
      EXPECT_TRUE(listed.contains(id)) << file << " covers " << id << ", which isn't listed";
      covered.insert(id);
    }
  }
  for (const auto& [id, text] : listed) EXPECT_TRUE(covered.contains(id)) << id << text;
}

}  // namespace
}  // namespace tiphys::test
