#include "tiphys/source/repositories.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/api/project.hpp"
#include "tiphys/base/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using Data = std::map<std::string, std::string, std::less<>>;

/// Keys that change how a repository is reached and that nobody acts on yet (decision 18).
constexpr std::array<std::string_view, 18> kRefused = {"sshPrivateKey",
                                                       "enableOCI",
                                                       "tlsClientCertData",
                                                       "tlsClientCertKey",
                                                       "githubAppID",
                                                       "githubAppPrivateKey",
                                                       "githubAppInstallationID",
                                                       "githubAppEnterpriseBaseUrl",
                                                       "gcpServiceAccountKey",
                                                       "useAzureWorkloadIdentity",
                                                       "azureServicePrincipalClientId",
                                                       "azureServicePrincipalClientID",
                                                       "azureServicePrincipalTenantId",
                                                       "azureServicePrincipalTenantID",
                                                       "azureServicePrincipalClientSecret",
                                                       "azureActiveDirectoryEndpoint",
                                                       "insecureOCIForceHttp",
                                                       "insecureIgnoreHostKey"};

/// Values that mean "no" in a boolean key.
bool is_off(std::string_view value) { return value.empty() || value == "false" || value == "0"; }

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

/// data decoded, stringData over it. Errors: Invalid naming the key.
base::Result<Data> read_data(const k8s::Object& secret) {
  Data out;
  for (const auto& [key, encoded] : secret.tree()["data"].entries()) {
    auto bytes = base::base64_decode(encoded.text());
    if (!encoded.is_string() || !bytes)
      return Error(Code::Invalid, fmt::format("key {} isn't base64", key));
    out[key] = *std::move(bytes);
  }
  for (const auto& [key, text] : secret.tree()["stringData"].entries())
    out[key] = std::string(text.text());
  return out;
}

std::optional<Error> find_refused(const Data& data, const std::string& secret) {
  const auto refuse = [&](std::string_view what) {
    return Error(Code::Unimplemented,
                 fmt::format("not supported: {} in repository Secret {}", what, secret));
  };
  for (const std::string_view key : kRefused)
    if (const auto it = data.find(key); it != data.end() && !is_off(it->second)) return refuse(key);
  const auto type = data.find("type");
  if (type != data.end() && !type->second.empty() && type->second != "git")
    return refuse(fmt::format("type {}", type->second == "helm" || type->second == "oci"
                                             ? type->second
                                             : std::string("(unknown)")));
  return std::nullopt;
}

/// As Argo CD a plain prefix of the text, but never one that ends inside the host's name: else
/// credentials of https://example.org would go to https://example.org.evil.net.
bool has_prefix(std::string_view url, std::string_view prefix) {
  const std::string whole = api::normalize_repo_url(url);
  const std::string begin = api::normalize_repo_url(prefix);
  if (!whole.starts_with(begin)) return false;
  const auto host = begin.find("://");
  if (host == std::string::npos) return whole == begin;
  if (begin.find('/', host + 3) != std::string::npos) return true;
  return whole.size() > begin.size() && whole[begin.size()] == '/';
}

bool has_login(const DeclaredRepository& one) { return one.credentials != git::Credentials{}; }

}  // namespace

std::optional<DeclaredRepository> parse_repository_secret(const k8s::Object& secret) {
  const auto type = secret.label(api::kSecretTypeLabel);
  if (!type || (*type != "repository" && *type != "repo-creds")) return std::nullopt;
  DeclaredRepository out;
  out.prefix = *type == "repo-creds";
  out.secret = fmt::format("{}/{}", secret.namespace_(), secret.name());
  auto data = read_data(secret);
  if (!data.ok()) {
    out.refused = std::move(data).context("repository Secret " + out.secret).error();
    return out;
  }
  out.url = trimmed((*data)["url"]);
  out.project = trimmed((*data)["project"]);
  out.credentials = {.username = trimmed((*data)["username"]),
                     .password = trimmed((*data)["password"]),
                     .bearer_token = trimmed((*data)["bearerToken"])};
  out.insecure = !is_off((*data)["insecure"]);
  out.proxy = trimmed((*data)["proxy"]);
  out.no_proxy = trimmed((*data)["noProxy"]);
  out.refused = find_refused(*data, out.secret);
  return out;
}

Repositories Repositories::from(std::span<const k8s::Object> secrets, Surroundings surroundings) {
  Repositories out;
  out.surroundings_ = std::move(surroundings);
  for (const k8s::Object& secret : secrets)
    if (auto one = parse_repository_secret(secret); one && !one->url.empty())
      out.list_.push_back(*std::move(one));
  std::ranges::sort(out.list_, {}, &DeclaredRepository::secret);
  return out;
}

base::Result<std::optional<net::Proxy>> Repositories::proxy_for(
    const git::RepoUrl& url, const DeclaredRepository* exact,
    const DeclaredRepository* creds) const {
  TRY_ASSIGN(const auto target, net::Url::parse(url.text()));
  for (const DeclaredRepository* one : {exact, creds}) {
    if (one == nullptr || one->proxy.empty()) continue;
    const net::ProxyRules rules{.http = one->proxy, .https = one->proxy, .none = one->no_proxy};
    return rules.proxy_for(target).context("repository Secret " + one->secret);
  }
  return surroundings_.proxies.proxy_for(target).context("the environment's proxy");
}

base::Result<git::Repository> Repositories::find(std::string_view url,
                                                 std::string_view project) const {
  const std::string wanted = api::normalize_repo_url(url);
  const DeclaredRepository* exact = nullptr;
  const DeclaredRepository* creds = nullptr;
  for (const DeclaredRepository& one : list_) {
    if (!one.project.empty() && one.project != project) continue;
    if (one.prefix) {
      if (has_prefix(url, one.url) && (creds == nullptr || one.url.size() > creds->url.size()))
        creds = &one;
    } else if (api::normalize_repo_url(one.url) == wanted &&
               (exact == nullptr || (exact->project.empty() && !one.project.empty()))) {
      exact = &one;
    }
  }
  if (exact != nullptr && exact->refused) return *exact->refused;
  const bool inherits = exact == nullptr || !has_login(*exact);
  if (inherits && creds != nullptr && creds->refused) return *creds->refused;
  TRY_ASSIGN(git::RepoUrl parsed, git::RepoUrl::parse(url));
  git::Repository out{.url = std::move(parsed), .credentials = {}, .scope = "", .access = {}};
  const DeclaredRepository* login = inherits ? creds : exact;
  if (login != nullptr && has_login(*login)) {
    out.credentials = login->credentials;
    out.scope = login->secret;
  }
  out.access.insecure =
      (exact != nullptr && exact->insecure) || (login != nullptr && login->insecure);
  const auto certificates = surroundings_.certificates.find(out.url.host());
  if (certificates != surroundings_.certificates.end()) {
    out.access.ca_pem = certificates->second;
  }
  TRY_ASSIGN(out.access.proxy, proxy_for(out.url, exact, inherits ? creds : nullptr));
  return out;
}

}  // namespace tiphys::source
