#pragma once

#include "runtime.hpp"

#include "tiphys/api/own_state.hpp"
#include "tiphys/controller/reconciler.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::controller {

/// What the condition of a failed render begins with, as Argo CD's.
inline constexpr std::string_view kLoadFailed = "Failed to load target state: ";

/// Everything that one reconcile finds out on its way. Lives on the worker's stack.
struct Reconciler::Look {
  k8s::NamespacedName key;
  base::Logger log;
  k8s::Object object;
  api::Application app;
  std::shared_ptr<Runtime> runtime;
  Settings settings;
  /// False in shadow mode: compared, nothing written.
  bool may_write = false;
  api::Refresh refresh = api::Refresh::none;
  bool refresh_answered = false;
  bool await_project = false;  ///< the project `default` was just created

  /// The cluster of the destination; null: `place_problem` says why.
  std::shared_ptr<const Place> place;
  Clusters::Answer::State place_state = Clusters::Answer::State::ready;
  std::optional<base::Error> place_problem;
  api::Destination destination;  ///< with server and name both, once there is a place
  kube::Identity identity;       ///< whom syncs are written as
  std::string identity_problem;  ///< why they can't be written at all

  std::optional<api::Project> project;
  plan::Targets targets;
  Observation seen;
  /// What was tried for the comparison: it isn't tried again before the first write.
  sync::Predictions predictions;
  /// The operation that runs or is started in this look.
  std::optional<api::OperationState> operation;
  std::optional<api::SyncOperation> sync;
  bool clear_operation = false;
  /// What we remember beside the status; written with it where it differs from `own_before`.
  api::OwnState own;
  api::OwnState own_before;
  std::string revision;  ///< that the operation is about

  void condition(std::string type, std::string message) {
    seen.conditions.push_back({std::move(type), std::move(message), std::nullopt});
  }
  bool operation_running() const { return operation && !api::is_completed(operation->phase); }
};

}  // namespace tiphys::controller
