#pragma once

#include "tiphys/api/tracking.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/plan/comparison.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which objects are hooks, when they run and when they go: Argo CD's annotations and Helm's
/// (reference/argocd.md 2.5). An annotation of Argo CD's with a type in it hides Helm's.
namespace tiphys::plan {

enum class Phase : std::uint8_t { pre_sync, sync, post_sync, sync_fail };
std::string_view to_string(Phase phase);  // "PreSync", ...
std::optional<Phase> parse_phase(std::string_view text);

/// Carries a hook annotation that makes it more than an ordinary object: never drift, never pruned.
bool is_hook(const k8s::Object& object);
/// Its only hook type is Skip: neither synced nor compared.
bool is_skipped(const k8s::Object& object);
/// A hook of which no type is run by a sync: PreDelete, helm tests, misspelt ones.
bool is_ignored_hook(const k8s::Object& object);
/// The phases in which a sync runs it, in their order; Sync for what is no hook, none for Skip.
std::vector<Phase> phases_of(const k8s::Object& object);

enum class DeleteHook : std::uint8_t { before_deletion, after_deletion };
/// PreDelete or PostDelete of Argo CD, pre-delete or post-delete of Helm.
bool is_delete_hook(const k8s::Object& object, DeleteHook when);

/// When a hook's object is deleted; both annotations together, before creation when none says.
struct DeletePolicies {
  bool before_creation = false;
  bool succeeded = false;
  bool failed = false;
  bool operator==(const DeletePolicies&) const = default;
};
DeletePolicies delete_policies(const k8s::Object& object);

/// argocd.argoproj.io/sync-wave, else helm.sh/hook-weight (of any object); what is no number counts
/// as absent.
std::int64_t wave_of(const k8s::Object& object);

/// Says on the object of a hook which operation, attempt and phase made it: what a crash leaves is
/// found again by it (decision 11).
inline constexpr std::string_view kHookRunAnnotation = "tiphys.io/hook-run";
std::string hook_run_mark(std::string_view run_id, Phase phase);

/// A hook of one phase, as it is to be created.
struct Hook {
  Phase phase = Phase::sync;
  k8s::Object object;
  std::optional<Live> live{};  ///< what has its key now, whoever made it
  std::string denial{};        ///< why the AppProject forbids it; "" else
};

struct HookContext {
  std::string app{};  ///< the name written into tracking marks
  std::string destination_namespace{};
  api::TrackingSettings tracking{};
  std::string revision{};
  std::int64_t started_at = 0;  ///< of the operation, in seconds
  std::string run_id{};         ///< of this attempt of the operation
};

/// One hook a phase, named and marked: generateName is completed to
/// "<generateName><7 of the revision>-<phase>-<started at>", which is the same at every look.
std::vector<Hook> hooks_of(const std::vector<k8s::Object>& rendered, const HookContext& context);

}  // namespace tiphys::plan
