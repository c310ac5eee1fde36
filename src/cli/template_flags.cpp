#include "cli/template_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

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

/// 4.2: one switch for all. "" is the flag alone, which means client.
Status read_dry_run(TemplateFlags& flags) {
  if (flags.validate && flags.dry_run)
    return Error(Code::Invalid,
                 "if any flags in the group [validate dry-run] are set none of the others can be; "
                 "[dry-run validate] were all set");
  const std::string value = flags.dry_run.value_or("client");
  const auto boolean = parse_bool(value);
  if (value == "none" || boolean == false)
    return Error(
        Code::Invalid,
        fmt::format("invalid dry-run value (\"{}\"). Must be \"server\" or \"client\"", value));
  if (!value.empty() && value != "client" && value != "server" && !boolean)
    return Error(Code::Invalid,
                 fmt::format("invalid dry-run value (\"{}\"). Must be \"none\", \"server\", or "
                             "\"client\"",
                             value));
  flags.asks_lookup = flags.asks_capabilities = flags.validate || value == "server";
  return {};
}

/// 3.21: --dry-run is about lookup, --validate about what the server can.
Status read_dry_run_v3(TemplateFlags& flags) {
  constexpr std::array<std::string_view, 6> kKnown = {"",     "true",   "false",
                                                      "none", "client", "server"};
  constexpr std::array<std::string_view, 3> kAsking = {"server", "none", "false"};
  const std::string value = flags.dry_run.value_or("");
  if (std::ranges::find(kKnown, value) == kKnown.end())
    return Error(Code::Invalid,
                 "Invalid dry-run flag. Flag must one of the following: false, true, none, client, "
                 "server");
  flags.asks_lookup = std::ranges::find(kAsking, value) != kAsking.end();
  flags.asks_capabilities = flags.validate;
  return {};
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

Status refuse(std::string_view name) {
  if (name == "enable-dns" || name == "repo" || name == "verify" ||
      name.starts_with("post-renderer"))
    return Error(Code::Unimplemented, fmt::format("not supported: --{}", name));
  return {};
}

void add_cluster_flags(FlagTable& table, ClusterFlags& flags) {
  for (const auto& [name, field] : std::initializer_list<std::pair<const char*, std::string*>>{
           {"kubeconfig", &flags.kubeconfig},
           {"kube-context", &flags.context},
           {"kube-apiserver", &flags.api_server},
           {"kube-token", &flags.token},
           {"kube-as-user", &flags.user},
           {"kube-ca-file", &flags.ca_file},
           {"kube-tls-server-name", &flags.tls_server_name}})
    table.texts.push_back(text_flag(name, '\0', *field));
  table.texts.push_back({"kube-as-group", '\0', [&flags](const std::string& value) -> Status {
                           flags.groups.push_back(value);
                           return {};
                         }});
  table.bools.push_back({"kube-insecure-skip-tls-verify", &flags.insecure});
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
                                         {"validate", &flags.validate},
                                         {"generate-name", &flags.generate_name, 'g'}});
  add_cluster_flags(table, flags.cluster);
  table.ignored.insert(table.ignored.end(), std::begin(kIgnored), std::end(kIgnored));
  table.ignored.emplace_back("dry-run");
  table.ignored_values.insert(table.ignored_values.end(), std::begin(kIgnoredValues),
                              std::end(kIgnoredValues));
  // --dry-run takes a value only behind `=`.
  table.refuse = [&flags](std::string_view name, std::string_view value) {
    if (name == "dry-run") flags.dry_run = value;
    return refuse(name);
  };
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
  TRY(flags.profile == helm::Profile::v3_21 ? read_dry_run_v3(flags) : read_dry_run(flags));
  return flags;
}

}  // namespace tiphys::cli
