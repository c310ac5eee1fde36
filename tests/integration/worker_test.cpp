// Charts are rendered in processes of their own: what happens to one is that application's affair.
#include "integration/faults_bed.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace tiphys::test
