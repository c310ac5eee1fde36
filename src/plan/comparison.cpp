#include "tiphys/plan/comparison.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/diff/client_side.hpp"
#include "tiphys/plan/hooks.hpp"
#include "tiphys/plan/removal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace tiphys::plan {

using api::SyncCode;

namespace {

bool has_option(const k8s::Object& object, std::string_view annotation, std::string_view entry) {
  return api::parse_sync_options_annotation(object.annotation(annotation).value_or("")).has(entry);
}

api::Scope scope_of(const Resource& r, const CompareInputs& inputs) {
  if (inputs.scope_of)
    if (const auto scope = inputs.scope_of(r.key.group_kind())) return *scope;
  return r.key.namespace_.empty() ? api::Scope::cluster : api::Scope::namespaced;
}

/// Extra objects that are not the application's business.
bool is_foreign_extra(const Resource& r, const CompareInputs& inputs) {
  if (r.owner.app != inputs.app || r.owner.foreign_installation) return true;
  if (!r.live->object.owners().empty()) return true;
  if (inputs.create_namespace && r.key.group.empty() && r.key.kind == "Namespace" &&
      r.key.name == inputs.destination.namespace_)
    return true;
  return inputs.project != nullptr &&
         !api::permitted_object(*inputs.project, r.key, scope_of(r, inputs), inputs.destination);
}

void ask_project(Resource& r, const CompareInputs& inputs) {
  if (inputs.project == nullptr) return;
  const api::Project& project = *inputs.project;
  const api::Scope scope = scope_of(r, inputs);
  r.permitted = api::permitted_kind(project, r.key.group_kind(), r.key.name, scope);
  if (!r.permitted)
    r.denial = fmt::format("resource {}:{} is not permitted in project {}", r.key.group, r.key.kind,
                           project.key.name);
  else if (!api::permitted_object(project, r.key, scope, inputs.destination))
    r.denial = fmt::format("namespace {} is not permitted in project '{}'", r.key.namespace_,
                           project.key.name);
}

/// Pairs by key; the std::map makes the order independent of the inputs'.
std::vector<Resource> pair(const std::vector<k8s::Object>& targets, const std::vector<Live>& live,
                           const CompareInputs& inputs) {
  std::map<k8s::ObjectKey, Resource> by_key;
  for (const k8s::Object& target : targets) {
    Resource& r = by_key[target.key()];
    r.target = target;
    r.version = target.gvk().version;
  }
  for (const Live& object : live) {
    Resource& r = by_key[object.object.key()];
    r.live = object;
    r.version = object.object.gvk().version;
    r.owner = api::owner_of(object.object, inputs.tracking);
  }
  std::vector<Resource> out;
  for (auto& [key, r] : by_key) {
    r.key = key;
    // With a target the key is the proof; without, the mark has to name this very object.
    r.self_referenced = r.target || r.owner.self_referenced;
    r.skip = is_skipped(r.target ? *r.target : r.live->object);
    r.hook = !r.target && is_hook(r.live->object);
    if (!r.target && is_foreign_extra(r, inputs)) continue;
    ask_project(r, inputs);
    out.push_back(std::move(r));
  }
  return out;
}

/// By the way in which the target will be written.
diff::Diff local_diff(const diff::Pair& pair, const Resource& r, const diff::Owned* owned) {
  if (r.mode.replace) {
    diff::Diff local = diff::compare(pair.desired, pair.live, owned);
    local.certain = false;  // what a PUT leaves of it, a dry run tells
    return local;
  }
  if (r.mode.client_side) return diff::compare_client_side(pair.desired, pair.live);
  if (!r.mode.migrate && owned != nullptr && owned->by_update) {
    const diff::Owned applied{.fields = owned->applied};
    return diff::compare(pair.desired, pair.live, &applied);
  }
  return diff::compare(pair.desired, pair.live, owned);
}

/// What an apply is known to change, or, where the object was applied by a client, what the next
/// write may leave so: the server was not able to apply some of these itself.
bool may_be_overruled(const diff::Diff& local, const k8s::Object& live) {
  return !local.certain || live.annotation(diff::kLastAppliedAnnotation).has_value();
}

/// Sets mode and diff; true when a dry run could settle it.
bool diff_pair(Resource& r, const CompareInputs& inputs) {
  const k8s::Object& live = r.live->object;
  if (!r.live->owned && !live.metadata()["managedFields"].items().empty())
    r.live->owned = std::make_shared<const diff::Owned>(diff::owned_fields(live));
  const diff::Owned* owned = r.live->owned.get();
  r.ignored = diff::ignored_of(inputs.ignores, *r.target);
  r.mode = write_mode_of(*r.target, inputs.options);
  diff::Pair pair{.desired = *r.target, .live = live};
  if (!r.ignored.empty()) {
    auto kept = diff::without_ignored(r.ignored, *r.target, live, inputs.jq);
    if (!kept.ok()) {
      r.problem = kept.error().text();
      if (r.denial.empty()) r.denial = r.problem;
      return false;
    }
    pair = *std::move(kept);
  }
  const diff::Diff local = local_diff(pair, r, owned);
  r.diff = local;
  if (!local.modified || !may_be_overruled(local, live)) return false;
  r.verdict_key =
      fmt::format("{} {}{}{} {}", diff::verdict_key(pair.desired, pair.live, owned), r.mode.replace,
                  r.mode.client_side, r.mode.validate, fmt::join(local.paths, ","));
  if (!inputs.verdict) return true;
  const auto verdict = inputs.verdict(r.key, r.verdict_key);
  r.diff = diff::decide(local, r.verdict_key, verdict);
  return !verdict || verdict->key != r.verdict_key;
}

/// "" (as unknown with shown = false) for what never has a sync status: hooks and copies.
bool has_status(const Resource& r) { return !r.hook && !r.skip && r.self_referenced; }

SyncCode difference(const Resource& r) {
  return r.target && r.live && !r.diff.modified ? SyncCode::synced : SyncCode::out_of_sync;
}

SyncCode judge(const Resource& r, const CompareInputs& inputs) {
  if (!r.permitted || !r.problem.empty()) return SyncCode::unknown;
  if (!r.live && inputs.unlistable.contains(r.key.group_kind())) return SyncCode::unknown;
  return difference(r);
}

SyncCode overall(const std::vector<Resource>& resources, const CompareInputs& inputs) {
  SyncCode code = inputs.namespace_metadata_changed ? SyncCode::out_of_sync : SyncCode::synced;
  for (const Resource& r : resources) {
    if (!has_status(r)) continue;
    // What the project forbids is Unknown by itself, but as in Argo CD the application is OutOfSync
    // by it: a sync is tried, and tells why it is refused.
    const SyncCode counts = r.permitted ? r.code : difference(r);
    if (counts == SyncCode::unknown && code == SyncCode::synced) code = SyncCode::unknown;
    if (counts != SyncCode::out_of_sync) continue;
    if (r.requires_pruning() &&
        has_option(r.live->object, api::kCompareOptionsAnnotation, "IgnoreExtraneous"))
      continue;
    code = SyncCode::out_of_sync;
  }
  return code;
}

health::Contribution contribution(const Resource& r, const CompareInputs& inputs) {
  using Counts = health::Contribution::Counts;
  health::Contribution out{.key = r.key, .live_exists = r.live.has_value(), .health = r.health};
  const bool ignored =
      r.live && r.live->object.annotation(api::kIgnoreHealthcheckAnnotation).value_or("") == "true";
  const bool is_itself = r.key == k8s::ObjectKey{.group = std::string(api::kGroup),
                                                 .kind = std::string(api::kApplicationKind),
                                                 .namespace_ = inputs.app_key.namespace_,
                                                 .name = inputs.app_key.name};
  if (r.hook || r.skip) {
    out.counts = Counts::none;
  } else if (ignored || is_itself) {
    out.counts = Counts::shown;
  }
  return out;
}

/// As Argo CD: of what is rendered; what is extra shows none.
std::int64_t shown_wave(const Resource& r) {
  if (r.target) return wave_of(*r.target);
  return r.hook ? wave_of(r.live->object) : 0;
}

api::ResourceStatus status_of(const Resource& r, const CompareInputs& inputs) {
  const auto asks = [&](const k8s::Object& object) {
    return needs_confirmation(object, inputs.options);
  };
  return {.group = r.key.group,
          .version = r.version,
          .kind = r.key.kind,
          .namespace_ = r.key.namespace_,
          .name = r.key.name,
          .status = has_status(r) ? std::string(api::to_string(r.code)) : std::string(),
          .health = r.health ? std::string(health::to_string(r.health->code)) : std::string(),
          .health_message = r.health ? r.health->message : std::string(),
          .hook = r.hook,
          .requires_pruning = !r.target && r.live && r.self_referenced,
          .requires_deletion_confirmation =
              (r.target && asks(*r.target)) || (r.live && asks(r.live->object)),
          .sync_wave = shown_wave(r)};
}

void add_shared(const Resource& r, const CompareInputs& inputs, std::vector<std::string>& out) {
  if (!r.target || !r.live) return;
  const std::string& other = r.owner.app;
  if (other.empty() || (other == inputs.app && !r.owner.foreign_installation)) return;
  out.push_back(fmt::format("{}/{} is part of applications {}/{} and {}", r.key.kind, r.key.name,
                            inputs.app_key.namespace_, inputs.app_key.name, other));
}

void merge_sorted(std::vector<std::string>& into, const std::vector<std::string>& more) {
  into.insert(into.end(), more.begin(), more.end());
  std::ranges::sort(into);
  into.erase(std::ranges::unique(into).begin(), into.end());
}

std::optional<health::HealthStatus> health_of(const Resource& r) {
  if (!r.live) return health::HealthStatus{.code = health::Code::missing, .message = ""};
  return r.live->health ? r.live->health : health::health_of(r.live->object);
}

}  // namespace

Comparison compare(const std::vector<k8s::Object>& targets, const std::vector<Live>& live,
                   const CompareInputs& inputs) {
  Comparison out;
  out.resources = pair(targets, live, inputs);
  std::vector<health::Contribution> contributions;
  for (std::size_t i = 0; i < out.resources.size(); ++i) {
    Resource& r = out.resources[i];
    if (r.target && r.live && diff_pair(r, inputs)) out.undecided.push_back(i);
    r.code = judge(r, inputs);
    r.health = health_of(r);
    contributions.push_back(contribution(r, inputs));
    add_shared(r, inputs, out.shared);
    if (!r.live) continue;
    merge_sorted(out.images, health::images_of(r.live->object));
    merge_sorted(out.external_urls, health::external_urls_of(r.live->object));
  }
  out.code = overall(out.resources, inputs);
  out.health = health::aggregate(contributions);
  for (const Resource& r : out.resources) out.statuses.push_back(status_of(r, inputs));
  std::ranges::sort(out.statuses, {}, &api::ResourceStatus::sort_key);
  return out;
}

}  // namespace tiphys::plan
