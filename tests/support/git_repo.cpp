#include "support/git_repo.hpp"

#include "support/wait.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::test {

namespace fs = std::filesystem;

GitRepo::GitRepo(const fs::path& root, std::string name)
    : name_(std::move(name)), work_tree_(root / "work" / name_) {
  fs::create_directories(work_tree_);
  git({"init", "--quiet", "--initial-branch=main",
       "--separate-git-dir=" + (root / (name_ + ".git")).string()});
}

std::string GitRepo::git(std::vector<std::string> args) {
  Command command{.argv = {"git"}};
  // Neither the machine's nor the user's configuration may change what a test does.
  command.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"},
                         {"GIT_CONFIG_NOSYSTEM", "1"},
                         {"GIT_AUTHOR_NAME", "Test"},
                         {"GIT_COMMITTER_NAME", "Test"},
                         {"GIT_AUTHOR_EMAIL", "test@localhost"},
                         {"GIT_TERMINAL_PROMPT", "0"},
                         {"GIT_COMMITTER_EMAIL", "test@localhost"}};
  command.working_directory = work_tree_;
  const std::string what = fmt::format("git {}", fmt::join(args, " "));
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  auto output = run(command);
  if (output.exit_code != 0) throw SupportError(what + ": " + output.err);
  if (output.out.ends_with('\n')) output.out.pop_back();
  return std::move(output.out);
}

std::string GitRepo::commit_all(const std::string& message) {
  git({"add", "--all", "--force"});
  git({"commit", "--quiet", "--allow-empty", "-m", message});
  return head();
}

std::string GitRepo::commit(const std::map<std::string, std::string>& files,
                            const std::string& message) {
  for (const auto& [path, content] : files) write_file(work_tree_ / path, content);
  return commit_all(message);
}

std::string GitRepo::remove(const std::vector<std::string>& paths, const std::string& message) {
  for (const auto& path : paths) {
    if (fs::remove_all(work_tree_ / path) == 0)
      throw SupportError("no " + path + " in repository " + name_);
  }
  return commit_all(message);
}

std::string GitRepo::commit_folder(const fs::path& from, const std::string& to,
                                   const std::string& message) {
  fs::create_directories(work_tree_ / to);
  fs::copy(from, work_tree_ / to,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing |
               fs::copy_options::copy_symlinks);
  return commit_all(message);
}

void GitRepo::tag(const std::string& name, const std::string& message) {
  if (message.empty()) {
    git({"tag", name});
  } else {
    git({"tag", "--annotate", "-m", message, name});
  }
}

void GitRepo::branch(const std::string& name) {
  const bool exists = !git({"branch", "--list", name}).empty();
  git(exists ? std::vector<std::string>{"checkout", "--quiet", name}
             : std::vector<std::string>{"checkout", "--quiet", "-b", name});
}

std::string GitRepo::head() { return git({"rev-parse", "HEAD"}); }

}  // namespace tiphys::test
