#include "git/commit_tree.hpp"

#include "git/git_objects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::git {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;

namespace {
constexpr std::size_t kRemembered = 256;

Error not_found(std::string_view path) {
  return {Code::NotFound, fmt::format("{}: no such file or directory", path)};
}
}  // namespace

CommitTree::CommitTree(std::shared_ptr<const ObjectDb> db, std::string root_tree)
    : db_(std::move(db)), root_(std::move(root_tree)) {}

base::Result<CommitTree::Folder> CommitTree::folder(const std::string& tree_id) const {
  {
    auto seen = seen_.lock();
    if (const auto it = seen->find(tree_id); it != seen->end()) return it->second;
  }
  TRY_ASSIGN(const std::string bytes, db_->read(tree_id, ObjectType::tree));
  TRY_ASSIGN(std::vector<FileEntry> entries, parse_tree(bytes));
  auto made = std::make_shared<const std::vector<FileEntry>>(std::move(entries));
  auto seen = seen_.lock();
  if (seen->size() >= kRemembered) seen->clear();
  seen->emplace(tree_id, made);
  return Folder(made);
}

base::Result<FileEntry> CommitTree::find(std::string_view path) const {
  FileEntry here{.name = "", .kind = FileKind::directory, .id = root_, .size = 0};
  std::string_view rest = path;
  while (!rest.empty()) {
    if (here.kind != FileKind::directory) return not_found(path);
    const auto slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    TRY_ASSIGN(const Folder entries, folder(here.id));
    const auto it = std::ranges::lower_bound(*entries, name, {}, &FileEntry::name);
    if (it == entries->end() || it->name != name) return not_found(path);
    here = *it;
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  }
  return here;
}

base::Result<FileEntry> CommitTree::stat(std::string_view path) const {
  TRY_ASSIGN(FileEntry entry, find(path));
  if (entry.kind == FileKind::file || entry.kind == FileKind::symlink) {
    TRY_ASSIGN(entry.size, db_->size(entry.id));
  }
  return entry;
}

base::Result<std::string> CommitTree::read(std::string_view path) const {
  TRY_ASSIGN(const FileEntry entry, find(path));
  if (entry.kind == FileKind::directory)
    return Error(Code::Invalid, fmt::format("{}: is a directory", path));
  if (entry.kind == FileKind::submodule)
    return Error(Code::Invalid, fmt::format("{}: is a git submodule", path));
  return db_->read(entry.id, ObjectType::blob).context(std::string(path));
}

base::Result<std::vector<FileEntry>> CommitTree::list(std::string_view path) const {
  TRY_ASSIGN(const FileEntry entry, find(path));
  if (entry.kind != FileKind::directory)
    return Error(Code::Invalid, fmt::format("{}: not a directory", path));
  TRY_ASSIGN(const Folder entries, folder(entry.id));
  return *entries;
}

}  // namespace tiphys::git
