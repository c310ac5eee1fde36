#include "source/links.hpp"

#include <fmt/format.h>

#include <vector>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;

constexpr int kMaxHops = 40;
constexpr std::string_view kLfsHeader = "version https://git-lfs.github.com/spec/";
constexpr std::uint64_t kMaxPointer = 1024;

Error out_of_bounds(std::string_view path) {
  return {Code::Invalid, fmt::format("{}: the link leads out of the repository", path)};
}

class Walk {
 public:
  Walk(const base::FileTree& tree, std::size_t max_entries, std::set<std::string>& clean)
      : tree_(tree), left_(max_entries), max_(max_entries), clean_(clean) {}

  base::Status folder(const std::string& path, const std::string& id) {
    if (clean_.contains(id)) return {};
    const std::size_t links_before = links_;
    TRY_ASSIGN(const std::vector<FileEntry> entries, tree_.list(path));
    for (const FileEntry& entry : entries) {
      if (left_-- == 0)
        return Error(Code::ResourceExhausted,
                     fmt::format("more than {} files and folders below the path", max_));
      TRY(one(base::join_path(path, entry.name), entry));
    }
    if (links_ == links_before) clean_.insert(id);
    return {};
  }

 private:
  base::Status one(const std::string& path, const FileEntry& entry) {
    switch (entry.kind) {
      case FileKind::submodule:
        return Error(Code::Unimplemented, fmt::format("not supported: git submodule {}", path));
      case FileKind::directory:
        return folder(path, entry.id);
      case FileKind::symlink: {
        ++links_;
        auto target = real_path(tree_, path);
        // A link to nothing is nobody's input.
        if (!target.ok() && target.error().code() == Code::NotFound) return {};
        if (!target.ok()) return std::move(target).error();
        TRY_ASSIGN(const FileEntry real, tree_.stat(*target));
        if (real.kind == FileKind::submodule || real.kind == FileKind::file)
          return one(*target, real);
        return {};
      }
      case FileKind::file:
        return file(path);
    }
    return {};
  }

  base::Status file(const std::string& path) {
    TRY_ASSIGN(const FileEntry entry, tree_.stat(path));
    if (entry.size > kMaxPointer || entry.size < kLfsHeader.size()) return {};
    TRY_ASSIGN(const std::string bytes, tree_.read(path));
    if (!bytes.starts_with(kLfsHeader)) return {};
    return Error(Code::Unimplemented, fmt::format("not supported: {} is a Git LFS pointer", path));
  }

  const base::FileTree& tree_;
  std::size_t left_;
  std::size_t max_;
  std::size_t links_ = 0;
  std::set<std::string>& clean_;
};

}  // namespace

base::Result<std::string> real_path(const base::FileTree& tree, std::string_view path) {
  std::string done;
  std::string rest(path);
  int hops = 0;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string name = rest.substr(0, slash);
    rest = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
    const std::string here = base::join_path(done, name);
    TRY_ASSIGN(const FileEntry entry, tree.stat(here));
    if (entry.kind != FileKind::symlink) {
      done = here;
      continue;
    }
    if (++hops > kMaxHops)
      return Error(Code::Invalid, fmt::format("{}: too many levels of links", path));
    TRY_ASSIGN(const std::string target, tree.read(here));
    if (target.empty() || target.starts_with('/')) return out_of_bounds(path);
    std::string joined = base::join_path(done, target);
    if (!rest.empty()) joined += "/" + rest;
    auto cleaned = base::clean_path(joined);
    if (!cleaned.ok()) return out_of_bounds(path);
    done.clear();
    rest = *std::move(cleaned);
  }
  return done;
}

base::Status check_tree(const base::FileTree& tree, std::string_view path, std::size_t max_entries,
                        std::set<std::string>& clean) {
  TRY_ASSIGN(const FileEntry entry, tree.stat(path));
  return Walk(tree, max_entries, clean).folder(std::string(path), entry.id);
}

}  // namespace tiphys::source
