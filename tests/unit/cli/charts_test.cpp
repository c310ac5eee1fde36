// Renders every chart under tests/charts and compares with what real Helm printed
// (tools/record-charts).
#include "tiphys/cli/template.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace tiphys::cli {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string chart;
  std::string version;
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::path root() { return fs::path(TIPHYS_SOURCE_DIR) / "tests" / "charts"; }

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const auto& entry : fs::directory_iterator(root()))
    for (const char* version : {"4.2", "3.21"})
      for (const char* ending : {".yaml", ".err"})
        if (fs::exists(entry.path() / ("expected-" + std::string(version) + ending)))
          out.push_back({entry.path().filename().string(), version});
  std::ranges::sort(out, [](const Case& a, const Case& b) {
    return std::tie(a.chart, a.version) < std::tie(b.chart, b.version);
  });
  return out;
}

std::vector<std::string> arguments(const Case& item) {
  std::vector<std::string> flags;
  std::istringstream lines(read(root() / item.chart / "args"));
  for (std::string line; std::getline(lines, line);) flags.push_back(line);
  std::vector<std::string> out = {"--helm-version", item.version};
  if (std::ranges::find(flags, "--name-template") == flags.end()) out.emplace_back("release-name");
  out.emplace_back("chart");
  out.insert(out.end(), flags.begin(), flags.end());
  return out;
}

class Charts : public testing::TestWithParam<Case> {
 protected:
  // The flags name files relative to the case's folder, as on a command line.
  void SetUp() override { fs::current_path(root() / GetParam().chart); }
  void TearDown() override { fs::current_path(TIPHYS_SOURCE_DIR); }
};

TEST_P(Charts, PrintsWhatHelmPrints) {
  const fs::path base = root() / GetParam().chart / ("expected-" + GetParam().version);
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_template(arguments(GetParam()), out, err);
  if (fs::exists(base.string() + ".yaml")) {
    EXPECT_EQ(status, 0) << err.str();
    EXPECT_EQ(out.str(), read(base.string() + ".yaml"));
  } else {
    EXPECT_EQ(status, 1);
    EXPECT_EQ(out.str(), "");
    EXPECT_EQ(err.str(), read(base.string() + ".err"));
  }
}

INSTANTIATE_TEST_SUITE_P(Recorded, Charts, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param.chart + "_" + info.param.version;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace tiphys::cli
