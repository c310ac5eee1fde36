#include "untried.hpp"
#include "writer.hpp"

#include <algorithm>
#include <array>

namespace tiphys::sync {

namespace {

using Verbs = std::vector<std::string_view>;

/// What one write asks of the API server, at the least.
Verbs verbs_of(const plan::Task& task, const WriteOptions& how) {
  if (task.action == plan::Action::prune) return {"delete"};
  const Mode mode = mode_of(task, how);
  const bool on_server = !mode.replace && !mode.client_side;
  Verbs verbs;
  if (!task.live || task.hook) {
    verbs = {"create"};
    if (on_server) verbs.emplace_back("patch");
    if (task.live) verbs.emplace_back("delete");  // the hook of an earlier run
  } else if (on_server) {
    verbs = {"patch"};
  } else if (mode.replace) {
    verbs = mode.force ? Verbs{"create", "delete", "get"} : Verbs{"get", "update"};
  } else {
    verbs = {"get", "patch"};
  }
  return verbs;
}

bool touches(const plan::Task& task) {
  return is_write(task) ||
         (task.action == plan::Action::prune && !(task.live && task.live->deleting));
}

}  // namespace

std::vector<Permission> Executor::needs_of(const plan::Task& task, const Providers& providers,
                                           const WriteOptions& how) const {
  // Who may do what in a namespace that comes with this sync isn't settled yet.
  if (!touches(task) || providers.needed_by(task)) return {};
  const auto resource = resource_of(task.key, task.version);
  if (!resource.ok()) return {};
  std::vector<Permission> needs;
  for (const auto verb : verbs_of(task, how))
    needs.push_back({.verb = std::string(verb),
                     .group = resource->group,
                     .resource = resource->plural,
                     .kind = resource->kind,
                     .namespace_ = resource->namespaced ? task.key.namespace_ : ""});
  return needs;
}

Report Executor::missing_permissions(const plan::Plan& plan, const WriteOptions& how) {
  const Providers providers(plan);
  std::vector<std::pair<const plan::Task*, std::vector<Permission>>> needs_of_tasks;
  Permissions::Needs needs;
  for (const auto& group : plan.groups) {
    for (const auto& task : group.tasks) {
      auto of_task = needs_of(task, providers, how);
      for (const auto& need : of_task) needs[need].insert(task.key.name);
      if (!of_task.empty()) needs_of_tasks.emplace_back(&task, std::move(of_task));
    }
  }
  const auto denied = permissions_.denied(needs, how.identity, deadline());
  Report report;
  for (const auto& [task, of_task] : needs_of_tasks) {
    std::string text;
    for (const auto& need : of_task)
      if (denied.contains(need)) text += (text.empty() ? "" : ", ") + text_of(need);
    if (!text.empty())
      report.outcomes.push_back(
          failed_outcome(*task, base::Error(base::Code::Forbidden, "missing permission: " + text)));
  }
  return report;
}

}  // namespace tiphys::sync
