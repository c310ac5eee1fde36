#include "cli/template_flags.hpp"

#include <fmt/format.h>

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
    "verify",        "rollback-on-failure",
    "plain-http",    "insecure-skip-tls-verify",
    "wait-for-jobs", "pass-credentials",
    "dry-run",       "take-ownership",
    "wait",          "hide-secret",
    "force-replace", "force-conflicts",
};
/// The same, with a value.
constexpr std::string_view kIgnoredValues[] = {
    "description", "version",  "repo",    "username", "password",    "ca-file",
    "cert-file",   "key-file", "keyring", "timeout",  "server-side",
};

Status refuse(std::string_view name, std::string_view value) {
  if (name == "validate" || (name == "dry-run" && value == "server"))
    return Error(Code::Unimplemented, fmt::format("not supported: --{} (needs a cluster)", name));
  if (name == "enable-dns" || name.starts_with("post-renderer"))
    return Error(Code::Unimplemented, fmt::format("not supported: --{}", name));
  return {};
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
  table.texts.push_back({"labels", 'l', [](const std::string&) -> Status { return {}; }});
  table.texts.push_back(text_flag("name-template", '\0', flags.name_template));
  table.texts.push_back(text_flag("output-dir", '\0', flags.output_dir));
  table.bools.insert(table.bools.end(), {{"include-crds", &flags.include_crds},
                                         {"skip-tests", &flags.skip_tests},
                                         {"no-hooks", &flags.no_hooks},
                                         {"is-upgrade", &flags.is_upgrade},
                                         {"release-name", &flags.use_release_name},
                                         {"generate-name", &flags.generate_name, 'g'}});
  table.ignored.insert(table.ignored.end(), std::begin(kIgnored), std::end(kIgnored));
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
