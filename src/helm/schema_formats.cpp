#include "helm/schema_formats.hpp"

#include "helm/schema_problems.hpp"
#include "helm/schema_rules.hpp"
#include "helm/text.hpp"

#include "tiphys/sprig/regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace tiphys::helm {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 6901.
std::string json_pointer_problem(std::string_view text) {
  if (text.empty()) return "";
  if (!text.starts_with('/')) return "not starting with /";
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1'))
      return "~ must be followed by 0 or 1";
  return "";
}

std::string relative_json_pointer_problem(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  if (digits == 0) return "must start with non-negative integer";
  if (digits > 1 && text[0] == '0') return "starts with zero";
  text.remove_prefix(digits);
  return text == "#" ? "" : json_pointer_problem(text);
}

std::string uuid_problem(std::string_view text) {
  constexpr std::array<std::size_t, 5> kSizes = {8, 4, 4, 4, 12};
  const auto groups = split(text, '-');
  if (groups.size() != kSizes.size()) return fmt::format("must have {} elements", kSizes.size());
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    if (groups[i].size() != kSizes.at(i))
      return fmt::format("element {} must be {} characters long", i + 1, kSizes.at(i));
    for (std::size_t at = 0; at < groups[i].size();) {
      const std::size_t start = at;
      const char32_t rune = next_rune(groups[i], at);
      if (rune >= 0x80 || std::isxdigit(static_cast<int>(rune)) == 0)
        return "non-hex character " + quoted(groups[i].substr(start, at - start));
    }
  }
  return "";
}

/// Identifiers of a version's build or pre-release.
std::string identifiers_problem(std::string_view text, std::string_view where) {
  for (std::string_view const id : split(text, '.')) {
    if (id.empty()) return fmt::format("{} identifier is empty", where);
    if (const std::string_view odd = odd_rune(id, "-"); !odd.empty())
      return fmt::format("invalid character {} in {} identifier", quoted(odd), where);
    if (where == "pre-release" && id.size() > 1 && id[0] == '0' &&
        std::ranges::all_of(id, is_digit))
      return "pre-release numeric identifier starts with zero";
  }
  return "";
}

std::string semver_problem(std::string_view text) {
  std::string problem;
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    if (plus + 1 == text.size()) return "build is empty";
    problem = identifiers_problem(text.substr(plus + 1), "build");
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos && problem.empty()) {
    problem = identifiers_problem(text.substr(dash + 1), "pre-release");
    text = text.substr(0, dash);
  }
  if (!problem.empty()) return problem;
  constexpr std::array<std::string_view, 3> kNames = {"major", "minor", "patch"};
  const auto numbers = split(text, '.');
  if (numbers.size() != kNames.size()) return "versionCore must have 3 numbers separated by dot";
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (numbers[i].empty()) return fmt::format("{} is empty", kNames.at(i));
    if (numbers[i].size() > 1 && numbers[i][0] == '0')
      return fmt::format("{} starts with zero", kNames.at(i));
    if (!std::ranges::all_of(numbers[i], is_digit))
      return fmt::format("{} contains non-digit", kNames.at(i));
  }
  return "";
}

std::string regex_problem(std::string_view text) {
  const auto regex = sprig::Regex::compile(text);
  return regex.ok() ? "" : regex.error().text();
}

struct Format {
  std::string_view name;
  std::string (*problem)(std::string_view);
};
constexpr std::array<Format, 19> kFormats = {{
    {"hostname", hostname_problem},
    {"ipv4", ipv4_problem},
    {"ipv6", ipv6_problem},
    {"email", email_problem},
    {"uri", uri_problem},
    {"iri", uri_problem},
    {"uri-reference", uri_reference_problem},
    {"iri-reference", uri_reference_problem},
    {"uri-template", uri_template_problem},
    {"date", date_problem},
    {"time", time_problem},
    {"date-time", date_time_problem},
    {"duration", duration_problem},
    {"period", period_problem},
    {"regex", regex_problem},
    {"uuid", uuid_problem},
    {"semver", semver_problem},
    {"json-pointer", json_pointer_problem},
    {"relative-json-pointer", relative_json_pointer_problem},
}};

}  // namespace

std::string within(std::string_view part, const std::string& problem) {
  return problem.empty() ? "" : fmt::format("invalid {}: {}", part, problem);
}

std::string format_finding(std::string_view format, const value::Value& value) {
  if (format.empty() || !value.is_string()) return {};
  const auto found = std::ranges::find(kFormats, format, &Format::name);
  if (found == kFormats.end()) return {};
  const std::string problem = found->problem(value.string());
  if (problem.empty()) return {};
  return fmt::format("{} is not valid {}: {}", quoted(value.string()), format, problem);
}

}  // namespace tiphys::helm
