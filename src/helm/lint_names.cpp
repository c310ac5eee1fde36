#include "helm/lint_names.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace tiphys::helm {

namespace {

using Messages = std::vector<std::string>;

constexpr std::size_t kLabelLength = 63;
constexpr std::size_t kSubdomainLength = 253;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_lower(c) || (c >= '0' && c <= '9'); }

bool is_label(std::string_view text) {
  return !text.empty() && is_alnum(text.front()) && is_alnum(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) { return std::ranges::all_of(split(text, '.'), is_label); }

void check_length(std::string_view name, std::size_t most, Messages& out) {
  if (name.size() > most) out.push_back(fmt::format("must be no more than {} characters", most));
}

Messages subdomain(std::string_view name) {
  Messages out;
  check_length(name, kSubdomainLength, out);
  if (!is_subdomain(name))
    out.emplace_back(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
        "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
        "used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
  return out;
}

Messages label(std::string_view name) {
  Messages out;
  check_length(name, kLabelLength, out);
  if (is_label(name)) return out;
  if (is_subdomain(name))
    out.emplace_back("must not contain dots");
  else
    out.emplace_back(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
        "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
  return out;
}

Messages old_label(std::string_view name) {
  Messages out;
  check_length(name, kLabelLength, out);
  if (!is_label(name) || !is_lower(name.front()))
    out.emplace_back(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
        "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
  return out;
}

Messages path_segment(std::string_view name) {
  if (name == "." || name == "..") return {fmt::format("may not be '{}'", name)};
  Messages out;
  for (const char c : {'/', '%'})
    if (name.contains(c)) out.push_back(fmt::format("may not contain '{}'", c));
  return out;
}

Messages anything(std::string_view /*name*/) { return {}; }

struct Rule {
  std::string_view kind;
  Messages (*check)(std::string_view);
};
/// All others are subdomains.
constexpr std::array<Rule, 7> kRules = {{
    {"service", old_label},
    {"namespace", label},
    {"certificatesigningrequest", anything},
    {"role", path_segment},
    {"clusterrole", path_segment},
    {"rolebinding", path_segment},
    {"clusterrolebinding", path_segment},
}};

struct Deprecation {
  std::string_view api_version;
  std::string_view kind;
  int since;    ///< 1.since
  int removed;  ///< 1.removed, 0: not known
  std::string_view instead;
};
// Written by tests/oracle/lint from k8s.io/client-go.
constexpr auto kDeprecations = std::to_array<Deprecation>({
#include "helm/lint_deprecations.inc"
});

}  // namespace

std::optional<std::string> name_complaint(const LintObject& object) {
  const auto rule = std::ranges::find(kRules, to_lower_ascii(object.kind), &Rule::kind);
  const Messages messages =
      rule == kRules.end() ? subdomain(object.name) : rule->check(object.name);
  if (messages.empty()) return std::nullopt;
  const std::string quoted = gotmpl::quote(object.name);
  std::string all;
  for (const std::string& message : messages)
    all += fmt::format("{}metadata.name: Invalid value: {}: {}", all.empty() ? "" : ", ", quoted,
                       message);
  if (messages.size() > 1) all = "[" + all + "]";
  return fmt::format("object name does not conform to Kubernetes naming requirements: {}: {}",
                     quoted, all);
}

std::optional<std::string> deprecation_complaint(const LintObject& object, int major, int minor) {
  const auto found = std::ranges::find_if(kDeprecations, [&](const Deprecation& item) {
    return item.kind == object.kind && item.api_version == object.api_version;
  });
  if (found == kDeprecations.end()) return std::nullopt;
  // Go takes 0.0 for a version that isn't known.
  const bool known = major != 0 || minor != 0;
  if (known && (major < 1 || (major == 1 && found->since > minor))) return std::nullopt;
  std::string out =
      fmt::format("{} {} is deprecated in v1.{}+", object.api_version, object.kind, found->since);
  if (found->removed != 0) out += fmt::format(", unavailable in v1.{}+", found->removed);
  if (!found->instead.empty()) out += fmt::format("; use {}", found->instead);
  return out;
}

}  // namespace tiphys::helm
