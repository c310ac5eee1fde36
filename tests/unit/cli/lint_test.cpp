// Lints every chart under tests/charts and compares with what real Helm printed
// (tools/record-charts).
#include "tiphys/cli/lint.hpp"

#include "cli/lint_flags.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace tiphys::cli {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string chart;
  std::string version;
};

fs::path root() { return fs::path(TIPHYS_SOURCE_DIR) / "tests" / "charts"; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const auto& entry : fs::directory_iterator(root()))
    for (const char* version : {"4.2", "3.21"})
      if (fs::exists(entry.path() / ("expected-" + std::string(version) + ".lint")))
        out.push_back({entry.path().filename().string(), version});
  std::ranges::sort(out, [](const Case& a, const Case& b) {
    return std::tie(a.chart, a.version) < std::tie(b.chart, b.version);
  });
  return out;
}

/// As it is recorded: the chart's folder is <CHART>.
std::string masked(std::string text, const std::string& folder) {
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
    text.replace(at, folder.size(), "<CHART>");
  return text;
}

class LintedCharts : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { fs::current_path(root() / GetParam().chart); }
  void TearDown() override { fs::current_path(TIPHYS_SOURCE_DIR); }
};

TEST_P(LintedCharts, FindsWhatHelmFinds) {
  const fs::path folder = root() / GetParam().chart;
  std::vector<std::string> args = {"--helm-version", GetParam().version, "chart"};
  std::istringstream lines(read(folder / "lint-args"));
  for (std::string line; std::getline(lines, line);) args.push_back(line);
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_lint(args, out, err);
  const std::string text =
      "exit " + std::to_string(status) + "\nstdout:\n" + out.str() + "stderr:\n" + err.str();
  EXPECT_EQ(masked(text, (folder / "chart").string()),
            read(folder / ("expected-" + GetParam().version + ".lint")));
}

INSTANTIATE_TEST_SUITE_P(Recorded, LintedCharts, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param.chart + "_" + info.param.version;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

TEST(LintFlags, TakesTheWorkingFolderAsHelm3Does) {
  const std::vector<std::string> none = {"--helm-version", "3.21", "--strict"};
  const auto flags = parse_lint_flags(none);
  ASSERT_TRUE(flags.ok());
  EXPECT_EQ(flags->arguments, (std::vector<std::string>{"."}));
  EXPECT_TRUE(flags->strict);
  const std::vector<std::string> helm4 = {"--quiet"};
  EXPECT_TRUE(parse_lint_flags(helm4).error().text().contains("requires at least 1 argument"));
}

}  // namespace
}  // namespace tiphys::cli
