#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::base {

enum class FileKind : std::uint8_t { file, directory, symlink, submodule };

/// One entry of a directory. `id` identifies the content (git object id or SHA-256 hex): equal ids,
/// equal content. `size` is 0 for directories and where it isn't known without reading.
struct FileEntry {
  std::string name;
  FileKind kind = FileKind::file;
  std::string id;
  std::uint64_t size = 0;
};

/// A read-only tree of files: a commit's tree, an unpacked chart, a folder on disk. Paths are
/// relative,
/// '/'-separated, without "." or ".." and without a leading '/'; "" is the root. Links are never
/// followed by the tree itself. Implementations are immutable and may be read from any thread.
/// Errors: NotFound (no such path), Invalid (bad path, wrong kind), ResourceExhausted (file over
/// the limit).
class FileTree {
 public:
  virtual ~FileTree() = default;
  /// The entry at path, root included.
  virtual Result<FileEntry> stat(std::string_view path) const = 0;
  /// The bytes of a file, or the target text of a symlink.
  virtual Result<std::string> read(std::string_view path) const = 0;
  /// Entries of a directory, sorted bytewise by name.
  virtual Result<std::vector<FileEntry>> list(std::string_view path) const = 0;
};

/// Cleans a user-given relative path lexically ("a//b/./c" -> "a/b/c", "a/../b" -> "b").
/// Errors: Invalid when it is absolute, leaves the root through "..", or holds NUL or a backslash.
Result<std::string> clean_path(std::string_view path);
std::string join_path(std::string_view directory, std::string_view name);

/// Files in memory. add() while building; afterwards share it as const.
class MemoryTree final : public FileTree {
 public:
  /// Adds or replaces a file; missing directories come into being. `path` must be clean.
  void add(std::string path, std::string bytes);
  Result<FileEntry> stat(std::string_view path) const override;
  Result<std::string> read(std::string_view path) const override;
  Result<std::vector<FileEntry>> list(std::string_view path) const override;

 private:
  std::map<std::string, std::string, std::less<>> files_;
};

/// The folder `path` of another tree as a tree of its own (shares ownership of it).
class SubTree final : public FileTree {
 public:
  SubTree(std::shared_ptr<const FileTree> tree, std::string path);
  Result<FileEntry> stat(std::string_view path) const override;
  Result<std::string> read(std::string_view path) const override;
  Result<std::vector<FileEntry>> list(std::string_view path) const override;

 private:
  std::shared_ptr<const FileTree> tree_;
  std::string path_;
};

}  // namespace tiphys::base
