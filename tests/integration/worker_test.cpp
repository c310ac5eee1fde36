// Charts are rendered in processes of their own: what happens to one is that application's affair.
#include "integration/faults_bed.hpp"
#include "support/wait.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace tiphys::test {
namespace {

/// Hashes passwords for minutes.
std::map<std::string, std::string> slow_chart() {
  return {{"slow/Chart.yaml", "apiVersion: v2\nname: slow\nversion: 1.0.0\n"},
          {"slow/templates/a.yaml",
           "{{- range until 5000 }}\n# {{ bcrypt \"secret\" }}\n{{- end }}\n"}};
}

/// Asks for far more memory than a template has.
std::map<std::string, std::string> hungry_chart() {
  return {{"hungry/Chart.yaml", "apiVersion: v2\nname: hungry\nversion: 1.0.0\n"},
          {"hungry/templates/a.yaml",
           "{{- $all := repeat 1000000 \"x\" }}\n{{- range until 12 }}\n"
           "{{- $all = print $all $all }}\n{{- end }}\n"}};
}

/// A worker of this controller that has been on a processor for half a second: it renders.
std::optional<pid_t> busy_worker(pid_t controller) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos || !line.contains("(tiphys-worker)")) continue;
    std::istringstream fields(line.substr(name_end + 1));
    std::string state;
    pid_t parent = 0;
    fields >> state >> parent;
    constexpr int kBetweenParentAndTime = 9;  // proc(5)
    std::string skipped;
    for (int i = 0; i < kBetweenParentAndTime; ++i) fields >> skipped;
    long ticks = 0;
    fields >> ticks;
    if (parent == controller && 2 * ticks > ::sysconf(_SC_CLK_TCK)) return std::stoi(pid);
  }
  return std::nullopt;
}

class Workers : public FaultsBed {
 protected:
  void apply_chart(const std::string& chart) {
    Installation::App slow;
    slow.name = name_ + "-" + chart;
    slow.repo_url = git_.url("gitops");
    slow.path = chart;
    slow.destination = target_;
    tiphys_.apply(slow);
  }
};

TEST_F(Workers, AChartWithoutMeasureIsThatApplicationsErrorOnly) {
  auto files = sample_chart("chart");
  files.merge(slow_chart());
  files.merge(hungry_chart());
  const auto commit = git_.repo("gitops").commit(files, "charts");
  auto controller = tiphys_.start();
  apply_chart("slow");
  apply_chart("hungry");
  tiphys_.apply(app());
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);
  tiphys_.wait_for_condition(name_ + "-slow", "ComparisonError", "render deadline exceeded");
  tiphys_.wait_for_condition(name_ + "-hungry", "ComparisonError", "templates/a.yaml");

  const auto next = git_.repo("gitops").remove({"chart/templates/extra.yaml"});
  tiphys_.refresh(name_);
  tiphys_.wait_for(name_, "Synced", "Healthy", next);
  EXPECT_TRUE(controller.running());
}

TEST_F(Workers, OneThatIsKilledIsItsApplicationsErrorAndTheNextRendersWell) {
  auto files = sample_chart("chart");
  files.merge(slow_chart());
  const auto commit = git_.repo("gitops").commit(files, "charts");
  auto controller = tiphys_.start();
  apply_chart("slow");
  std::optional<pid_t> busy;
  require_within(milliseconds(60'000), "a worker renders", [&] {
    busy = busy_worker(controller.pid());
    return busy.has_value();
  });
  tiphys_.apply(app());
  ASSERT_EQ(::kill(*busy, SIGKILL), 0);
  tiphys_.wait_for_condition(name_ + "-slow", "ComparisonError", "the worker process was killed");
  tiphys_.wait_for(name_, "Synced", "Healthy", commit);

  const auto next = git_.repo("gitops").commit(
      {{"slow/templates/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: quick\n"}},
      "a chart that ends");
  tiphys_.refresh(name_ + "-slow");
  tiphys_.wait_for(name_ + "-slow", "Synced", "Healthy", next);
  EXPECT_TRUE(controller.running());
}

}  // namespace
}  // namespace tiphys::test
