#include "tiphys/git/remote.hpp"

#include "git/protocol.hpp"

#include "tiphys/base/encoding.hpp"

#include <fmt/format.h>

#include <utility>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kInfoRefs = "/info/refs?service=git-upload-pack";

void add_authorization(HttpCall& call, const Repository& repository) {
  const Credentials& login = repository.credentials;
  if (!login.bearer_token.empty()) {
    call.headers.emplace_back("Authorization", "Bearer " + login.bearer_token);
    return;
  }
  const std::string& user = login.username.empty() ? repository.url.user() : login.username;
  if (user.empty() && login.password.empty()) return;
  call.headers.emplace_back("Authorization",
                            "Basic " + base::base64_encode(user + ":" + login.password));
}

HttpCall make_call(const Repository& repository, const RepoUrl& base, std::string_view resource) {
  HttpCall call{.method = "GET",
                .base = base,
                .resource = std::string(resource),
                .headers = {},
                .body = {},
                .access = repository.access};
  call.headers.emplace_back("Git-Protocol", "version=2");
  add_authorization(call, repository);
  return call;
}

Error refused_status(int status, const Repository& repository) {
  const bool anonymous = repository.scope.empty();
  switch (status) {
    case 401:
      return {Code::Unauthorized, anonymous ? "authentication required" : "authentication failed"};
    case 403:
      return {Code::Forbidden, "access denied"};
    case 404:
      return {Code::NotFound, "repository not found"};
    case 429:
      return {Code::TooManyRequests, "the git server asks to slow down (429)"};
    default:
      break;
  }
  if (status >= 300 && status < 400)
    return {Code::Invalid, "the git server redirects elsewhere; put the final address in repoURL"};
  const Code code = status >= 500 ? Code::Unavailable : Code::Invalid;
  return {code, fmt::format("the git server answered {}", status)};
}

/// The new path when a redirect stays on the server, as that of hosts which insist on ".git".
std::string same_server_path(const std::string& location, const RepoUrl& base) {
  std::string path = location;
  if (!location.starts_with('/')) {
    const std::string origin = base.scheme() + "://" + base.authority();
    if (!location.starts_with(origin + "/")) return {};
    path = location.substr(origin.size());
  }
  if (path.starts_with("//") || !path.ends_with(kInfoRefs)) return {};
  path.resize(path.size() - kInfoRefs.size());
  return path;
}

}  // namespace

base::Result<Remote::Hello> Remote::hello_at(const Repository& repository, const RepoUrl& base,
                                             const Limits& limits, std::string& redirect) {
  const HttpCall call = make_call(repository, base, kInfoRefs);
  AdvertisementReader reader;
  TRY_ASSIGN(const HttpReply reply, transport_.send(call, limits, [&](std::string_view piece) {
    return reader.feed(piece);
  }));
  if (reply.status >= 301 && reply.status <= 308) redirect = same_server_path(reply.location, base);
  if (reply.status != 200) return refused_status(reply.status, repository);
  if (!reply.content_type.starts_with("application/x-git-upload-pack-advertisement"))
    return Error(Code::Invalid, "the server doesn't speak git's smart HTTP protocol there");
  TRY(reader.finish());
  Hello hello{.server = {.base = base,
                         .version2 = reader.version2(),
                         .capabilities = reader.capabilities()},
              .refs = reader.take_refs()};
  return hello;
}

base::Result<Remote::Hello> Remote::handshake(const Repository& repository, const Limits& limits) {
  std::string redirect;
  auto hello = hello_at(repository, repository.url, limits, redirect);
  if (!redirect.empty()) {
    std::string again;
    hello = hello_at(repository, repository.url.with_path(redirect), limits, again);
  }
  if (hello.ok()) servers_.lock()->insert_or_assign(repository.key(), hello->server);
  return hello;
}

base::Status Remote::post(const Repository& repository, const Server& server, std::string body,
                          const Limits& limits, const BodySink& sink) {
  HttpCall call = make_call(repository, server.base, "/git-upload-pack");
  call.method = "POST";
  call.body = std::move(body);
  call.headers.emplace_back("Content-Type", "application/x-git-upload-pack-request");
  call.headers.emplace_back("Accept", "application/x-git-upload-pack-result");
  TRY_ASSIGN(const HttpReply reply, transport_.send(call, limits, sink));
  if (reply.status != 200) return refused_status(reply.status, repository);
  return {};
}

base::Result<Refs> Remote::list(const Repository& repository, const Server& server,
                                const Limits& limits) {
  LsRefsReader reader;
  TRY(post(repository, server, ls_refs_request(server.capabilities), limits,
           [&](std::string_view piece) { return reader.feed(piece); }));
  TRY(reader.finish());
  return reader.take_refs();
}

base::Result<Refs> Remote::ls_refs(const Repository& repository, const Limits& limits) {
  std::optional<Server> known;
  {
    auto servers = servers_.lock();
    if (auto it = servers->find(repository.key()); it != servers->end()) known = it->second;
  }
  if (known && known->version2) {
    auto refs = list(repository, *known, limits);
    // Whatever changed at the server (moved, downgraded, new rights): ask it from the beginning.
    if (refs.ok() || refs.error().code() == Code::Timeout) return refs;
    servers_.lock()->erase(repository.key());
  }
  TRY_ASSIGN(Hello hello, handshake(repository, limits));
  if (!hello.server.version2) return std::move(hello.refs);
  return list(repository, hello.server, limits);
}

base::Status Remote::fetch(const Repository& repository, std::span<const std::string> wants,
                           std::span<const std::string> haves, const Limits& limits,
                           const BodySink& pack) {
  std::optional<Server> server;
  {
    auto servers = servers_.lock();
    if (auto it = servers->find(repository.key()); it != servers->end()) server = it->second;
  }
  if (!server) {
    TRY_ASSIGN(Hello hello, handshake(repository, limits));
    server = std::move(hello.server);
  }
  FetchReader reader(server->version2, pack);
  std::string body = server->version2 ? fetch_request_v2(wants, haves, server->capabilities)
                                      : fetch_request_v0(wants, haves, server->capabilities);
  auto sent = post(repository, *server, std::move(body), limits,
                   [&](std::string_view piece) { return reader.feed(piece); });
  if (sent.ok()) sent = reader.finish();
  if (!sent.ok()) servers_.lock()->erase(repository.key());
  return sent;
}

}  // namespace tiphys::git
