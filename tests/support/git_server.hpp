#pragma once

#include "support/git_repo.hpp"
#include "support/helper_program.hpp"
#include "support/process.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::test {

/// One request as the server saw it.
struct GitRequest {
  std::string method;
  std::string path;      ///< with the query
  std::string command;   ///< "ls-refs" or "fetch" of a POST; "" otherwise
  std::string user;      ///< of basic authentication
  std::string protocol;  ///< the Git-Protocol header
  std::string agent;
  int status = 0;  ///< 0: not answered yet
  std::size_t bytes = 0;
  std::string fault;  ///< "hang" or "cut" once it has struck
};

/// A real git server (`git http-backend`) on a loopback port, with faults on order. One thread at a
/// time. It ends with the object or the process.
class GitServer {
 public:
  GitServer();
  /// Speaks https with this certificate and key (ControlPlane::issue_certificate).
  GitServer(const std::filesystem::path& certificate, const std::filesystem::path& key);

  /// The repository of that name, made empty at the first call.
  GitRepo& repo(const std::string& name);
  std::string url(const std::string& repo_name) const;
  int port() const { return helper_.port(); }

  /// From now on only these credentials are let in (others: 401).
  void require(const std::string& user, const std::string& password);
  void require_nothing();

  /// Closes the port and resets all connections; start() serves the same port again.
  void stop();
  void start();
  /// Every answer comes this much later.
  void delay(milliseconds time);
  /// An answer to a fetch stops after so many bytes and says no more, until heal().
  void hang_in_pack(std::size_t after_bytes);
  /// An answer to a fetch is reset after so many bytes.
  void cut_in_pack(std::size_t after_bytes);
  /// Takes delay and the pack's faults back; what hangs is reset.
  void heal();

  std::vector<GitRequest> requests();
  /// The requests with this command; repo_name "": of all repositories.
  std::vector<GitRequest> requests(const std::string& command, const std::string& repo_name = {});

 private:
  TempDir root_;
  std::string scheme_;
  HelperProgram helper_;
  std::map<std::string, std::unique_ptr<GitRepo>> repos_;
};

}  // namespace tiphys::test
