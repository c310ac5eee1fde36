#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/git/refs.hpp"

#include <set>
#include <string>
#include <string_view>

namespace tiphys::git {

/// What a mirror remembers besides objects, in the format of git's packed-refs, so that git itself
/// can look into a mirror; kept commits are refs/tiphys/keep/<id>, HEAD is refs/tiphys/HEAD and its
/// target a trait of the header.
struct MirrorRefs {
  Refs refs;
  std::set<std::string> kept;
};

std::string write_packed_refs(const MirrorRefs& refs);
/// Errors: Invalid.
base::Result<MirrorRefs> parse_packed_refs(std::string_view text);

/// Writes a file so that after a crash there is either the old or the new content. Errors:
/// Internal.
base::Status write_file_atomically(const std::string& path, std::string_view bytes);
/// Errors: NotFound, Internal.
base::Result<std::string> read_whole_file(const std::string& path);

}  // namespace tiphys::git
