#include "look.hpp"

#include <fmt/format.h>

namespace tiphys::controller {

namespace {
constexpr std::chrono::milliseconds kBusy{250};
}  // namespace

void Reconciler::find_place(Look& look) {
  const auto& to = look.app.spec.destination;
  const auto declared = parts_.registry.clusters()->find(
      to, look.settings.in_cluster_enabled ? live::InCluster::enabled : live::InCluster::disabled);
  if (!declared.ok()) {
    look.place_problem = declared.error();
    return parts_.clusters.release(look.key);
  }
  look.destination = {
      .server = declared->server, .name = declared->name, .namespace_ = to.namespace_};
  auto answer = parts_.clusters.use(look.key, *declared, look.settings);
  if (!answer.ok()) {
    look.place_problem = std::move(answer).error();
    return;
  }
  look.place = std::move(answer->place);
  look.place_state = answer->state;
  look.place_problem = std::move(answer->problem);
  auto& runtime = *look.runtime;
  if (runtime.server == declared->server) return;
  // What was written and asked before was another cluster's.
  runtime.server = declared->server;
  runtime.unseen.clear();
  runtime.verdicts.clear();
}

void Reconciler::find_identity(Look& look) {
  if (!look.settings.impersonation || !look.project) return;
  auto account = api::service_account_of(*look.project, look.app, look.destination);
  if (!account.ok()) {
    look.identity_problem =
        "failed to derive service account to impersonate: " + account.error().text();
  } else if (*account) {
    look.identity.user = **account;
  } else if (look.settings.impersonation_enforced) {
    look.identity_problem =
        fmt::format("no matching service account found for destination server {} and namespace {}",
                    look.destination.server, look.destination.namespace_);
  }
}

Reconciler::Stop Reconciler::await_place(Look& look) {
  using Is = Clusters::Answer::State;
  switch (look.place_state) {
    case Is::ready:
      return std::nullopt;
    case Is::connecting:
      return Action::await_change();
    case Is::busy:
      return Action::requeue_after(kBusy);
    case Is::down:
      break;
  }
  // Neither ends an operation nor forgets anything: both go on once it answers.
  look.condition("ComparisonError",
                 fmt::format("Failed to load live state: failed to get cluster info for \"{}\": {}",
                             look.destination.server, look.place_problem->text()));
  return finish(look);
}

Reconciler::Stop Reconciler::await_deletion(Look& look) {
  using Is = Clusters::Answer::State;
  const auto problem = [&](std::string message) {
    look.condition("DeletionError", std::move(message));
    return finish(look);
  };
  if (!look.place) {
    if (look.place_problem->code() != base::Code::NotFound)
      return problem(look.place_problem->text());
    // As Argo CD: where the cluster isn't known any more there is nothing to delete.
    look.log.warn("the cluster is not known, its objects are left",
                  {{"error", look.place_problem->text()}});
    return drop_finalizer(look);
  }
  if (look.place_state == Is::down) return problem(look.place_problem->text());
  if (look.place_state == Is::connecting) return Action::await_change();
  if (look.place_state == Is::busy) return Action::requeue_after(kBusy);
  // As Argo CD: where nothing names an account it is deleted as ourselves.
  look.settings.impersonation_enforced = false;
  find_identity(look);
  if (!look.identity_problem.empty()) return problem(look.identity_problem);
  return std::nullopt;
}

}  // namespace tiphys::controller
