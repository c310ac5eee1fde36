#pragma once

#include "tiphys/base/result.hpp"

#include <git2.h>
#include <git2/sys/odb_backend.h>

namespace tiphys::git {

// clang-format off
/// Every function of libgit2 that we call, without its git_.
#define TIPHYS_LIBGIT2(X) \
  X(error_last) X(indexer_append) X(indexer_commit) X(indexer_free) X(indexer_name) \
  X(indexer_new) X(libgit2_init) X(libgit2_opts) X(odb_add_backend) X(odb_backend_pack) \
  X(odb_exists_ext) X(odb_exists_prefix) X(odb_foreach) X(odb_free) X(odb_new) \
  X(odb_object_data) X(odb_object_free) X(odb_object_size) X(odb_object_type) X(odb_read) \
  X(odb_read_header) X(odb_refresh) X(oid_fmt) X(oid_fromstrn) X(packbuilder_free) \
  X(packbuilder_insert) X(packbuilder_insert_recur) X(packbuilder_insert_walk) \
  X(packbuilder_new) X(packbuilder_set_threads) X(packbuilder_write) X(repository_free) \
  X(repository_wrap_odb) X(revwalk_free) X(revwalk_new) X(revwalk_push)
// clang-format on

/// libgit2's functions under its own names, of the types that its header declares. The library is
/// opened at run time because it brings fourteen others: a render, a lint or `tiphys check` would
/// pay for their start at every call, and so would every worker.
struct Libgit2Calls {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared has none
#define TIPHYS_DECLARE(name) decltype(&::git_##name) name = nullptr;
  TIPHYS_LIBGIT2(TIPHYS_DECLARE)
#undef TIPHYS_DECLARE
};

/// Opens the library at the first call in the process. Errors: Internal, naming the library or the
/// function that is missing.
base::Status load_libgit2();

/// Only after load_libgit2() gave success. Any thread.
const Libgit2Calls& git2();

}  // namespace tiphys::git
