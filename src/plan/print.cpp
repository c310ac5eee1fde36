#include "tiphys/api/names.hpp"
#include "tiphys/plan/deletion.hpp"
#include "tiphys/plan/plan.hpp"
#include "tiphys/plan/progress.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::plan {

namespace {

std::string name_of(const k8s::ObjectKey& key) {
  const std::string kind = key.group.empty() ? key.kind : key.group + "/" + key.kind;
  return key.namespace_.empty() ? fmt::format("{} {}", kind, key.name)
                                : fmt::format("{} {}/{}", kind, key.namespace_, key.name);
}

std::string line(const Task& task) {
  std::string out = fmt::format("  {} {} {}", task.run, to_string(task.action), name_of(task.key));
  if (task.action == Action::prune) out += fmt::format(" {}", api::to_string(task.propagation));
  if (task.live && task.live->deleting) out += " (already deleting)";
  if (task.action == Action::apply && !task.live) out += " (new)";
  if (task.hook) out += task.hook_started ? " hook (started)" : " hook";
  if (task.hook && task.live && !task.hook_started && task.policies.before_creation)
    out += " (after deletion)";
  return out + "\n";
}

void keys(std::string& out, std::string_view title, const std::vector<k8s::ObjectKey>& list) {
  if (list.empty()) return;
  out += fmt::format("{}\n", title);
  for (const k8s::ObjectKey& key : list) out += fmt::format("  {}\n", name_of(key));
}

}  // namespace

std::string print(const Plan& plan) {
  std::string out;
  if (!plan.problems.empty()) out += "problems\n";
  for (const std::string& problem : plan.problems) out += fmt::format("  {}\n", problem);
  keys(out, "waiting for confirmation", plan.unconfirmed);
  for (const Group& group : plan.groups) {
    out += fmt::format("{} wave {}\n", to_string(group.phase), group.wave);
    for (const Task& task : group.tasks) out += line(task);
  }
  if (!plan.skipped.empty()) out += "skipped\n";
  for (const Task& task : plan.skipped)
    out += fmt::format("  {} {}: {}\n", name_of(task.key), task.status, task.message);
  return out;
}

std::string print(const DeletionPlan& plan) {
  std::string out;
  keys(out, "waiting for confirmation", plan.unconfirmed);
  keys(out, "terminating", plan.terminating);
  if (!plan.deletes.empty()) out += "delete\n";
  for (const Task& task : plan.deletes) out += line(task);
  if (!plan.kept.empty()) out += "kept\n";
  for (const Task& task : plan.kept)
    out += fmt::format("  {}: {}\n", name_of(task.key), task.message);
  return out;
}

std::string print(const Step& step) {
  constexpr std::array<std::string_view, 5> kKinds = {"run", "remove hooks", "wait", "failed",
                                                      "done"};
  std::string out(kKinds.at(static_cast<std::size_t>(step.kind)));
  if (step.kind == Step::Kind::done) return out + "\n";
  out += fmt::format(" {} wave {}", to_string(step.position.phase), step.position.wave);
  if (step.last) out += ", the last";
  if (step.hook_runs) out += ", a hook runs";
  out += "\n";
  if (!step.message.empty()) out += fmt::format("  {}\n", step.message);
  for (const Task& task : step.tasks) out += line(task);
  return out;
}

}  // namespace tiphys::plan
