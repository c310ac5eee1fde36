#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/mirror.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The text formats of git's objects.
namespace tiphys::git {

/// Entries sorted bytewise by name (git sorts folders as if they ended in '/'). Errors: Invalid for
/// a malformed tree, an unknown mode or a name that no file system takes ("", ".", "..", with '/').
base::Result<std::vector<base::FileEntry>> parse_tree(std::string_view bytes);

/// Errors: Invalid.
base::Result<CommitInfo> parse_commit(std::string id, std::string_view bytes);

/// What an annotated tag points to. Errors: Invalid.
base::Result<std::string> parse_tag_target(std::string_view bytes);

}  // namespace tiphys::git
