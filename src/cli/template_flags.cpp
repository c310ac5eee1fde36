#include "cli/template_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using helm::InputRole;

namespace {

Error invalid(std::string text) { return {Code::Invalid, std::move(text)}; }

/// One field of a CSV line with Go's quoting rules, for the flags that pflag splits at commas.
std::vector<std::string> split_csv(std::string_view text) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      out.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::optional<bool> parse_bool(std::string_view text) {
  for (std::string_view const yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (std::string_view const no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

struct TextFlag {
  std::string_view name;
  char letter;
  std::function<Status(TemplateFlags&, const std::string&)> set;
};

struct BoolFlag {
  std::string_view name;
  bool TemplateFlags::* field;
};

TextFlag family(std::string_view name, InputRole role) {
  return {name, '\0', [role](TemplateFlags& flags, const std::string& value) -> Status {
            flags.values.push_back({role, "", value, {}, ""});
            return {};
          }};
}

TextFlag text(std::string_view name, char letter, std::string TemplateFlags::* field) {
  return {name, letter, [field](TemplateFlags& flags, const std::string& value) -> Status {
            flags.*field = value;
            return {};
          }};
}

Status add_files(TemplateFlags& flags, const std::string& value) {
  for (std::string& path : split_csv(value))
    flags.values.push_back({InputRole::file, std::move(path), "", {}, ""});
  return {};
}

Status add_versions(TemplateFlags& flags, const std::string& value) {
  for (std::string& version : split_csv(value)) flags.api_versions.push_back(std::move(version));
  return {};
}

Status set_profile(TemplateFlags& flags, const std::string& value) {
  const auto profile = helm::parse_profile(value);
  if (!profile) return invalid(fmt::format("--helm-version {}: known are 4.2 and 3.21", value));
  flags.profile = *profile;
  return {};
}

const std::vector<TextFlag>& text_flags() {
  static const std::vector<TextFlag> kFlags = {
      {"values", 'f', add_files},
      {"api-versions", 'a', add_versions},
      {"helm-version", '\0', set_profile},
      {"show-only", 's',
       [](TemplateFlags& flags, const std::string& value) -> Status {
         flags.show_only.push_back(value);
         return {};
       }},
      family("set", InputRole::set),
      family("set-string", InputRole::set_string),
      family("set-json", InputRole::set_json),
      family("set-file", InputRole::set_file),
      family("set-literal", InputRole::set_literal),
      text("namespace", 'n', &TemplateFlags::namespace_),
      text("name-template", '\0', &TemplateFlags::name_template),
      text("kube-version", '\0', &TemplateFlags::kube_version),
      text("output-dir", '\0', &TemplateFlags::output_dir),
  };
  return kFlags;
}

const std::vector<BoolFlag>& bool_flags() {
  static const std::vector<BoolFlag> kFlags = {
      {"include-crds", &TemplateFlags::include_crds},
      {"skip-tests", &TemplateFlags::skip_tests},
      {"no-hooks", &TemplateFlags::no_hooks},
      {"is-upgrade", &TemplateFlags::is_upgrade},
      {"skip-schema-validation", &TemplateFlags::skip_schema_validation},
      {"release-name", &TemplateFlags::use_release_name},
      {"generate-name", &TemplateFlags::generate_name},
      {"debug", &TemplateFlags::debug},
  };
  return kFlags;
}

/// Flags of Helm's that change nothing for a chart on the disk.
constexpr std::string_view kIgnored[] = {
    "skip-crds",     "dependency-update",
    "atomic",        "disable-openapi-validation",
    "replace",       "create-namespace",
    "force",         "render-subchart-notes",
    "devel",         "hide-notes",
    "verify",        "rollback-on-failure",
    "plain-http",    "insecure-skip-tls-verify",
    "no-color",      "kube-insecure-skip-tls-verify",
    "wait-for-jobs", "pass-credentials",
    "dry-run",       "take-ownership",
    "wait",          "hide-secret",
    "force-replace", "force-conflicts",
};
/// The same, with a value.
constexpr std::string_view kIgnoredValues[] = {
    "description",   "version",           "repo",         "username",
    "password",      "ca-file",           "cert-file",    "key-file",
    "keyring",       "timeout",           "labels",       "kubeconfig",
    "kube-context",  "kube-token",        "kube-as-user", "kube-as-group",
    "kube-ca-file",  "kube-apiserver",    "burst-limit",  "kube-tls-server-name",
    "qps",           "registry-config",   "color",        "repository-cache",
    "content-cache", "repository-config", "server-side",
};

template <std::size_t N>
bool is_one_of(const std::string_view (&names)[N], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

/// Walks the command line.
class Reader {
 public:
  explicit Reader(std::span<const std::string> args) : args_(args) {}

  Result<TemplateFlags> run() {
    bool only_arguments = false;
    while (at_ < args_.size()) {
      const std::string& arg = args_[at_++];
      if (only_arguments || arg.size() < 2 || arg.front() != '-') {
        flags_.arguments.push_back(arg);
      } else if (arg == "--") {
        only_arguments = true;
      } else if (arg.starts_with("--")) {
        TRY(long_flag(arg));
      } else {
        TRY(letters(arg));
      }
    }
    if (flags_.arguments.empty())
      return invalid(
          "\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] "
          "[flags]");
    return std::move(flags_);
  }

 private:
  Status long_flag(const std::string& arg) {
    const std::size_t equals = arg.find('=');
    const std::string name = arg.substr(2, equals == std::string::npos ? equals : equals - 2);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = arg.substr(equals + 1);
    for (const BoolFlag& flag : bool_flags())
      if (flag.name == name) return set_bool(flag, value);
    for (const TextFlag& flag : text_flags()) {
      if (flag.name != name) continue;
      if (!value && at_ == args_.size())
        return invalid(fmt::format("flag needs an argument: --{}", name));
      return flag.set(flags_, value ? *value : args_[at_++]);
    }
    if (name == "validate" || (name == "dry-run" && value == "server"))
      return Error(Code::Unimplemented, fmt::format("not supported: --{} (needs a cluster)", name));
    if (is_one_of(kIgnored, name)) return {};
    if (is_one_of(kIgnoredValues, name)) {
      if (!value && at_++ == args_.size())
        return invalid(fmt::format("flag needs an argument: --{}", name));
      return {};
    }
    if (name == "enable-dns" || name.starts_with("post-renderer"))
      return Error(Code::Unimplemented, fmt::format("not supported: --{}", name));
    return invalid(fmt::format("unknown flag: --{}", name));
  }

  Status set_bool(const BoolFlag& flag, const std::optional<std::string>& value) {
    const auto parsed = value ? parse_bool(*value) : true;
    if (!parsed)
      return invalid(
          fmt::format("invalid argument \"{0}\" for \"--{1}\" flag: strconv.ParseBool: "
                      "parsing \"{0}\": invalid syntax",
                      *value, flag.name));
    flags_.*flag.field = *parsed;
    return {};
  }

  Status letters(const std::string& arg) {
    if (arg[1] == 'g' && arg.size() == 2) {
      flags_.generate_name = true;
      return {};
    }
    if (arg[1] == 'l') return labels(arg);
    for (const TextFlag& flag : text_flags()) {
      if (flag.letter == '\0' || flag.letter != arg[1]) continue;
      if (arg.size() > 2) return flag.set(flags_, arg.substr(arg[2] == '=' ? 3 : 2));
      if (at_ == args_.size())
        return invalid(fmt::format("flag needs an argument: '{}' in {}", arg[1], arg));
      return flag.set(flags_, args_[at_++]);
    }
    return invalid(fmt::format("unknown shorthand flag: '{}' in {}", arg[1], arg));
  }

  /// -l: labels of the release, which nothing printed depends on.
  Status labels(const std::string& arg) {
    if (arg.size() == 2 && at_++ == args_.size())
      return invalid(fmt::format("flag needs an argument: 'l' in {}", arg));
    return {};
  }

  std::span<const std::string> args_;
  std::size_t at_ = 0;
  TemplateFlags flags_;
};

}  // namespace

Result<TemplateFlags> parse_template_flags(std::span<const std::string> args) {
  return Reader(args).run();
}

}  // namespace tiphys::cli
