#include "cli/disk_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;
using base::Result;

namespace fs = std::filesystem;

namespace {

FileEntry entry_of(const fs::path& path, std::string name) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  FileEntry entry;
  entry.name = std::move(name);
  if (fs::is_directory(status)) {
    entry.kind = FileKind::directory;
  } else if (fs::is_regular_file(status)) {
    entry.kind = FileKind::file;
    entry.size = fs::file_size(path, code);
  } else {
    // Sockets, devices and dangling links: nothing that can be read.
    entry.kind = FileKind::submodule;
  }
  return entry;
}

}  // namespace

Result<FileEntry> DiskTree::stat(std::string_view path) const {
  const fs::path at = fs::path(root_) / path;
  std::error_code code;
  if (!fs::exists(at, code))
    return Error(Code::NotFound, fmt::format("open {}: no such file or directory", at.string()));
  return entry_of(at, at.filename().string());
}

Result<std::string> DiskTree::read(std::string_view path) const {
  const fs::path at = fs::path(root_) / path;
  std::ifstream in(at, std::ios::binary);
  if (!in) return Error(Code::NotFound, fmt::format("open {}: can't be read", at.string()));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::vector<FileEntry>> DiskTree::list(std::string_view path) const {
  std::error_code code;
  std::vector<FileEntry> out;
  for (const auto& item : fs::directory_iterator(fs::path(root_) / path, code))
    out.push_back(entry_of(item.path(), item.path().filename().string()));
  if (code)
    return Error(Code::NotFound, fmt::format("open {}/{}: {}", root_, path, code.message()));
  std::ranges::sort(out, {}, &FileEntry::name);
  return out;
}

}  // namespace tiphys::cli
