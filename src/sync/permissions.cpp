#include "tiphys/sync/permissions.hpp"

#include "parallel.hpp"

#include "tiphys/kube/resource.hpp"

#include <algorithm>
#include <vector>

namespace tiphys::sync {

namespace {

using value::Value;

constexpr std::chrono::seconds kRemember{60};
/// Users and permissions remembered at once; more begins afresh.
constexpr std::size_t kMost = 10'000;

Permission everything(const std::string& namespace_) {
  return {.verb = "*", .group = "*", .resource = "*", .kind = "*", .namespace_ = namespace_};
}

k8s::Object review_of(const Permission& permission, const std::string& name) {
  return k8s::Object::trusted(Value::object(
      {{"apiVersion", "authorization.k8s.io/v1"},
       {"kind", "SelfSubjectAccessReview"},
       {"metadata", Value::object({})},
       {"spec",
        Value::object({{"resourceAttributes", Value::object({{"namespace", permission.namespace_},
                                                             {"verb", permission.verb},
                                                             {"group", permission.group},
                                                             {"resource", permission.resource},
                                                             {"name", name}})}})}}));
}

}  // namespace

std::string text_of(const Permission& permission) {
  std::string text = permission.verb + " " + permission.resource;
  if (!permission.group.empty()) text += "." + permission.group;
  text += " (" + permission.kind + ")";
  return text + (permission.namespace_.empty() ? " in the cluster"
                                               : " in namespace " + permission.namespace_);
}

std::optional<bool> Permissions::may(const Permission& permission, const std::string& name,
                                     const kube::Identity& identity,
                                     base::Deadline deadline) const {
  static const kube::ResourceInfo kReviews{
      .group = "authorization.k8s.io",
      .version = "v1",
      .plural = "selfsubjectaccessreviews",
      .kind = "SelfSubjectAccessReview",
      .namespaced = false,
      .verbs = {},
  };
  kube::CallOptions options(deadline);
  options.identity = identity;
  options.dry_run = true;  // a question, not a write
  const auto answer = client_.create(kReviews, review_of(permission, name), options);
  if (!answer.ok()) return std::nullopt;
  return answer->status()["allowed"].boolean_or(false);
}

std::optional<bool> Permissions::remembered(const Key& key) const {
  const auto answers = answers_.lock();
  const auto found = answers->find(key);
  if (found == answers->end() || found->second.until <= clock_.now()) return std::nullopt;
  return found->second.allowed;
}

void Permissions::remember(const Key& key, bool allowed) {
  auto answers = answers_.lock();
  if (answers->size() >= kMost) answers->clear();
  answers->insert_or_assign(key, Answer{.allowed = allowed, .until = clock_.now() + kRemember});
}

bool Permissions::may_all(const std::string& namespace_, const kube::Identity& identity,
                          base::Deadline deadline) {
  const Key key(identity.user, everything(namespace_));
  if (const auto known = remembered(key)) return *known;
  const auto allowed = may(key.second, "", identity, deadline);
  if (allowed) remember(key, *allowed);
  return allowed.value_or(true);
}

std::set<Permission> Permissions::denied(const Needs& needs, const kube::Identity& identity,
                                         base::Deadline deadline) {
  std::vector<Needs::const_pointer> asked;
  if (needs.empty() || may_all("", identity, deadline)) return {};
  for (const auto& need : needs) {
    const auto& namespace_ = need.first.namespace_;
    if (!namespace_.empty() && may_all(namespace_, identity, deadline)) continue;
    if (!remembered({identity.user, need.first})) asked.push_back(&need);
  }
  std::vector<char> refused(asked.size());  // no vector<bool>: written in parallel
  for_each_parallel(asked.size(), parallelism_, [&](std::size_t i) {
    const auto& [permission, names] = *asked[i];
    const auto all = may(permission, "", identity, deadline);
    if (all && *all) remember({identity.user, permission}, true);
    const bool allowed =
        all.value_or(true) || std::ranges::all_of(names, [&](const std::string& name) {
          return may(permission, name, identity, deadline).value_or(true);
        });
    refused[i] = allowed ? '\0' : '\1';
  });
  std::set<Permission> out;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (refused[i] != '\0') out.insert(asked[i]->first);
  }
  return out;
}

}  // namespace tiphys::sync
