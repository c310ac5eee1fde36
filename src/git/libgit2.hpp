#pragma once

#include "git/libgit2_calls.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::git {

/// Loads and starts libgit2 once a process: no configuration of the machine or its user is read,
/// written objects and hashes are checked. Errors: Internal.
base::Status start_libgit2();

/// The one conversion of libgit2's errors: `what` and libgit2's own words (there may be none).
base::Error libgit2_error(int code, std::string_view what);

struct FreeOdb {
  void operator()(git_odb* odb) const { git2().odb_free(odb); }
};
struct FreeOdbObject {
  void operator()(git_odb_object* object) const { git2().odb_object_free(object); }
};
struct FreeIndexer {
  void operator()(git_indexer* indexer) const { git2().indexer_free(indexer); }
};
struct FreeRepository {
  void operator()(git_repository* repository) const { git2().repository_free(repository); }
};
struct FreePackBuilder {
  void operator()(git_packbuilder* builder) const { git2().packbuilder_free(builder); }
};
struct FreeRevwalk {
  void operator()(git_revwalk* walk) const { git2().revwalk_free(walk); }
};
using OdbPtr = std::unique_ptr<git_odb, FreeOdb>;
using OdbObjectPtr = std::unique_ptr<git_odb_object, FreeOdbObject>;
using IndexerPtr = std::unique_ptr<git_indexer, FreeIndexer>;
using RepositoryPtr = std::unique_ptr<git_repository, FreeRepository>;
using PackBuilderPtr = std::unique_ptr<git_packbuilder, FreePackBuilder>;
using RevwalkPtr = std::unique_ptr<git_revwalk, FreeRevwalk>;

/// Opens the packs below an objects folder and nothing else: loose objects are never looked at
/// (decision 14; libgit2 can spin on a truncated one). Errors: Internal.
base::Result<OdbPtr> open_packs(const std::string& objects_folder);

/// `hex` must be 40 digits.
git_oid to_oid(std::string_view hex);
std::string to_hex(const git_oid& oid);

}  // namespace tiphys::git
