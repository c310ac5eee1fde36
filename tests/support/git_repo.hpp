#pragma once

#include "support/process.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::test {

/// A repository whose commits the test makes, by the git program. What git refuses throws
/// SupportError. Made by GitServer::repo; the folder `root`/NAME.git is what the server serves.
class GitRepo {
 public:
  GitRepo(const std::filesystem::path& root, std::string name);

  const std::string& name() const { return name_; }
  /// Writes (path -> content) and commits on the current branch ("main" at first); returns the full
  /// SHA. Nothing changed: an empty commit.
  std::string commit(const std::map<std::string, std::string>& files,
                     const std::string& message = "change");
  std::string remove(const std::vector<std::string>& paths, const std::string& message = "remove");
  /// Copies a folder of the disk into the repository's folder `to` and commits.
  std::string commit_folder(const std::filesystem::path& from, const std::string& to,
                            const std::string& message = "add");
  /// A lightweight tag of HEAD; with a message an annotated one.
  void tag(const std::string& name, const std::string& message = {});
  /// Makes the branch where HEAD is, if there is none, and goes on there.
  void branch(const std::string& name);
  std::string head();
  /// Any git command in the work tree ({"reset", "--hard", "HEAD~1"}); returns stdout without the
  /// last line feed.
  std::string git(std::vector<std::string> args);

 private:
  std::string commit_all(const std::string& message);

  std::string name_;
  std::filesystem::path work_tree_;
};

}  // namespace tiphys::test
