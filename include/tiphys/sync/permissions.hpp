#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/kube/client.hpp"

#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tiphys::sync {

/// A right that a write needs. resource "*" with group and verb "*": everything.
struct Permission {
  std::string verb;
  std::string group;
  std::string resource;    ///< "deployments"
  std::string kind;        ///< for messages
  std::string namespace_;  ///< "" for what is in none
  auto operator<=>(const Permission&) const = default;
};

/// "create deployments.apps (Deployment) in namespace shop".
std::string text_of(const Permission& permission);

/// What one cluster's API server permits, asked by SelfSubjectAccessReviews as the one who writes.
/// First whether everything is permitted, in the cluster or in the namespace; only then one by one,
/// in parallel. What is permitted is remembered for a minute; a denial isn't, so that a right that
/// was given counts at once. Any thread; blocks.
class Permissions {
 public:
  Permissions(kube::Client& client, const base::Clock& clock, int parallelism)
      : client_(client), clock_(clock), parallelism_(parallelism) {}

  /// Names of the objects that a permission is needed for: a Role may name them.
  using Needs = std::map<Permission, std::set<std::string>>;

  /// Those of `needs` that are denied. What could not be asked counts as permitted: the write will
  /// tell.
  std::set<Permission> denied(const Needs& needs, const kube::Identity& identity,
                              base::Deadline deadline);

 private:
  /// nullopt: it could not be asked.
  std::optional<bool> may(const Permission& permission, const std::string& name,
                          const kube::Identity& identity, base::Deadline deadline) const;
  bool may_all(const std::string& namespace_, const kube::Identity& identity,
               base::Deadline deadline);

  using Key = std::pair<std::string, Permission>;  ///< user, what
  struct Answer {
    bool allowed = false;
    base::SteadyTime until{};
  };
  std::optional<bool> remembered(const Key& key) const;
  void remember(const Key& key, bool allowed);

  kube::Client& client_;
  const base::Clock& clock_;
  int parallelism_;
  base::Guarded<std::map<Key, Answer>> answers_;
};

}  // namespace tiphys::sync
