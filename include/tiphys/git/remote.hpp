#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/git/refs.hpp"
#include "tiphys/git/repo_url.hpp"
#include "tiphys/git/transport.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

namespace tiphys::git {

/// How to log in, from a Secret. Never printed; sent only to the repository's own scheme, host and
/// port. All empty: anonymous.
struct Credentials {
  std::string username;
  std::string password;
  std::string bearer_token;
  bool operator==(const Credentials&) const = default;
};

/// A repository as it is asked for: the address and with whose rights. Two Repositories with the
/// same key() share a mirror and a poll.
struct Repository {
  RepoUrl url;
  Credentials credentials;
  /// Which Secret the credentials come from ("namespace/name"), "" for anonymous: tenants with
  /// different credentials never share a mirror.
  std::string scope;
  Access access{};

  std::string key() const { return scope + " " + url.text(); }
};

/// Speaks git's smart HTTP protocol to one server at a time: version 2, and version 0 where the
/// server knows no other. Blocks. Any thread.
class Remote {
 public:
  explicit Remote(Transport& transport) : transport_(transport) {}

  /// HEAD, all heads and tags. An empty repository has empty Refs. Errors: Unauthorized, Forbidden,
  /// NotFound (no such repository), Unavailable, Timeout, Invalid (no git server, malformed answer,
  /// a SHA-256 repository), ResourceExhausted.
  base::Result<Refs> ls_refs(const Repository& repository, const Limits& limits);

  /// Asks for a pack with everything that `wants` reach and `haves` don't, and gives its bytes
  /// (nothing else) to `pack`. The pack is never thin. Errors: as ls_refs, and what `pack` returns.
  base::Status fetch(const Repository& repository, std::span<const std::string> wants,
                     std::span<const std::string> haves, const Limits& limits,
                     const BodySink& pack);

 private:
  /// What a server told about itself, so that later calls need no handshake.
  struct Server {
    RepoUrl base;
    bool version2 = false;
    std::set<std::string, std::less<>> capabilities;
  };
  struct Hello {
    Server server;
    Refs refs;  ///< version 0 lists them at once
  };
  base::Result<Hello> handshake(const Repository& repository, const Limits& limits);
  base::Result<Hello> hello_at(const Repository& repository, const RepoUrl& base,
                               const Limits& limits, std::string& redirect);
  base::Result<Refs> list(const Repository& repository, const Server& server, const Limits& limits);
  base::Status post(const Repository& repository, const Server& server, std::string body,
                    const Limits& limits, const BodySink& sink);

  Transport& transport_;
  base::Guarded<std::map<std::string, Server>> servers_;
};

}  // namespace tiphys::git
