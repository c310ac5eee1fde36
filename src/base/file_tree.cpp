#include "tiphys/base/file_tree.hpp"

#include "tiphys/base/encoding.hpp"

#include <algorithm>
#include <utility>

namespace tiphys::base {

namespace {

Error not_found(std::string_view path) {
  return Error(Code::NotFound, "no such file or directory: " + std::string(path));
}

FileEntry file_entry(std::string_view path, const std::string& bytes) {
  const auto slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return {std::string(name), FileKind::file, sha256_hex(bytes), bytes.size()};
}

/// The part of `path` that names one path component below `prefix`.
std::string_view component_below(std::string_view path, std::string_view prefix) {
  path.remove_prefix(prefix.size());
  return path.substr(0, path.find('/'));
}

}  // namespace

Result<std::string> clean_path(std::string_view path) {
  const auto invalid = [&](const char* why) {
    return Error(Code::Invalid, "path '" + std::string(path) + "' " + why);
  };
  if (path.find('\0') != std::string_view::npos)
    return Error(Code::Invalid, "path holds a NUL byte");
  if (path.find('\\') != std::string_view::npos) return invalid("holds a backslash");
  if (path.starts_with('/')) return invalid("is absolute");
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return invalid("leaves the root of the tree");
    } else {
      parts.pop_back();
    }
  }
  std::string out;
  for (const auto part : parts) out = join_path(out, part);
  return out;
}

std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  if (name.empty()) return std::string(directory);
  return std::string(directory) + "/" + std::string(name);
}

void MemoryTree::add(std::string path, std::string bytes) {
  files_.insert_or_assign(std::move(path), std::move(bytes));
}

Result<FileEntry> MemoryTree::stat(std::string_view path) const {
  if (const auto file = files_.find(path); file != files_.end()) {
    return file_entry(path, file->second);
  }
  TRY_ASSIGN(const auto entries, list(path));
  std::string content;
  for (const auto& entry : entries) content += entry.name + '\0' + entry.id + '\n';
  const auto slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return FileEntry{std::string(name), FileKind::directory, sha256_hex(content), 0};
}

Result<std::string> MemoryTree::read(std::string_view path) const {
  const auto file = files_.find(path);
  if (file == files_.end()) return not_found(path);
  return file->second;
}

Result<std::vector<FileEntry>> MemoryTree::list(std::string_view path) const {
  const std::string prefix = path.empty() ? std::string() : std::string(path) + "/";
  std::vector<FileEntry> entries;
  for (auto it = files_.lower_bound(prefix); it != files_.end() && it->first.starts_with(prefix);) {
    const std::string_view name = component_below(it->first, prefix);
    const std::string full = prefix + std::string(name);
    if (full.size() == it->first.size()) {
      entries.push_back(file_entry(full, it->second));
      ++it;
      continue;
    }
    TRY_ASSIGN(auto entry, stat(full));
    entries.push_back(std::move(entry));
    it = files_.lower_bound(full + "0");  // '0' follows '/': past everything below this folder
  }
  if (entries.empty() && !path.empty()) return not_found(path);
  std::ranges::sort(entries, {}, &FileEntry::name);  // full paths sort "a-b/c" before "a/b"
  return entries;
}

SubTree::SubTree(std::shared_ptr<const FileTree> tree, std::string path)
    : tree_(std::move(tree)), path_(std::move(path)) {}

Result<FileEntry> SubTree::stat(std::string_view path) const {
  return tree_->stat(join_path(path_, path));
}

Result<std::string> SubTree::read(std::string_view path) const {
  return tree_->read(join_path(path_, path));
}

Result<std::vector<FileEntry>> SubTree::list(std::string_view path) const {
  return tree_->list(join_path(path_, path));
}

}  // namespace tiphys::base
