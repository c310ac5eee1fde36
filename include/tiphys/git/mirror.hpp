#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/pack_checker.hpp"
#include "tiphys/git/refs.hpp"
#include "tiphys/git/remote.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

struct CommitInfo {
  std::string id;
  std::string tree;
  std::vector<std::string> parents;
  std::string author;  ///< "Name <mail>"
  std::string message;
  base::WallTime date;  ///< author's date
};

struct MirrorOptions {
  std::string root;  ///< folder of all mirrors; made when missing; nobody else writes there
  PackLimits limits;
  std::size_t max_packs = 50;  ///< above: the mirror is packed anew
};

/// The mirror of one repository: packs only, no checkout, no loose object is ever read (decision
/// 14). Reads may come from any thread, also while update() runs; of update() and keep() one at a
/// time.
class Mirror : public CommitLookup {
 public:
  /// Refs as of the last update; from disk after a restart.
  virtual Refs refs() const = 0;
  virtual bool has_commit(std::string_view id) const = 0;
  /// The files of a commit, read from the object database. Submodules have FileKind::submodule.
  /// The tree stays readable when the mirror is rebuilt. Errors: NotFound, Invalid (damaged).
  virtual base::Result<std::shared_ptr<const base::FileTree>> tree(std::string_view commit) = 0;
  virtual base::Result<CommitInfo> commit(std::string_view id) const = 0;
  /// Keeps a commit and its history alive whatever becomes of the branches (histories, rollback).
  virtual base::Status keep(std::string_view commit) = 0;
  /// Brings the mirror to `refs`: fetches what is missing into quarantine, checks it, renames it
  /// into place and only then moves the refs. A failure leaves the mirror as it was; a damaged
  /// mirror is built anew. Blocks.
  virtual base::Status update(const Repository& repository, const Refs& refs, Remote& remote,
                              const Limits& limits) = 0;
  /// Does it hold everything that these refs name?
  virtual bool is_at(const Refs& refs) const = 0;
};

/// All mirrors, one folder each, named by a hash of Repository::key(). Any thread.
class MirrorStore {
 public:
  /// Sets libgit2's global options and removes what an interrupted run left in quarantine. Errors:
  /// the root can't be made.
  static base::Result<std::shared_ptr<MirrorStore>> open(MirrorOptions options,
                                                         std::shared_ptr<PackChecker> checker);
  virtual ~MirrorStore() = default;
  /// The mirror of a repository, empty when it is new. A mirror that can't be opened is put aside
  /// and made anew. Errors: disk.
  virtual base::Result<std::shared_ptr<Mirror>> mirror(const Repository& repository) = 0;
};

}  // namespace tiphys::git
