#include "ignore_rules.hpp"
#include "look.hpp"
#include "orphans.hpp"

#include "tiphys/api/names.hpp"

#include <algorithm>

namespace tiphys::controller {

namespace {

/// Sorted by key.
std::vector<plan::Live> live_of(const live::ObjectStore& store, const std::string& app,
                                const std::vector<k8s::Object>& targets, const base::Logger& log) {
  std::map<k8s::ObjectKey, live::EntryPtr> entries;
  for (const auto& entry : store.objects_of(app)) entries.emplace(entry->key, entry);
  for (const auto& target : targets) {
    const auto key = target.key();
    if (entries.contains(key)) continue;
    if (auto entry = store.find(key)) entries.emplace(key, std::move(entry));
  }
  std::vector<plan::Live> out;
  for (const auto& [key, entry] : entries) {
    auto live = live::to_live(*entry);
    if (live.ok()) {
      out.push_back(*std::move(live));
    } else {
      log.error("a live object can't be read",
                {{"object", key.text()}, {"error", live.error().text()}});
    }
  }
  return out;
}

/// What a tried write says about the difference.
std::optional<diff::DryRunVerdict> verdict_of(const plan::Resource& resource,
                                              const sync::Prediction& prediction,
                                              const diff::JqDelete& jq) {
  const auto& live = prediction.before ? *prediction.before : resource.live->object;
  // A newer object than the watches have shown: what else differs isn't ours, they will show it.
  if (live.resource_version() != prediction.object->resource_version()) return std::nullopt;
  const auto answer = diff::without_ignored(resource.ignored, *prediction.object, live, jq);
  if (!answer.ok()) return std::nullopt;
  diff::DryRunVerdict verdict{.key = resource.verdict_key};
  verdict.diff = resource.mode.replace
                     ? diff::compare_replaced(answer->desired, answer->live, resource.diff)
                     : diff::compare_dry_run(answer->desired, answer->live);
  verdict.final = !prediction.server_side;
  return verdict;
}

/// As Argo CD: against what the last sync says that it applied.
bool namespace_metadata_changed(const api::Application& app) {
  const auto& wanted = app.spec.sync_policy.managed_namespace_metadata;
  const auto& last = app.status.operation_state;
  return wanted && last && last->sync_result &&
         last->sync_result->managed_namespace_metadata != wanted;
}

std::ptrdiff_t comparison_errors(const Observation& seen) {
  return std::ranges::count(seen.conditions, "ComparisonError", &api::Condition::type);
}

}  // namespace

Reconciler::Outcome Reconciler::render_and_compare(Look& look,
                                                   const source::ResolvedSource& resolved) {
  look.seen.revision = resolved.revision.commit;
  const auto known_errors = comparison_errors(look.seen);
  const auto rendered = render(look, resolved);
  if (!rendered.ok()) {
    look.condition("ComparisonError", std::string(kLoadFailed) + rendered.error().text());
    return Outcome::failed;
  }
  look.seen.source_type = to_string(rendered->type);
  plan::TargetContext targets;
  targets.app = look.key.name;
  targets.destination_namespace = look.app.spec.destination.namespace_;
  targets.tracking = look.settings.tracking;
  targets.scope_of = [&](const k8s::GroupKind& kind) { return look.place->cluster.scope_of(kind); };
  targets.excluded = [&](const k8s::GroupKind& kind) {
    return !look.settings.watches(kind, look.destination.server);
  };
  look.targets = plan::prepare_targets(rendered->objects, targets);
  for (const auto& message : look.targets.repeated)
    look.condition("RepeatedResourceWarning", message);
  for (const auto& message : look.targets.excluded)
    look.condition("ExcludedResourceWarning", message);
  for (const auto& message : look.targets.invalid) look.condition("ComparisonError", message);
  for (const auto& message : look.targets.refused) look.condition("ComparisonError", message);
  for (const auto& message : look.place->cluster.outside_problems(look.targets.objects)) {
    look.condition("ComparisonError", message);
  }
  // That the repository can't be polled stops nothing; what is wrong with its objects does.
  if (comparison_errors(look.seen) > known_errors) return Outcome::failed;
  return compare(look);
}

Reconciler::Outcome Reconciler::compare(Look& look) {
  std::set<k8s::GroupKind> kinds;
  for (const auto& target : look.targets.objects) kinds.insert(target.group_kind());
  for (const auto& hook : look.targets.hooks) kinds.insert(hook.group_kind());
  for (const auto& entry : look.place->cluster.store()->objects_of(look.key.name)) {
    kinds.insert(entry->key.group_kind());
  }
  // Full objects of every kind that is compared; until they are listed there is nothing to compare
  // with.
  if (!look.place->cluster.use(kinds)) return Outcome::wait;
  plan::CompareInputs inputs;
  inputs.app = look.key.name;
  inputs.app_key = look.key;
  inputs.tracking = look.settings.tracking;
  inputs.project = look.project ? &*look.project : nullptr;
  inputs.destination = look.destination;
  inputs.scope_of = [&](const k8s::GroupKind& kind) { return look.place->cluster.scope_of(kind); };
  inputs.options = look.app.spec.sync_policy.options;
  inputs.create_namespace = look.app.spec.sync_policy.options.create_namespace;
  inputs.namespace_metadata_changed = namespace_metadata_changed(look.app);
  inputs.unlistable = look.place->cluster.unlistable();
  auto ignores = all_ignore_rules(look.app.spec.ignore_differences, look.settings);
  if (!ignores.ok()) {
    look.condition("ComparisonError", ignores.error().text());
    return Outcome::failed;
  }
  inputs.ignores = *std::move(ignores);
  inputs.jq = jq_of(look);
  inputs.verdict = [&](const k8s::ObjectKey& key,
                       std::string_view about) -> std::optional<diff::DryRunVerdict> {
    const auto known = look.runtime->verdicts.find(key);
    if (known == look.runtime->verdicts.end() || known->second.key != about) return std::nullopt;
    return known->second;
  };
  auto live = live_of(*look.place->cluster.store(), look.key.name, look.targets.objects, look.log);
  if (const auto read = read_field_managers(look, inputs.ignores, live); !read.ok()) {
    look.condition("ComparisonError", "reading managedFields: " + read.error().text());
    return Outcome::failed;
  }
  look.seen.comparison = plan::compare(look.targets.objects, live, inputs);
  if (look.may_write && look.identity_problem.empty() && !look.seen.comparison->undecided.empty()) {
    ask_dry_runs(look);
    look.seen.comparison = plan::compare(look.targets.objects, live, inputs);
  }
  auto& comparison = *look.seen.comparison;
  std::ranges::copy(look.place->cluster.store()->images_of(look.key.name),
                    std::back_inserter(comparison.images));
  std::ranges::sort(comparison.images);
  const auto twice = std::ranges::unique(comparison.images);
  comparison.images.erase(twice.begin(), twice.end());
  for (const auto& message : comparison.shared) look.condition("SharedResourceWarning", message);
  warn_of_orphans(look);
  for (const auto& [kind, why] : look.place->cluster.blocked_kinds(kinds)) {
    look.condition("ComparisonError", "objects of kind " + kind.text() +
                                          " can't be listed, nothing of it is pruned: " + why);
  }
  return Outcome::compared;
}

void Reconciler::warn_of_orphans(Look& look) {
  if (!look.project || !look.project->orphaned_resources || !look.project->orphaned_resources->warn)
    return;
  OrphanInputs inputs;
  inputs.namespace_ = look.app.spec.destination.namespace_;
  for (const auto& resource : look.seen.comparison->resources) inputs.managed.insert(resource.key);
  for (const auto& hook : look.targets.hooks) inputs.managed.insert(hook.key());
  inputs.app_exists = [this](std::string_view app) {
    return parts_.registry.application({parts_.control_namespace, std::string(app)}).has_value();
  };
  auto warning = orphan_warning(find_orphans(*look.place->cluster.store(), *look.project, inputs));
  if (!warning.empty()) look.condition("OrphanedResourceWarning", std::move(warning));
}

diff::JqDelete Reconciler::jq_of(const Look& look) const {
  return [this, scope = look.app.spec.project](const std::string& expression,
                                               const value::Value& tree) {
    return parts_.jq(scope, expression, tree);
  };
}

void Reconciler::ask_dry_runs(Look& look) {
  std::vector<plan::Task> asked;
  std::map<k8s::ObjectKey, const plan::Resource*> about;
  for (const std::size_t index : look.seen.comparison->undecided) {
    const auto& resource = look.seen.comparison->resources.at(index);
    const auto entry = look.place->cluster.store()->find(resource.key);
    // What nobody tracks is written in any case: no need to ask.
    if (!entry || entry->json.empty()) continue;
    about.emplace(resource.key, &resource);
    asked.push_back(
        {.action = plan::Action::apply,
         .key = resource.key,
         .version = resource.target->gvk().version,
         .target = resource.target,
         .live = plan::LiveRef{.uid = entry->uid, .resource_version = entry->resource_version}});
  }
  sync::WriteOptions how;
  how.options = look.app.spec.sync_policy.options;
  how.identity = look.identity;
  auto predicted = look.place->executor.predict(asked, how);
  for (const auto& [key, prediction] : predicted) {
    if (prediction.outcome.error) {
      look.log.info("a dry-run apply failed",
                    {{"object", key.text()}, {"error", prediction.outcome.error->text()}});
      continue;  // it stays different; the sync will say why it fails
    }
    auto verdict = verdict_of(*about.at(key), prediction, jq_of(look));
    if (verdict) look.runtime->verdicts.insert_or_assign(key, *std::move(verdict));
  }
  look.predictions.merge(predicted);
}

}  // namespace tiphys::controller
