#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace tiphys::source {

/// The path with every link followed inside the tree. Errors: Invalid for a link that leaves the
/// repository, is absolute, or goes round; NotFound.
base::Result<std::string> real_path(const base::FileTree& tree, std::string_view path);

/// Walks over everything below a path before it is rendered. Errors: Unimplemented for a submodule
/// or a Git LFS pointer, Invalid for a link out of the repository, ResourceExhausted over
/// max_entries. `clean` remembers folder ids that hold nothing of the sort (and no link).
base::Status check_tree(const base::FileTree& tree, std::string_view path, std::size_t max_entries,
                        std::set<std::string>& clean);

}  // namespace tiphys::source
