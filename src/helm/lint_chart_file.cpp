#include "helm/go_decode.hpp"
#include "helm/lint_addresses.hpp"
#include "helm/lint_run.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/metadata.hpp"
#include "tiphys/text/semver.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::helm {

using base::FileKind;
using value::Value;

namespace {

constexpr std::string_view kFile = "Chart.yaml";

/// The file's key must be a string before anything is coerced.
Complaint type_of(const Value& tree, std::string_view key) {
  const Value* found = tree.is_map() ? tree.map().find(key) : nullptr;
  if (found == nullptr || found->is_string()) return std::nullopt;
  return fmt::format("{} should be of type string but it's of type {}", key,
                     found->is_null() ? "<nil>" : gotmpl::type_name(*found));
}

Complaint name(const Metadata& chart) {
  if (chart.name.empty()) return "name is required";
  if (chart.name == "/" || !chart.name.contains('/')) return std::nullopt;
  return fmt::format("chart name {} is invalid", gotmpl::quote(chart.name));
}

Complaint api_version(const Metadata& chart) {
  constexpr std::string_view kAllowed = "The value must be either \"v1\" or \"v2\"";
  if (chart.api_version.empty()) return fmt::format("apiVersion is required. {}", kAllowed);
  if (chart.api_version == "v1" || chart.api_version == "v2") return std::nullopt;
  return fmt::format("apiVersion '{}' is not valid. {}", chart.api_version, kAllowed);
}

Complaint version(const Metadata& chart) {
  if (chart.version.empty()) return "version is required";
  const auto parsed = text::parse_version(chart.version);
  if (!parsed.ok()) return fmt::format("version '{}' is not a valid SemVer", chart.version);
  const auto lowest = text::Constraints::parse(">0.0.0-0");
  if (!lowest.ok()) return lowest.error().text();
  const auto reasons = lowest->reasons(*parsed);
  if (reasons.empty()) return std::nullopt;
  return fmt::format("version {}", reasons.front());
}

Complaint strict_version(const Metadata& chart) {
  if (text::parse_strict_version(chart.version).ok()) return std::nullopt;
  return fmt::format("version '{}' is not a valid SemVerV2", chart.version);
}

Complaint maintainers(const Metadata& chart) {
  for (const Maintainer& person : chart.maintainers) {
    if (person.is_null) return "a maintainer entry is empty";
    if (person.name.empty()) return "each maintainer requires a name";
    if (!person.email.empty() && !is_email_address(person.email))
      return fmt::format("invalid email '{}' for maintainer '{}'", person.email, person.name);
    if (!person.url.empty() && !is_web_address(person.url))
      return fmt::format("invalid url '{}' for maintainer '{}'", person.url, person.name);
  }
  return std::nullopt;
}

Complaint sources(const Metadata& chart) {
  for (const std::string& source : chart.sources)
    if (!is_absolute_url(source)) return fmt::format("invalid source URL '{}'", source);
  return std::nullopt;
}

Complaint icon(const Metadata& chart) {
  if (chart.icon.empty()) return "icon is recommended";
  return std::nullopt;
}

Complaint icon_url(const Metadata& chart) {
  if (chart.icon.empty() || is_absolute_url(chart.icon)) return std::nullopt;
  return fmt::format("invalid icon URL '{}'", chart.icon);
}

Complaint type(const Metadata& chart) {
  if (chart.type.empty() || chart.api_version == "v2") return std::nullopt;
  return fmt::format("chart type is not valid in apiVersion '{}'. It is valid in apiVersion 'v2'",
                     chart.api_version);
}

Complaint dependencies(const Metadata& chart) {
  if (chart.dependencies.empty() || chart.api_version == "v2") return std::nullopt;
  return fmt::format(
      "dependencies are not valid in the Chart file with apiVersion '{}'. They are "
      "valid in apiVersion 'v2'",
      chart.api_version);
}

struct Rule {
  LintSeverity severity;
  Complaint (*check)(const Metadata&);
};
constexpr std::array<Rule, 6> kRules = {{
    {LintSeverity::error, maintainers},
    {LintSeverity::error, sources},
    {LintSeverity::info, icon},
    {LintSeverity::error, icon_url},
    {LintSeverity::error, type},
    {LintSeverity::error, dependencies},
}};

}  // namespace

void lint_chart_file(LintRun& run) {
  if (run.kind(kFile) == FileKind::directory)
    run.rule(LintSeverity::error, kFile, "should be a file, not a directory");
  const auto file = run.read(kFile);
  const auto chart =
      file.ok() ? parse_metadata(*file, run.input.profile) : base::Result<Metadata>(file.error());
  if (!chart.ok()) {
    run.rule(LintSeverity::error, kFile, "unable to parse YAML\n\t" + chart.error().text());
    return;
  }
  if (!run.is_v3())
    if (const auto strict = check_metadata_keys(*file); !strict.ok())
      run.rule(LintSeverity::warning, kFile,
               "failed to strictly parse chart metadata file\n\t" + strict.error().text());
  const auto tree = decode_yaml(*file, true);
  const Value plain = tree.ok() ? *tree : Value();
  run.rule(LintSeverity::error, kFile, name(*chart));
  run.rule(LintSeverity::error, kFile, api_version(*chart));
  run.rule(LintSeverity::error, kFile, type_of(plain, "version"));
  run.rule(LintSeverity::error, kFile, version(*chart));
  run.rule(LintSeverity::error, kFile, type_of(plain, "appVersion"));
  for (const Rule& rule : kRules) run.rule(rule.severity, kFile, rule.check(*chart));
  if (!run.is_v3()) run.rule(LintSeverity::warning, kFile, strict_version(*chart));
}

}  // namespace tiphys::helm
