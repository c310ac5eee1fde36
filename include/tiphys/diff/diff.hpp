#pragma once

#include "tiphys/k8s/managed_fields.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Desired state against live state (decision 8). Pure: the answer of a dry-run apply comes in as
/// data.
namespace tiphys::diff {

/// `paths` are JSON pointers into the object, sorted and distinct: leaves that differ or are
/// missing in live, and fields of ours that desired no longer has. Never a value.
struct Diff {
  bool modified = false;
  /// No dry run can overrule it (see Owned::by_update).
  bool certain = false;
  std::vector<std::string> paths{};
};

/// What the API server's dry-run apply said about one (desired, owned) pair; remembered by the
/// caller under `key` = verdict_key().
struct DryRunVerdict {
  std::string key{};
  Diff diff{};
  /// Of the very write that will be made: overrules what is certain too.
  bool final = false;
};

/// A copy of the object in the form that both sides are compared in: status, managedFields and the
/// metadata that only the server writes dropped; Secret stringData folded into data; a map or list
/// that is null or empty dropped; quantities of known fields in canonical form; null aggregated
/// rules of (Cluster)Roles. The argument is not changed.
value::Value normalise(const k8s::Object& object);

/// What is ours in a live object, by its managedFields.
struct Owned {
  k8s::FieldSet fields{};
  /// Those of operation Apply, where by_update; else empty.
  k8s::FieldSet applied{};
  /// Some of it by operation Update (client-side apply): an apply has to move those entries into
  /// ours first (decision 8), and a dry-run apply alone can't tell what that will remove.
  bool by_update = false;
};

/// The fields of argocd-controller (Apply and Update) and of `migrated_manager` (Update): what the
/// next apply owns and may remove. Entries of subresources don't count. Empty when there are none
/// or managedFields can't be read.
Owned owned_fields(const k8s::Object& live,
                   std::string_view migrated_manager = "kubectl-client-side-apply");

/// Step one, without the API server: every leaf of desired must equal live's (lists of maps are
/// matched by their merge key, where the owned set or the field names one; others entry by entry),
/// and every member of `owned` (nullptr: not known, not checked) must still be in desired. No
/// difference here means Synced: an apply would change nothing. A difference may be a spelling that
/// the server normalises: ask it (compare_dry_run).
Diff compare(const k8s::Object& desired, const k8s::Object& live, const Owned* owned);

/// Step two: the object that the dry-run apply gave back against the live one; every difference
/// counts but status, managedFields, resourceVersion, generation and timestamps.
Diff compare_dry_run(const k8s::Object& predicted, const k8s::Object& live);

/// Step one for ServerSideApply=false: what the three-way merge would change. Never certain.
Diff compare_client_side(const k8s::Object& desired, const k8s::Object& live);

/// Step two for Replace=true, where `predicted` is the answer to a dry-run PUT: only what `local`
/// names counts. The rest are other writers' fields, which are no drift, though a PUT removes them.
Diff compare_replaced(const k8s::Object& predicted, const k8s::Object& live, const Diff& local);

/// The final word: step one's answer, unless it found a difference and the verdict is about the
/// same pair.
Diff decide(const Diff& local, std::string_view key, const std::optional<DryRunVerdict>& verdict);

/// The name under which a verdict is remembered: SHA-256 over normalised desired, the owned tree
/// and the values that live has at both.
std::string verdict_key(const k8s::Object& desired, const k8s::Object& live, const Owned* owned);

/// A copy of the object that may be shown: data and stringData of a Secret (and its last-applied
/// annotation) replaced by "++++++++"; other kinds are returned as they are.
k8s::Object masked(const k8s::Object& object);

/// The fields that differ, one line each ("spec.replicas: 1 -> 2"), at most `limit` lines, Secret
/// values masked. For logs, conditions and `tiphys check`.
std::string describe(const Diff& diff, const k8s::Object& desired, const k8s::Object& live,
                     std::size_t limit);

}  // namespace tiphys::diff
