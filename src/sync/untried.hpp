#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/plan/plan.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>

/// What a dry run before the first write can't tell. Pure.
namespace tiphys::sync {

/// A task that makes or changes its object.
bool is_write(const plan::Task& task);

/// The new namespaces and the definitions that a plan writes.
class Providers {
 public:
  explicit Providers(const plan::Plan& plan);

  /// Why the object can't be tried before something of the plan is written: its Namespace or its
  /// CustomResourceDefinition comes with it.
  std::optional<std::string> needed_by(const plan::Task& task) const;

 private:
  std::set<std::string, std::less<>> namespaces_;
  std::set<k8s::GroupKind> kinds_;
};

/// Why a refusal of a dry run says nothing about the write in its turn: the server or a webhook
/// could not answer; or it was refused for the sake of something else that this plan writes or
/// prunes (its ServiceAccount, quota, policy or webhook, a port that is in use). nullopt: it
/// stands.
std::optional<std::string> explain_untried(const base::Error& error, const plan::Task& task,
                                           const plan::Plan& plan);

}  // namespace tiphys::sync
