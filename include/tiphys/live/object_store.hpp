#pragma once

#include "tiphys/api/tracking.hpp"
#include "tiphys/base/encoding.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/health/health.hpp"
#include "tiphys/health/scripts.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/plan/comparison.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::live {

/// What is kept of one object of the cluster (decision 9): its identity, whose it is, and, for a
/// tracked one, its JSON without managedFields and what we own of it. Immutable.
struct Entry {
  k8s::ObjectKey key;
  std::string version;
  std::string uid;
  std::string resource_version;
  std::vector<std::string> owner_uids;
  api::Ownership owner;
  bool deleting = false;
  /// Seen through a PartialObjectMetadata watch: `json` is empty.
  bool metadata_only = false;
  /// Compact JSON without managedFields; empty for what no application tracks.
  std::string json;
  /// The paths that our field manager owns, shared between objects that own the same; null when
  /// none.
  std::shared_ptr<const diff::Owned> owned;
  /// Client-side applies own a part: their Update entries move into ours before the first apply
  /// (decision 8).
  bool needs_migration = false;
  std::optional<health::HealthStatus> health;
  std::vector<std::string> images;
};
using EntryPtr = std::shared_ptr<const Entry>;

/// A resourceVersion as the number that etcd gives; 0 for what isn't one.
std::uint64_t version_number(std::string_view resource_version);

/// The object again. Of one whose JSON isn't kept (nobody tracks it) only its identity: it differs
/// from every target, which carries a tracking mark. Errors: Internal when the JSON doesn't parse.
base::Result<plan::Live> to_live(const Entry& entry);

/// Every object of one cluster that the watches show, as entries, with an index by application and
/// by owner. Written by the watches, read by the workers; any thread may call any method.
class ObjectStore {
 public:
  explicit ObjectStore(api::TrackingSettings tracking,
                       health::Scripts scripts = health::Scripts({}));

  enum class Detail : std::uint8_t { full, metadata };
  /// Takes an object as a watch shows it; an older resourceVersion of the same uid is ignored.
  /// Returns the applications that see a difference.
  std::set<std::string> apply(const k8s::Object& object, Detail detail);
  std::set<std::string> remove(const k8s::ObjectKey& key, std::string_view uid);
  /// The end of a list of a kind (of one namespace; "" is all): what was not in it is gone.
  std::set<std::string> retain(const k8s::GroupKind& kind, std::string_view namespace_,
                               const std::set<k8s::ObjectKey>& listed);
  /// Forgets a kind that is no longer watched.
  void forget_kind(const k8s::GroupKind& kind);

  EntryPtr find(const k8s::ObjectKey& key) const;
  /// Everything of the namespace that names no owner, sorted by key.
  std::vector<EntryPtr> top_level_of(std::string_view namespace_) const;
  /// Tracked by the application and without an owner, sorted by key.
  std::vector<EntryPtr> objects_of(std::string_view app) const;
  /// Kinds of which at least one object is tracked by any application.
  std::set<k8s::GroupKind> tracked_kinds() const;
  /// Images of everything below the application's objects (Pods through their owners), distinct.
  std::vector<std::string> images_of(std::string_view app) const;
  std::size_t size() const;

 private:
  struct State {
    std::map<k8s::ObjectKey, EntryPtr> entries;
    std::unordered_map<std::string, EntryPtr> by_uid;
    std::unordered_map<std::string, std::set<std::string>> children;  ///< owner uid -> uids
    std::map<std::string, std::set<k8s::ObjectKey>, std::less<>> by_app;
    std::map<base::Sha256, std::weak_ptr<const diff::Owned>> interned;
    std::size_t sweep_at = 64;  ///< size of `interned` at which those that nobody holds go
  };

  static void insert(State& state, EntryPtr entry);
  static void erase(State& state, const EntryPtr& entry);
  static void add_apps_of(const State& state, const Entry& entry, std::set<std::string>& apps);
  std::shared_ptr<const Entry> make_entry(State& state, const k8s::Object& object,
                                          Detail detail) const;

  api::TrackingSettings tracking_;
  health::Scripts scripts_;
  base::Guarded<State> state_;
};

}  // namespace tiphys::live
