#pragma once

#include "git/object_db.hpp"
#include "git/packed_refs.hpp"

#include "tiphys/base/guarded.hpp"
#include "tiphys/git/mirror.hpp"

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace tiphys::git {

/// A mirror's folder:
///   current          the name of the generation in use
///   gen-<n>/         a bare repository: packed-refs and objects/pack, which git itself can read
///   quarantine/      what a fetch brings, until it is checked
/// A generation is replaced as a whole when it is damaged or has too many packs.
class DiskMirror final : public Mirror {
 public:
  /// Opens the folder, or begins an empty mirror when there is none or it is damaged.
  static base::Result<std::shared_ptr<DiskMirror>> open(std::string folder, MirrorOptions options,
                                                        std::shared_ptr<PackChecker> checker);

  Refs refs() const override;
  bool has_commit(std::string_view id) const override;
  base::Result<std::string> find_commit(std::string_view prefix) const override;
  base::Result<std::shared_ptr<const base::FileTree>> tree(std::string_view commit) override;
  base::Result<CommitInfo> commit(std::string_view id) const override;
  base::Status keep(std::string_view commit) override;
  base::Status update(const Repository& repository, const Refs& refs, Remote& remote,
                      const Limits& limits) override;
  bool is_at(const Refs& refs) const override;

 private:
  struct State {
    std::shared_ptr<ObjectDb> db;
    MirrorRefs refs;
  };
  struct Fetch {
    const Repository& repository;
    Remote& remote;
    const Limits& limits;
  };

  DiskMirror(std::string folder, MirrorOptions options, std::shared_ptr<PackChecker> checker);
  std::shared_ptr<ObjectDb> db() const { return state_.lock()->db; }
  base::Status open_current();
  base::Result<std::shared_ptr<ObjectDb>> new_generation();
  base::Status replace(std::shared_ptr<ObjectDb> fresh, MirrorRefs refs);
  base::Status fetch_into(ObjectDb& db, const Fetch& fetch, std::span<const std::string> wants,
                          std::span<const std::string> haves);
  base::Status rebuild(const Fetch& fetch, const Refs& refs);
  base::Status repack();
  void remove_leftovers(const std::string& keep) const;

  std::string folder_;
  MirrorOptions options_;
  std::shared_ptr<PackChecker> checker_;
  base::Guarded<State> state_;
  /// The number of the last generation.
  base::Guarded<std::uint64_t> generation_{std::uint64_t{0}};
};

/// Writes everything that `refs` reach into one pack below `to`. Errors: Invalid (damaged).
base::Status repack_objects(const ObjectDb& from, const MirrorRefs& refs, const ObjectDb& to);

}  // namespace tiphys::git
