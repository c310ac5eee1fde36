#include "helm/schema_problems.hpp"
#include "helm/schema_rules.hpp"
#include "helm/text.hpp"

#include "tiphys/sprig/address.hpp"
#include "tiphys/sprig/url.hpp"

#include <fmt/format.h>

#include <utility>

namespace tiphys::helm {

namespace {

std::string invalid_character(std::string_view text, std::string_view allowed) {
  const std::string_view odd = odd_rune(text, allowed);
  return odd.empty() ? "" : "invalid character " + quoted(odd);
}

std::string label_problem(std::string_view label) {
  if (label.empty() || label.size() > 63) return "label must be 1 to 63 characters long";
  if (label.starts_with('-')) return "label starts with hyphen";
  if (label.ends_with('-')) return "label ends with hyphen";
  return invalid_character(label, "-");
}

std::string local_part_problem(std::string_view local) {
  if (local.size() > 64) return "local part more than 64 characters long";
  if (local.size() > 1 && local.starts_with('"')) {
    if (local.substr(1, local.size() - 2).find_first_of("\\\"") != std::string_view::npos)
      return "backslash and quote are not allowed within quoted local part";
    return "";
  }
  if (local.starts_with('.')) return "starts with dot";
  if (local.ends_with('.')) return "ends with dot";
  if (local.contains("..")) return "consecutive dots";
  return invalid_character(local, ".!#$%&'*+-/=?^_`{|}~");
}

/// What both kinds of URL must be, and the URL.
std::string parse_url(std::string_view text, sprig::Url& url) {
  auto parsed = sprig::Url::parse(text);
  if (!parsed.ok()) return parsed.error().text();
  url = *std::move(parsed);
  const std::string host = url.hostname();
  if (!host.contains(':')) return "";
  if (!url.host.contains('[') || !url.host.contains(']'))
    return "ipv6 address not enclosed in brackets";
  return within("ipv6 address", ipv6_problem(host));
}

}  // namespace

std::string hostname_problem(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > 253) return "more than 253 characters long";
  for (std::string_view const label : split(text, '.'))
    if (std::string problem = label_problem(label); !problem.empty()) return problem;
  return "";
}

std::string ipv4_problem(std::string_view text) {
  const auto groups = split(text, '.');
  if (groups.size() != 4) return "expected four decimals";
  for (std::string_view const group : groups) {
    if (group.size() > 1 && group[0] == '0') return "leading zeros";
    const auto number = atoi(group);
    if (!number.ok()) return number.error().text();
    if (*number < 0 || *number > 255) return "decimal must be between 0 and 255";
  }
  return "";
}

std::string ipv6_problem(std::string_view text) {
  if (!text.contains(':')) return "missing colon";
  if (std::string problem = sprig::address_problem(text); !problem.empty()) return problem;
  return text.contains('%') ? "zone id is not a part of ipv6 address" : "";
}

std::string email_problem(std::string_view text) {
  if (text.size() > 254) return "more than 255 characters long";
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return "missing @";
  if (std::string problem = local_part_problem(text.substr(0, at)); !problem.empty())
    return problem;
  std::string_view domain = text.substr(at + 1);
  if (!domain.starts_with('[') || !domain.ends_with(']'))
    return within("domain", hostname_problem(domain));
  domain = domain.substr(1, domain.size() - 2);
  constexpr std::string_view kIpv6 = "IPv6:";
  if (domain.starts_with(kIpv6))
    return within("ipv6 address", ipv6_problem(domain.substr(kIpv6.size())));
  return within("ipv4 address", ipv4_problem(domain));
}

std::string uri_problem(std::string_view text) {
  sprig::Url url;
  if (std::string problem = parse_url(text, url); !problem.empty()) return problem;
  return url.scheme.empty() ? "relative url" : "";
}

std::string uri_reference_problem(std::string_view text) {
  if (text.contains('\\')) return "contains \\";
  sprig::Url url;
  return parse_url(text, url);
}

std::string uri_template_problem(std::string_view text) {
  sprig::Url url;
  if (std::string problem = parse_url(text, url); !problem.empty()) return problem;
  std::string path = url.raw_path;
  for (const auto& [code, brace] :
       {std::pair("%7B", "{"), {"%7b", "{"}, {"%7D", "}"}, {"%7d", "}"}})
    path = replace_all(path, code, brace);
  for (std::string_view const segment : split(path, '/')) {
    bool open = false;
    for (const char c : segment) {
      if (c != '{' && c != '}') continue;
      if ((c == '{') == open) return "nested curly braces";
      open = !open;
    }
    if (open) return "no matching closing brace";
  }
  return "";
}

}  // namespace tiphys::helm
