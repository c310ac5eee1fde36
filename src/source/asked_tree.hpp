#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/worker/job.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

/// The parent's FileTree as a worker sees it: asked path by path, each once. A folder comes with
/// its small files, so that a chart costs about one question a folder. One thread.
class AskedTree final : public base::FileTree {
 public:
  explicit AskedTree(worker::Caller& caller) : caller_(caller) {}
  base::Result<base::FileEntry> stat(std::string_view path) const override;
  base::Result<std::string> read(std::string_view path) const override;
  base::Result<std::vector<base::FileEntry>> list(std::string_view path) const override;

 private:
  worker::Caller& caller_;
  mutable std::map<std::string, std::string, std::less<>> bytes_;  ///< that came with a folder
};

/// The parent's side. Errors: the tree's, Invalid for another topic.
base::Result<std::string> answer_for_tree(const base::FileTree& tree, std::string_view topic,
                                          std::string_view path);

}  // namespace tiphys::source
