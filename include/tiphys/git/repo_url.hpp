#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::git {

/// Where a repository is. Only http and https: no ssh (refused in this version), and never file,
/// ext, a bare path or a leading dash, which would open local files or run programs (reliability.md
/// M6). A value.
class RepoUrl {
 public:
  /// A user name in the URL is kept for basic authentication; a password is refused, since it
  /// belongs in a Secret. Errors: Unimplemented for ssh and scp forms, Invalid for everything else
  /// that is no http(s) URL. The message never repeats a password.
  static base::Result<RepoUrl> parse(std::string_view text);

  const std::string& scheme() const { return scheme_; }
  /// Lower case.
  const std::string& host() const { return host_; }
  std::uint16_t port() const { return port_; }
  /// As written, with a leading '/' and without a trailing one.
  const std::string& path() const { return path_; }
  const std::string& user() const { return user_; }
  /// "https://host[:port]/path", without a user: what requests, logs, metrics and messages use.
  std::string text() const;
  /// The same server with another path: where a redirect on one server leads.
  RepoUrl with_path(std::string path) const;
  /// "host[:port]", the port only where it isn't the scheme's own.
  std::string authority() const;

 private:
  std::string scheme_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::string path_;
  std::string user_;
};

}  // namespace tiphys::git
