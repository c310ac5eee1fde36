#include "tiphys/plan/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace tiphys::plan {

namespace {

struct Seen {
  const Task* task;
  TaskState state;
  std::string message;
};

using Steps = std::map<Position, std::vector<const Task*>>;

std::string kubectl_path(const k8s::ObjectKey& key) {
  return fmt::format("{}/{}/{}", key.group, key.kind, key.name);
}

std::string missing(const Task& task) {
  return fmt::format("Resource {} is missing, it might have been deleted", kubectl_path(task.key));
}

/// An object without a rule is fine as soon as it is there.
Seen by_health(const Task& task) {
  if (!task.health) return {&task, TaskState::succeeded, task.key.name + " created"};
  switch (task.health->code) {
    case health::Code::healthy:
      return {&task, TaskState::succeeded, task.health->message};
    case health::Code::degraded:
      return {&task, TaskState::failed, task.health->message};
    case health::Code::unknown:
      // Argo CD fails a hook that it can't judge, and waits for an ordinary object.
      return {&task, task.hook ? TaskState::failed : TaskState::running, task.health->message};
    default:
      return {&task, TaskState::running, task.health->message};
  }
}

Seen state_of_hook(const Task& task, const Progress& progress, bool written) {
  const TaskKey key(task.key, task.phase);
  if (progress.succeeded.contains(key)) return {&task, TaskState::succeeded, ""};
  if (task.live && task.hook_started) return by_health(task);
  if (written) return {&task, TaskState::failed, missing(task)};
  return {&task, TaskState::pending, ""};
}

Seen state_of(const Task& task, const Progress& progress) {
  const TaskKey key(task.key, task.phase);
  if (const auto found = progress.failed.find(key); found != progress.failed.end())
    return {&task, TaskState::failed, found->second};
  const bool written = progress.written.contains(key);
  if (task.hook) return state_of_hook(task, progress, written);
  switch (task.action) {
    case Action::skip:
      return by_health(task);
    case Action::prune:
      if (task.live && task.live->deleting) return {&task, TaskState::running, ""};
      return {&task, written ? TaskState::succeeded : TaskState::pending, ""};
    case Action::create_namespace:
      return {&task, written ? TaskState::succeeded : TaskState::pending, ""};
    case Action::apply:
      break;
  }
  if (!written) return {&task, TaskState::pending, ""};
  return task.live ? by_health(task) : Seen{&task, TaskState::failed, missing(task)};
}

bool is_prune(const Seen& seen) { return seen.task->action == Action::prune; }
bool is_hook_task(const Seen& seen) { return seen.task->hook; }

std::vector<Seen> with(const std::vector<Seen>& all, TaskState state) {
  std::vector<Seen> out;
  std::ranges::copy_if(all, std::back_inserter(out),
                       [&](const Seen& seen) { return seen.state == state; });
  return out;
}

/// Argo CD's sentence about what is waited for; hooks are named first.
void wait_for(Step& step, const std::vector<Seen>& all, bool deletion) {
  std::vector<Seen> tasks;
  std::ranges::copy_if(all, std::back_inserter(tasks), is_hook_task);
  std::ranges::copy_if(all, std::back_inserter(tasks), std::not_fn(is_hook_task));
  const bool hooks = is_hook_task(tasks.front());
  const bool resources = !is_hook_task(tasks.back());
  std::string reason = hooks ? "completion of hook" : "healthy state of";
  if (deletion) reason = hooks ? "deletion of hook" : "deletion of";
  step.kind = Step::Kind::wait;
  step.message = fmt::format("waiting for {} {}", reason, kubectl_path(tasks.front().task->key));
  if (tasks.size() > 1)
    step.message +=
        fmt::format(" and {} more {}", tasks.size() - 1, resources ? "resources" : "hooks");
  for (const Seen& seen : tasks) step.blockers.push_back(seen.task->key);
}

bool is_in_the_way(const Task& task) {
  return task.hook && task.live && !task.hook_started && task.policies.before_creation;
}

/// Hooks of earlier runs go first, and are waited for: then the group is run.
void run(Step& step, const std::vector<Seen>& pending) {
  std::vector<Seen> leaving;
  for (const Seen& seen : pending) {
    if (!is_in_the_way(*seen.task)) continue;
    if (seen.task->live->deleting)
      leaving.push_back(seen);
    else
      step.tasks.push_back(*seen.task);
  }
  step.kind = Step::Kind::remove_hooks;
  if (!step.tasks.empty()) return;
  if (!leaving.empty()) return wait_for(step, leaving, true);
  step.kind = Step::Kind::run;
  for (const Seen& seen : pending) step.tasks.push_back(*seen.task);
}

void look_at(Step& step, const std::vector<Seen>& group, const Progress& progress, bool waits) {
  for (const Seen& seen : group) {
    const Task& task = *seen.task;
    if (seen.state == TaskState::pending) continue;
    TaskView view{.key = {task.key, task.phase}, .state = seen.state, .message = seen.message};
    // What nobody waits for fails nothing by its health.
    if (!waits && !task.hook && !progress.failed.contains(view.key) &&
        view.state == TaskState::failed)
      view.state = TaskState::running;
    if (task.hook && seen.state == TaskState::running) step.hook_runs = true;
    step.views.push_back(std::move(view));
  }
}

/// Has everything in a group come to its end? False: `step` says what to do.
bool settle(Step& step, const std::vector<Seen>& group, const Progress& progress, bool waits) {
  const auto refused = [&](const Seen& seen) {
    return progress.failed.contains({seen.task->key, seen.task->phase});
  };
  auto running = with(group, TaskState::running);
  if (std::ranges::any_of(group, refused)) {
    std::erase_if(running, [](const Seen& seen) { return !is_hook_task(seen); });
    step.kind = Step::Kind::failed;
    if (!running.empty()) wait_for(step, running, false);
    return false;
  }
  if (const auto pending = with(group, TaskState::pending); !pending.empty()) {
    run(step, pending);
    return false;
  }
  const auto counts = [&](const Seen& seen) { return waits || is_hook_task(seen); };
  std::erase_if(running, [&](const Seen& seen) { return !counts(seen); });
  std::vector<Seen> leaving;
  std::ranges::copy_if(running, std::back_inserter(leaving), is_prune);
  std::erase_if(running, is_prune);
  const auto failed = with(group, TaskState::failed);
  if (running.empty() && std::ranges::any_of(failed, counts)) {
    step.kind = Step::Kind::failed;
    return false;
  }
  if (!running.empty()) {
    wait_for(step, running, false);
    return false;
  }
  if (leaving.empty()) return true;
  wait_for(step, leaving, true);
  return false;
}

Steps steps_of(const Plan& plan, const Progress& progress, bool failing) {
  Steps steps;
  for (const Group& group : plan.groups) {
    if ((group.phase == Phase::sync_fail) != failing) continue;
    // SyncFail hooks are run all at once, as in Argo CD.
    const Position position{group.phase, failing ? 0 : group.wave};
    for (const Task& task : group.tasks) steps[position].push_back(&task);
  }
  if (failing || progress.apply_out_of_sync_only) return steps;
  for (const Task& task : plan.skipped)
    if (task.status == "Synced") steps[{task.phase, task.wave}].push_back(&task);
  return steps;
}

}  // namespace

Step next_step(const Plan& plan, const Progress& progress) {
  Step step;
  const bool failing = progress.position && progress.position->phase == Phase::sync_fail;
  const Steps steps = steps_of(plan, progress, failing);
  for (auto at = steps.begin(); at != steps.end(); ++at) {
    if (progress.position && at->first < *progress.position) continue;
    step.position = at->first;
    step.last = std::next(at) == steps.end();
    std::vector<Seen> group;
    for (const Task* task : at->second) group.push_back(state_of(*task, progress));
    const bool hooks = std::ranges::any_of(group, is_hook_task);
    const bool waits = !step.last || (hooks && steps.size() > 1);
    look_at(step, group, progress, waits);
    if (!settle(step, group, progress, waits)) break;
  }
  if (failing && step.kind == Step::Kind::done) step.kind = Step::Kind::failed;
  return step;
}

bool has_sync_fail_hooks(const Plan& plan) {
  return std::ranges::any_of(plan.groups,
                             [](const Group& group) { return group.phase == Phase::sync_fail; });
}

}  // namespace tiphys::plan
