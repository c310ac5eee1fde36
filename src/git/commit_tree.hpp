#pragma once

#include "git/object_db.hpp"

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/guarded.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// The files of one commit, read from the object database on demand; parsed folders are remembered
/// while there are few. Any thread.
class CommitTree final : public base::FileTree {
 public:
  CommitTree(std::shared_ptr<const ObjectDb> db, std::string root_tree);
  base::Result<base::FileEntry> stat(std::string_view path) const override;
  base::Result<std::string> read(std::string_view path) const override;
  base::Result<std::vector<base::FileEntry>> list(std::string_view path) const override;

 private:
  using Folder = std::shared_ptr<const std::vector<base::FileEntry>>;
  base::Result<Folder> folder(const std::string& tree_id) const;
  base::Result<base::FileEntry> find(std::string_view path) const;

  std::shared_ptr<const ObjectDb> db_;
  std::string root_;
  mutable base::Guarded<std::map<std::string, Folder>> seen_;
};

}  // namespace tiphys::git
