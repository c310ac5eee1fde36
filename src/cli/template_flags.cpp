#include "cli/template_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

namespace {

/// Flags of Helm's that change nothing for a chart on the disk.
constexpr std::string_view kIgnored[] = {
    "skip-crds",     "dependency-update",
    "atomic",        "disable-openapi-validation",
    "replace",       "create-namespace",
    "force",         "render-subchart-notes",
    "devel",         "hide-notes",
    "plain-http",    "rollback-on-failure",
    "wait-for-jobs", "insecure-skip-tls-verify",
    "hide-secret",   "pass-credentials",
    "force-replace", "take-ownership",
    "wait",          "force-conflicts",
};
/// The same, with a value.
constexpr IgnoredFlag kIgnoredValues[] = {
    {"description"}, {"version"}, {"username"},
    {"password"},    {"ca-file"}, {"cert-file"},
    {"key-file"},    {"keyring"}, {"timeout", ValueKind::duration},
    {"server-side"},
};

/// --dry-run takes a value only behind `=`.
Status check_dry_run(std::string_view value) {
  constexpr std::array<std::string_view, 6> kKnown = {"",     "true",   "false",
                                                      "none", "client", "server"};
  if (std::ranges::find(kKnown, value) != kKnown.end()) return {};
  return Error(Code::Invalid,
               fmt::format("invalid dry-run value (\"{}\"). Must be \"none\", \"server\", or "
                           "\"client\"",
                           value));
}

Status check_labels(const std::string& text) {
  for (const std::string& label : split_csv(text)) {
    if (!label.contains('='))
      return Error(Code::Invalid,
                   fmt::format("invalid argument \"{}\" for \"-l, --labels\" flag: {} must be "
                               "formatted as key=value",
                               text, label));
  }
  return {};
}

Status refuse(std::string_view name, std::string_view value) {
  if (name == "validate" || (name == "dry-run" && value == "server"))
    return Error(Code::Unimplemented, fmt::format("not supported: --{} (needs a cluster)", name));
  if (name == "enable-dns" || name == "repo" || name == "verify" ||
      name.starts_with("post-renderer"))
    return Error(Code::Unimplemented, fmt::format("not supported: --{}", name));
  return name == "dry-run" ? check_dry_run(value) : Status();
}

FlagTable make_table(TemplateFlags& flags) {
  FlagTable table;
  add_chart_flags(table, flags);
  table.texts.push_back({"api-versions", 'a', [&flags](const std::string& value) -> Status {
                           for (std::string& version : split_csv(value))
                             flags.api_versions.push_back(std::move(version));
                           return {};
                         }});
  table.texts.push_back({"show-only", 's', [&flags](const std::string& value) -> Status {
                           flags.show_only.push_back(value);
                           return {};
                         }});
  // Labels of the release, which nothing printed depends on.
  table.texts.push_back({"labels", 'l', check_labels});
  table.texts.push_back(text_flag("name-template", '\0', flags.name_template));
  table.texts.push_back(text_flag("output-dir", '\0', flags.output_dir));
  table.bools.insert(table.bools.end(), {{"include-crds", &flags.include_crds},
                                         {"skip-tests", &flags.skip_tests},
                                         {"no-hooks", &flags.no_hooks},
                                         {"is-upgrade", &flags.is_upgrade},
                                         {"release-name", &flags.use_release_name},
                                         {"generate-name", &flags.generate_name, 'g'}});
  table.ignored.insert(table.ignored.end(), std::begin(kIgnored), std::end(kIgnored));
  table.ignored.emplace_back("dry-run");
  table.ignored_values.insert(table.ignored_values.end(), std::begin(kIgnoredValues),
                              std::end(kIgnoredValues));
  table.refuse = refuse;
  return table;
}

}  // namespace

Result<TemplateFlags> parse_template_flags(std::span<const std::string> args) {
  TemplateFlags flags;
  TRY_ASSIGN(flags.arguments, read_flags(args, make_table(flags)));
  if (flags.arguments.empty())
    return Error(Code::Invalid,
                 "\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] "
                 "[CHART] [flags]");
  return flags;
}

}  // namespace tiphys::cli
