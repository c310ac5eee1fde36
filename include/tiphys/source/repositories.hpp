#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/git/remote.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/net/proxy.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

/// One `repository` or `repo-creds` Secret (argocd.md rows 67 and 68).
struct DeclaredRepository {
  std::string secret;   ///< "namespace/name"
  std::string url;      ///< of repo-creds: a prefix
  std::string project;  ///< "" for every project
  bool prefix = false;  ///< it is a repo-creds Secret
  git::Credentials credentials;
  bool insecure = false;
  std::string proxy;     ///< "": as the environment says
  std::string no_proxy;  ///< what doesn't go through `proxy`
  /// Set when the Secret asks for something that isn't acted on (ssh key, type helm, ...) or
  /// is malformed: using it is this error, which names the key and never a value.
  std::optional<base::Error> refused;
};

/// What the ways to servers depend on beside the Secrets.
struct Surroundings {
  /// Host -> PEM certificates of the CAs to trust for it instead of the system's: the data of
  /// argocd-tls-certs-cm.
  std::map<std::string, std::string, std::less<>> certificates;
  net::ProxyRules proxies;  ///< of the environment
};

/// All declared repositories at one moment. Immutable, any thread.
class Repositories {
 public:
  Repositories() = default;
  /// Secrets without the label argocd.argoproj.io/secret-type repository or repo-creds are passed
  /// over.
  static Repositories from(std::span<const k8s::Object> secrets, Surroundings surroundings = {});

  /// How an application of `project` reaches `url`: the repository Secret with an equal URL (the
  /// project's own first, then the global one), completed by the repo-creds Secret with the longest
  /// matching prefix where it has no credentials itself; else anonymous. Errors: as
  /// git::RepoUrl::parse and net::Proxy::parse, or what is refused in the chosen Secret.
  base::Result<git::Repository> find(std::string_view url, std::string_view project) const;
  const std::vector<DeclaredRepository>& all() const { return list_; }

 private:
  base::Result<std::optional<net::Proxy>> proxy_for(const git::RepoUrl& url,
                                                    const DeclaredRepository* exact,
                                                    const DeclaredRepository* creds) const;

  Surroundings surroundings_;
  std::vector<DeclaredRepository> list_;
};

/// Reads one Secret; nullopt when it is neither kind.
std::optional<DeclaredRepository> parse_repository_secret(const k8s::Object& secret);

}  // namespace tiphys::source
