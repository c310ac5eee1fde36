#include "look.hpp"
#include "lookup_rules.hpp"

#include <algorithm>

namespace tiphys::controller {

namespace {

/// For all that one render looks up: less than a render may take, so that the error names it.
constexpr std::chrono::seconds kLookups{8};
/// After a cluster that didn't answer.
constexpr std::chrono::seconds kAskAgain{10};

/// Nothing tells us when what was looked up changes or a right is given: it is asked again as often
/// as everything else is looked at.
void look_again(Observation& seen, std::chrono::milliseconds resync, const base::Error* error) {
  const bool soon = error != nullptr && base::is_retryable(error->code());
  const auto delay = soon ? std::chrono::milliseconds(kAskAgain) : resync;
  if (delay.count() > 0) seen.look_again = std::min(seen.look_again.value_or(delay), delay);
}

}  // namespace

base::Result<source::RenderedSource> Reconciler::render(Look& look,
                                                        const source::ResolvedSource& resolved) {
  source::RenderContext context;
  context.app_name = look.key.name;
  context.app_namespace = look.key.namespace_;
  context.control_namespace = parts_.control_namespace;
  context.project = look.app.spec.project;
  context.destination_namespace = look.app.spec.destination.namespace_;
  context.kube_version = look.place->discovery.version().git_version;
  context.api_versions = look.place->discovery.api_versions();
  if (!look.app.spec.sync_policy.options.helm_lookup || !look.project)
    return parts_.sources.render(resolved, context);
  source::ClusterLookup lookup(look.place->client, look.place->discovery, look.identity,
                               base::Deadline::after(parts_.clock, kLookups),
                               lookup_rules({*look.project, look.destination,
                                             parts_.control_namespace, look.identity_problem}));
  context.lookup = &lookup;
  auto rendered = parts_.sources.render(resolved, context);
  if (!rendered.ok())
    look_again(look.seen, look.settings.resync, &rendered.error());
  else if (rendered->asked_cluster)
    look_again(look.seen, look.settings.resync, nullptr);
  return rendered;
}

}  // namespace tiphys::controller
