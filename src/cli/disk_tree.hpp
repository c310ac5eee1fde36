#pragma once

#include "tiphys/base/file_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::cli {

/// A folder of this machine's disk. Links are followed as the system does (so they may leave the
/// folder, as with Helm's own command line). Ids are empty.
class DiskTree final : public base::FileTree {
 public:
  explicit DiskTree(std::string root) : root_(std::move(root)) {}
  base::Result<base::FileEntry> stat(std::string_view path) const override;
  base::Result<std::string> read(std::string_view path) const override;
  base::Result<std::vector<base::FileEntry>> list(std::string_view path) const override;

 private:
  std::string root_;
};

}  // namespace tiphys::cli
