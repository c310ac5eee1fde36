#include "tiphys/plan/order.hpp"

#include "tiphys/k8s/kind_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace tiphys::plan {

namespace {

using Reference = std::function<std::optional<std::string>(const Task&)>;

void turn_prune_waves_round(std::vector<Draft>& drafts) {
  std::set<std::int64_t> distinct;
  for (const Draft& draft : drafts)
    if (draft.prune) distinct.insert(draft.task.wave);
  std::map<std::int64_t, std::int64_t> turned;
  auto from_the_end = distinct.rbegin();
  for (const std::int64_t wave : distinct) turned[wave] = *from_the_end++;
  for (Draft& draft : drafts)
    if (draft.prune) draft.task.wave = turned[draft.task.wave];
}

void put_prune_last(std::vector<Draft>& drafts) {
  std::int64_t last = 0;
  for (const Draft& draft : drafts)
    if (draft.task.phase == Phase::sync) last = std::max(last, draft.task.wave);
  for (Draft& draft : drafts)
    if (draft.prune && draft.prune_last) draft.task.wave = last + 1;
}

/// Moves what others need in front of the first that needs it.
void move_up(std::vector<Draft>& drafts, const Reference& provides, const Reference& needs) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].prune) continue;
    if (const auto provided = provides(drafts[i].task)) {
      const auto found = first.find(*provided);
      if (found == first.end()) continue;
      const std::size_t to = found->second;
      drafts[i].task.phase = drafts[to].task.phase;
      drafts[i].task.wave = drafts[to].task.wave;
      const auto begin = drafts.begin();
      std::rotate(begin + static_cast<std::ptrdiff_t>(to), begin + static_cast<std::ptrdiff_t>(i),
                  begin + static_cast<std::ptrdiff_t>(i) + 1);
      for (auto& [key, index] : first)
        if (index >= to) ++index;
    } else if (const auto needed = needs(drafts[i].task)) {
      first.try_emplace(*needed, i);
    }
  }
}

std::optional<std::string> namespace_made(const Task& task) {
  if (!task.key.group.empty() || task.key.kind != "Namespace") return std::nullopt;
  return task.key.name;
}

std::optional<std::string> kind_defined(const Task& task) {
  if (task.key.group != "apiextensions.k8s.io" || task.key.kind != "CustomResourceDefinition" ||
      !task.target)
    return std::nullopt;
  const value::Value& group = task.target->spec()["group"];
  const value::Value& kind = task.target->tree().at({"spec", "names", "kind"});
  if (!group.is_string() || !kind.is_string()) return std::nullopt;
  return fmt::format("{}/{}", group.string(), kind.string());
}

}  // namespace

void put_in_order(std::vector<Draft>& drafts, const std::string& destination_namespace) {
  turn_prune_waves_round(drafts);
  put_prune_last(drafts);
  const auto rank = [](const Task& task) {
    return std::tuple(task.phase, task.wave, k8s::kind_rank(task.key.kind));
  };
  std::ranges::sort(drafts, [&](const Draft& a, const Draft& b) {
    const auto left = rank(a.task);
    const auto right = rank(b.task);
    if (left != right) return left < right;
    return std::tie(a.task.key.name, a.task.key) < std::tie(b.task.key.name, b.task.key);
  });
  // An object of the cluster counts as one of the destination's namespace, as in Argo CD.
  move_up(drafts, namespace_made, [&](const Task& task) -> std::optional<std::string> {
    const std::string& named =
        task.key.namespace_.empty() ? destination_namespace : task.key.namespace_;
    if (named.empty()) return std::nullopt;
    return named;
  });
  move_up(drafts, kind_defined,
          [](const Task& task) { return std::optional(task.key.group + "/" + task.key.kind); });
}

}  // namespace tiphys::plan
