#include "tiphys/api/project.hpp"

#include "api/pattern.hpp"

#include "tiphys/api/names.hpp"
#include "tiphys/text/glob.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::api {

namespace {

/// One pattern without negation, as the kind lists and their names are matched.
bool path_matches(std::string_view pattern, std::string_view text) {
  const auto matched = text::path_match(pattern, text);
  return matched.ok() && *matched;
}

bool in_list(const std::vector<ResourceRule>& rules, const k8s::GroupKind& kind,
             std::string_view name) {
  return std::ranges::any_of(rules, [&](const ResourceRule& rule) {
    return path_matches(rule.kind, kind.kind) && path_matches(rule.group, kind.group) &&
           (rule.name.empty() || path_matches(rule.name, name));
  });
}

enum class Match : std::uint8_t { no, yes, denied };

/// Argo CD's precedence is kept, slip included: a "!name" or "!server" entry denies where the
/// namespace matches, a "!namespace" entry only where the server matches.
Match match_destination(const Destination& rule, const Destination& to) {
  const bool name = !to.name.empty() && glob_match(rule.name, to.name, "");
  const bool server = !to.server.empty() && glob_match(rule.server, to.server, "");
  const bool in_namespace = glob_match(rule.namespace_, to.namespace_, "");
  if ((server || name) && in_namespace) return Match::yes;
  if (((!name && denies(rule.name)) || (!server && denies(rule.server))) && in_namespace)
    return Match::denied;
  if (!in_namespace && denies(rule.namespace_) && server) return Match::denied;
  return Match::no;
}

bool owns_cluster(const Project& project, const Destination& to) {
  return std::ranges::any_of(project.own_clusters, [&](const Destination& cluster) {
    return (!to.server.empty() && cluster.server == to.server) ||
           (!to.name.empty() && cluster.name == to.name);
  });
}

/// What the cluster itself puts into every namespace.
bool comes_by_itself(const k8s::ObjectKey& key) {
  if (!key.group.empty()) return false;
  return (key.kind == "Service" && key.namespace_ == "default" && key.name == "kubernetes") ||
         (key.kind == "ServiceAccount" && key.name == "default") ||
         (key.kind == "ConfigMap" && key.name == "kube-root-ca.crt");
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// `^(ssh://)?([^/:]*?)@[^@]+$`
bool is_ssh_url(std::string_view url) {
  if (url.starts_with("ssh://")) url.remove_prefix(6);
  const auto at = url.find('@');
  if (at == std::string_view::npos || at + 1 == url.size()) return false;
  return url.substr(0, at).find_first_of("/:") == std::string_view::npos &&
         url.find('@', at + 1) == std::string_view::npos;
}

/// Go's URL.String on a path: once it holds a byte that no URL may, everything but the unreserved
/// and `$&+,/:;=@` is escaped. So a rule with {a,b} matches nothing, as with Argo CD.
std::string escape_path(std::string url) {
  const auto scheme = url.find("://");
  const auto start = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  if (start == std::string::npos) return url;
  const auto end = std::min(url.find_first_of("?#", start), url.size());
  const std::string path = url.substr(start, end - start);
  const auto forbidden = [](char c) {
    return std::string_view("{}\"<>^`|\\ ").contains(c) || static_cast<unsigned char>(c) >= 0x80U;
  };
  if (std::ranges::none_of(path, forbidden)) return url;
  std::string escaped;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~$&+,/:;=@%").contains(c);
    if (plain)
      escaped += c;
    else
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url.replace(start, path.size(), escaped);
}

}  // namespace

std::string normalize_repo_url(std::string_view url) {
  std::string out(trim(url));
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (is_ssh_url(out) && !out.starts_with("ssh://")) {
    if (const auto colon = out.find(':'); colon != std::string::npos) out[colon] = '/';
    out.insert(0, "ssh://");
  }
  if (out.ends_with(".git")) out.resize(out.size() - 4);
  out = escape_path(std::move(out));
  if (out.starts_with("ssh://")) out.erase(0, 6);
  return out;
}

bool permitted_source(const Project& project, std::string_view repo_url) {
  const std::string wanted = normalize_repo_url(repo_url);
  bool any = false;
  for (const std::string& rule : project.source_repos) {
    const bool deny = denies(rule);
    const std::string pattern =
        deny ? "!" + normalize_repo_url(rule.substr(1)) : normalize_repo_url(rule);
    if (glob_match(pattern, wanted, "/"))
      any = true;
    else if (deny)
      return false;
  }
  return any;
}

bool permitted_destination(const Project& project, const Destination& destination) {
  bool any = false;
  for (const Destination& rule : project.destinations) {
    const Match match = match_destination(rule, destination);
    if (match == Match::denied) return false;
    any = any || match == Match::yes;
  }
  return any &&
         (!project.permit_only_project_scoped_clusters || owns_cluster(project, destination));
}

bool permitted_kind(const Project& project, const k8s::GroupKind& kind, std::string_view name,
                    Scope scope) {
  if (scope == Scope::namespaced)
    return (!project.namespace_resource_whitelist ||
            in_list(*project.namespace_resource_whitelist, kind, "")) &&
           !in_list(project.namespace_resource_blacklist, kind, "");
  return in_list(project.cluster_resource_whitelist, kind, name) &&
         !in_list(project.cluster_resource_blacklist, kind, name);
}

bool permitted_object(const Project& project, const k8s::ObjectKey& key, Scope scope,
                      const Destination& destination) {
  if (!permitted_kind(project, key.group_kind(), key.name, scope)) return false;
  if (scope == Scope::cluster) return true;
  Destination to = destination;
  to.namespace_ = key.namespace_;
  return permitted_destination(project, to);
}

bool watches_orphan(const Project& project, const k8s::ObjectKey& key) {
  if (!project.orphaned_resources || comes_by_itself(key) ||
      !permitted_kind(project, key.group_kind(), key.name, Scope::namespaced))
    return false;
  const auto ignores = [&](const ResourceRule& rule) {
    return (rule.kind.empty() || plain_match(rule.kind, key.kind, "")) &&
           plain_match(rule.group, key.group, "") &&
           (rule.name.empty() || plain_match(rule.name, key.name, ""));
  };
  return std::ranges::none_of(project.orphaned_resources->ignore, ignores);
}

std::vector<std::string> project_problems(const Project& project, const Application& app,
                                          const Destination& destination) {
  std::vector<std::string> out;
  for (const Source& source : app.all_sources())
    if (!permitted_source(project, source.repo_url))
      out.push_back(fmt::format("application repo {} is not permitted in project '{}'",
                                source.repo_url, project.key.name));
  if (destination.server.empty() && destination.name.empty()) return out;
  if (!permitted_destination(project, destination))
    out.push_back(
        fmt::format("application destination server '{}' and namespace '{}' do not match any of "
                    "the allowed destinations in project '{}'",
                    app.spec.destination.name.empty() ? destination.server : destination.name,
                    destination.namespace_, project.key.name));
  return out;
}

base::Result<std::optional<std::string>> service_account_of(const Project& project,
                                                            const Application& app,
                                                            const Destination& destination) {
  constexpr std::string_view kBlanks = " ";
  for (const DestinationServiceAccount& item : project.destination_service_accounts) {
    if (!plain_match(item.server, destination.server, "") ||
        !plain_match(item.namespace_, destination.namespace_, ""))
      continue;
    if (item.name.find_first_not_of(kBlanks) == std::string::npos ||
        item.name.find_first_of("!*[]{}\\/") != std::string::npos)
      return base::Error(
          base::Code::Invalid,
          fmt::format("default service account contains invalid chars '{}'", item.name));
    if (item.name.contains(':')) return std::optional("system:serviceaccount:" + item.name);
    const std::string& home =
        destination.namespace_.empty() ? app.key.namespace_ : destination.namespace_;
    return std::optional(fmt::format("system:serviceaccount:{}:{}", home, item.name));
  }
  return std::optional<std::string>();
}

}  // namespace tiphys::api
