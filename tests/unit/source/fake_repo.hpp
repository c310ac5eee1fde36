#pragma once

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/file_tree.hpp"
#include "tiphys/git/poller.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::source::testing {

/// Files in memory plus links and submodules.
class TestTree final : public base::FileTree {
 public:
  TestTree& file(const std::string& path, const std::string& bytes) {
    files_.add(path, bytes);
    return *this;
  }
  TestTree& link(const std::string& path, const std::string& target) {
    special_[path] = base::FileKind::symlink;
    return file(path, target);
  }
  TestTree& submodule(const std::string& path) {
    special_[path] = base::FileKind::submodule;
    return file(path, "");
  }
  base::Result<base::FileEntry> stat(std::string_view path) const override {
    TRY_ASSIGN(base::FileEntry entry, files_.stat(path));
    mark(std::string(path), entry);
    return entry;
  }
  base::Result<std::string> read(std::string_view path) const override { return files_.read(path); }
  base::Result<std::vector<base::FileEntry>> list(std::string_view path) const override {
    TRY_ASSIGN(auto entries, files_.list(path));
    for (auto& entry : entries) mark(base::join_path(path, entry.name), entry);
    return entries;
  }

 private:
  void mark(const std::string& path, base::FileEntry& entry) const {
    if (const auto it = special_.find(path); it != special_.end()) entry.kind = it->second;
    // MemoryTree names folders' content by nothing: make it differ with the path.
    if (entry.kind == base::FileKind::directory && entry.id.empty()) entry.id = "folder " + path;
  }
  base::MemoryTree files_;
  std::map<std::string, base::FileKind> special_;
};

/// A Poller that knows commits by heart: target -> commit -> tree.
class FakePoller final : public git::Poller {
 public:
  std::map<std::string, std::string> targets;
  std::map<std::string, std::shared_ptr<const base::FileTree>> trees;
  bool pending = false;

  std::unique_ptr<Subscription> subscribe(const git::Repository&, Listener) override {
    return nullptr;
  }
  git::Ticket request_refresh(const git::Repository&) override { return 1; }
  git::RevisionState ensure(const git::Repository&, std::string_view target, git::Ticket) override {
    git::RevisionState out;
    if (pending) return out;
    const auto it = targets.find(std::string(target));
    if (it == targets.end()) {
      out.kind = git::RevisionState::Kind::failed;
      out.failed = git::Failed{.error = {base::Code::NotFound, "unable to resolve"}, .since = {}};
      return out;
    }
    out.kind = git::RevisionState::Kind::ready;
    out.ready = git::Ready{.revision = {.commit = it->second, .ref = ""}, .stale = {}};
    return out;
  }
  base::Result<std::shared_ptr<const base::FileTree>> tree(const git::Repository&,
                                                           std::string_view commit) override {
    const auto it = trees.find(std::string(commit));
    if (it == trees.end()) return base::Error(base::Code::NotFound, "no commit");
    return it->second;
  }
  base::Result<git::CommitInfo> commit(const git::Repository&, std::string_view) override {
    return base::Error(base::Code::NotFound, "no commit");
  }
  base::Status keep(const git::Repository&, std::string_view) override { return {}; }
  void set_pace(const git::Pace&) override {}
  void wake() override {}
  void stop() override {}
};

}  // namespace tiphys::source::testing
