// Charts are rendered in processes of their own: what happens to one is that application's affair.
#include "integration/faults_bed.hpp"
#include "support/wait.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

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

/// What the kernel says of a process; nothing once it is gone.
struct ProcessState {
  char state = '?';  ///< R: on a processor or waiting for one
  pid_t parent = 0;
  std::string command;  ///< its arguments, each with a zero at its end
};

std::optional<ProcessState> look_at(pid_t pid) {
  const std::filesystem::path folder = "/proc/" + std::to_string(pid);
  std::ifstream file(folder / "stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  ProcessState out;
  std::istringstream fields(line.substr(name_end + 1));
  fields >> out.state >> out.parent;
  std::ifstream command(folder / "cmdline");
  out.command.assign(std::istreambuf_iterator<char>(command), {});
  return out;
}

/// The render workers of a controller that were seen in one state in each of several looks in a
/// row: S (sleeping: it waits for a job) or R (it works).
class WorkersIn {
 public:
  WorkersIn(pid_t controller, char state) : controller_(controller), state_(state) {}

  std::set<pid_t> look() {
    constexpr int kInARow = 8;
    std::map<pid_t, int> next;
    std::set<pid_t> steady;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      const pid_t pid = std::stoi(name);
      const auto found = look_at(pid);
      if (!found || found->parent != controller_ || !found->command.contains(kRender) ||
          found->state != state_)
        continue;
      const int seen = seen_[pid] + 1;
      if (seen >= kInARow) steady.insert(pid);
      next.emplace(pid, seen);
    }
    seen_ = std::move(next);
    return steady;
  }

 private:
  static constexpr std::string_view kRender{"worker\0render\0", 14};
  pid_t controller_;
  char state_;
  std::map<pid_t, int> seen_;
};

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
  /// From the moment that an application of the sample chart is there until it is synced.
  milliseconds time_of_sync(const std::string& name, const std::string& commit) {
    auto application = app();
    application.name = name_ + "-" + name;
    const auto began = std::chrono::steady_clock::now();
    tiphys_.apply(application);
    tiphys_.wait_for(application.name, "Synced", "Healthy", commit);
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
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

TEST_F(Workers, TheirLimitsAreSettingsThatHoldAtOnce) {
  git_.repo("gitops").commit(hungry_chart(), "a chart");
  auto controller = tiphys_.start({.flags = {"--render-timeout", "9s"}});
  apply_chart("hungry");
  tiphys_.wait_for_condition(name_ + "-hungry", "ComparisonError",
                             "output limit of 52428800 exceeded");
  plane_.apply(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cmd-params-cm}\n"
      "data: {tiphys.render.memory: 64Mi, tiphys.render.output: 2Mi}\n",
      tiphys_.namespace_());
  tiphys_.wait_for_condition(name_ + "-hungry", "ComparisonError",
                             "output limit of 2097152 exceeded");
  EXPECT_TRUE(controller.running());
}

TEST_F(Workers, OneThatIsKilledIsItsApplicationsErrorAndTheNextRendersWell) {
  auto files = sample_chart("chart");
  files.merge(slow_chart());
  const auto commit = git_.repo("gitops").commit(files, "charts");
  auto controller = tiphys_.start();
  // What a sync takes while nothing else happens.
  const auto quiet = time_of_sync("before", commit);
  // Of these one will get the chart: one that is only starting works as well.
  WorkersIn waiting(controller.pid(), 'S');
  std::set<pid_t> ready;
  require_within(milliseconds(60'000), "workers wait for a job", [&] {
    ready = waiting.look();
    return !ready.empty();
  });
  apply_chart("slow");
  WorkersIn working(controller.pid(), 'R');
  std::optional<pid_t> busy;
  require_within(milliseconds(60'000), "a worker renders", [&] {
    for (const pid_t pid : working.look())
      if (ready.contains(pid)) busy = pid;
    return busy.has_value();
  });
  ASSERT_EQ(::kill(*busy, SIGKILL), 0);
  const auto next_one = time_of_sync("next", commit);
  tiphys_.wait_for_condition(name_ + "-slow", "ComparisonError",
                             "the worker process was killed by SIGKILL (signal 9)");
  // Gone or waited for: nobody who looks renders any more.
  const auto left = look_at(*busy);
  EXPECT_TRUE(!left || left->parent != controller.pid() || left->state == 'Z') << left->state;
  // The render that was killed had ten seconds; another application waits for none of them.
  EXPECT_LT(next_one, 2 * quiet + milliseconds(3'000));

  const auto next = git_.repo("gitops").commit(
      {{"slow/templates/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: quick\n"}},
      "a chart that ends");
  tiphys_.refresh(name_ + "-slow");
  tiphys_.wait_for(name_ + "-slow", "Synced", "Healthy", next);
  EXPECT_TRUE(controller.running());
}

}  // namespace
}  // namespace tiphys::test
