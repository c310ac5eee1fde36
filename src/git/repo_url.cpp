#include "tiphys/git/repo_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_scp_form(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find("://") != std::string_view::npos) return false;
  const std::string_view before = text.substr(0, colon);
  return before.find('/') == std::string_view::npos && !before.starts_with("http");
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>';
  });
}

base::Status refuse_scheme(std::string_view scheme, std::string_view text) {
  if (scheme == "http" || scheme == "https") return {};
  if (scheme == "ssh" || scheme == "git+ssh" || (scheme.empty() && is_scp_form(text)))
    return Error(Code::Unimplemented, "not supported: ssh repositories; use https://");
  if (scheme == "oci") return Error(Code::Unimplemented, "not supported: oci:// sources");
  return Error(Code::Invalid, "repository URL must begin with https:// or http://");
}

base::Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535)
    return Error(Code::Invalid, "repository URL has an invalid port");
  return static_cast<std::uint16_t>(value);
}

bool host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

struct Authority {
  std::string user;
  std::string host;
  std::string_view port;
};

base::Result<Authority> split_authority(std::string_view text) {
  Authority out;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view info = text.substr(0, at);
    if (info.find(':') != std::string_view::npos)
      return Error(Code::Invalid,
                   "repository URL holds a password; put credentials into a repository Secret");
    out.user = info;
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos)
      return Error(Code::Invalid, "repository URL has an invalid host");
    const std::string_view inside = text.substr(1, close - 1);
    if (inside.empty() || inside.find_first_not_of("0123456789abcdefABCDEF:.") != inside.npos)
      return Error(Code::Invalid, "repository URL has an invalid host");
    out.host = lower(text.substr(0, close + 1));
    text.remove_prefix(close + 1);
    if (!text.empty() && !text.starts_with(':'))
      return Error(Code::Invalid, "repository URL has an invalid host");
  } else {
    const auto colon = text.find(':');
    out.host = lower(text.substr(0, colon));
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    if (out.host.empty() || out.host.front() == '-' || !std::ranges::all_of(out.host, host_char))
      return Error(Code::Invalid, "repository URL has an invalid host");
  }
  out.port = text.empty() ? text : text.substr(1);
  return out;
}

}  // namespace

base::Result<RepoUrl> RepoUrl::parse(std::string_view text) {
  if (text.empty()) return Error(Code::Invalid, "repository URL is empty");
  if (text.starts_with('-')) return Error(Code::Invalid, "repository URL begins with a dash");
  if (text.size() > 2048 || !printable(text))
    return Error(Code::Invalid, "repository URL is too long or has a character that no URL has");
  const auto colon = text.find("://");
  const bool has_scheme = colon != std::string_view::npos;
  const std::string scheme = has_scheme ? lower(text.substr(0, colon)) : std::string();
  TRY(refuse_scheme(scheme, text));
  const std::string_view rest = text.substr(colon + 3);
  const auto slash = rest.find_first_of("/?#");
  TRY_ASSIGN(Authority authority, split_authority(rest.substr(0, slash)));

  RepoUrl out;
  out.scheme_ = scheme;
  out.host_ = std::move(authority.host);
  out.user_ = std::move(authority.user);
  out.port_ = scheme == "https" ? 443 : 80;
  if (!authority.port.empty()) {
    TRY_ASSIGN(out.port_, parse_port(authority.port));
  }
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (path.find_first_of("?#") != std::string_view::npos)
    return Error(Code::Invalid, "repository URL may not have a query or a fragment");
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return Error(Code::Invalid, "repository URL has no path");
  out.path_ = path;
  return out;
}

std::string RepoUrl::authority() const {
  const bool usual = port_ == (scheme_ == "https" ? 443 : 80);
  return usual ? host_ : fmt::format("{}:{}", host_, port_);
}

RepoUrl RepoUrl::with_path(std::string path) const {
  RepoUrl out = *this;
  out.path_ = std::move(path);
  return out;
}

std::string RepoUrl::text() const { return scheme_ + "://" + authority() + path_; }

}  // namespace tiphys::git
