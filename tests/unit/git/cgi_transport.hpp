#pragma once

#include "tiphys/git/transport.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace tiphys::git::testing {

/// A Transport that runs git's own `git http-backend` for every request, without a socket: the real
/// server side of the protocol. Faults are put in between by the hooks.
class CgiTransport final : public Transport {
 public:
  /// `root` holds the repositories.
  explicit CgiTransport(std::string root) : root_(std::move(root)) {}
  base::Result<HttpReply> send(const HttpCall& call, const Limits& limits,
                               const BodySink& sink) override;

  /// Changes the body of an answer before it is delivered.
  std::function<void(const HttpCall& call, std::string& body)> tamper;
  /// Answers instead of the server when it gives a reply or an error.
  std::function<std::optional<base::Result<HttpReply>>(const HttpCall& call)> intercept;
  /// Git-Protocol isn't passed on: the server speaks version 0.
  bool old_server = false;
  std::atomic<int> requests = 0;
  std::atomic<int> fetches = 0;

 private:
  std::string root_;
};

/// A folder that goes away with its owner.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs a program without a shell, in a folder, with a fixed environment (author, dates, no
/// configuration); fails the test when it fails. Its standard output.
std::string run(const std::string& folder, const std::vector<std::string>& argv,
                const std::string& input = {});

/// A repository that a test commits to; `name`.git below the root is what the server offers.
class GitRepo {
 public:
  GitRepo(const std::string& root, const std::string& name);
  /// Writes files (path, content) and commits them on the current branch. The commit's id.
  std::string commit(const std::vector<std::pair<std::string, std::string>>& files,
                     const std::string& message = "change");
  /// git with these arguments, in the repository. Output without the final newline.
  std::string git(const std::vector<std::string>& arguments, const std::string& input = {});
  const std::string& folder() const { return folder_; }
  const std::string& url() const { return url_; }

 private:
  std::string folder_;
  std::string url_;
};

}  // namespace tiphys::git::testing
