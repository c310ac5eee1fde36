#include "cli/flag_reader.hpp"

#include "tiphys/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using helm::InputRole;

namespace {

constexpr IgnoredFlag kGlobalValues[] = {
    {"kubeconfig"},
    {"kube-context"},
    {"kube-token"},
    {"kube-as-user"},
    {"kube-as-group"},
    {"kube-ca-file"},
    {"kube-apiserver"},
    {"burst-limit", ValueKind::integer},
    {"kube-tls-server-name"},
    {"qps"},
    {"color"},
    {"colour"},
    {"registry-config"},
    {"repository-cache"},
    {"content-cache"},
    {"repository-config"},
};
constexpr std::string_view kGlobals[] = {"no-color", "kube-insecure-skip-tls-verify"};

Error invalid(std::string text) { return {Code::Invalid, std::move(text)}; }

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Error bad_bool(std::string_view name, std::string_view value) {
  return invalid(
      fmt::format("invalid argument \"{0}\" for \"--{1}\" flag: strconv.ParseBool: "
                  "parsing \"{0}\": invalid syntax",
                  value, name));
}

Status check_value(const IgnoredFlag& flag, const std::string& value) {
  if (flag.kind == ValueKind::duration) {
    if (const auto parsed = text::parse_duration(value); !parsed.ok())
      return invalid(fmt::format("invalid argument \"{}\" for \"--{}\" flag: {}", value, flag.name,
                                 parsed.error().text()));
  }
  if (flag.kind == ValueKind::integer) {
    std::int64_t number = 0;
    const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
    if (end.ec != std::errc() || end.ptr != value.data() + value.size())
      return invalid(
          fmt::format("invalid argument \"{0}\" for \"--{1}\" flag: strconv.ParseInt: parsing "
                      "\"{0}\": invalid syntax",
                      value, flag.name));
  }
  return {};
}

/// Walks the command line.
class Reader {
 public:
  Reader(std::span<const std::string> args, const FlagTable& table) : args_(args), table_(table) {}

  Result<std::vector<std::string>> run() {
    bool only_arguments = false;
    while (at_ < args_.size()) {
      const std::string& arg = args_[at_++];
      if (only_arguments || arg.size() < 2 || arg.front() != '-') {
        arguments_.push_back(arg);
      } else if (arg == "--") {
        only_arguments = true;
      } else if (arg.starts_with("--")) {
        TRY(long_flag(arg));
      } else {
        TRY(letters(arg));
      }
    }
    return std::move(arguments_);
  }

 private:
  Status long_flag(const std::string& arg) {
    const std::size_t equals = arg.find('=');
    const std::string name = arg.substr(2, equals == std::string::npos ? equals : equals - 2);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = arg.substr(equals + 1);
    for (const BoolFlag& flag : table_.bools)
      if (flag.name == name) return set_bool(flag, value);
    for (const TextFlag& flag : table_.texts) {
      if (flag.name != name) continue;
      if (!value && at_ == args_.size())
        return invalid(fmt::format("flag needs an argument: --{}", name));
      return flag.set(value ? *value : args_[at_++]);
    }
    if (table_.refuse) TRY(table_.refuse(name, value.value_or("")));
    if (holds(table_.ignored, name)) {
      const bool checked = name == "dry-run" || name == "wait";  // by the command; words
      if (value && !checked && !parse_bool(*value)) return bad_bool(name, *value);
      return {};
    }
    for (const IgnoredFlag& flag : table_.ignored_values) {
      if (flag.name != name) continue;
      if (!value && at_ == args_.size())
        return invalid(fmt::format("flag needs an argument: --{}", name));
      return check_value(flag, value ? *value : args_[at_++]);
    }
    return invalid(fmt::format("unknown flag: --{}", name));
  }

  static Status set_bool(const BoolFlag& flag, const std::optional<std::string>& value) {
    const auto parsed = value ? parse_bool(*value) : true;
    if (!parsed) return bad_bool(flag.name, *value);
    *flag.field = *parsed;
    return {};
  }

  Status letters(const std::string& arg) {
    for (const BoolFlag& flag : table_.bools)
      if (flag.letter != '\0' && flag.letter == arg[1] && arg.size() == 2)
        return set_bool(flag, std::nullopt);
    for (const TextFlag& flag : table_.texts) {
      if (flag.letter == '\0' || flag.letter != arg[1]) continue;
      if (arg.size() > 2) return flag.set(arg.substr(arg[2] == '=' ? 3 : 2));
      if (at_ == args_.size())
        return invalid(fmt::format("flag needs an argument: '{}' in {}", arg[1], arg));
      return flag.set(args_[at_++]);
    }
    return invalid(fmt::format("unknown shorthand flag: '{}' in {}", arg[1], arg));
  }

  std::span<const std::string> args_;
  const FlagTable& table_;
  std::size_t at_ = 0;
  std::vector<std::string> arguments_;
};

TextFlag family(std::string_view name, InputRole role, ChartFlags& flags) {
  return {name, '\0', [role, &flags](const std::string& value) -> Status {
            flags.values.push_back({role, "", value, {}, ""});
            return {};
          }};
}

Status set_profile(ChartFlags& flags, const std::string& value) {
  const auto profile = helm::parse_profile(value);
  if (!profile) return invalid(fmt::format("--helm-version {}: known are 4.2 and 3.21", value));
  flags.profile = *profile;
  return {};
}

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
  for (std::string_view const yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (std::string_view const no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

bool wants_help(std::span<const std::string> args) {
  for (const std::string& arg : args) {
    if (arg == "--") return false;
    if (arg == "--help" || arg == "-h") return true;
  }
  return false;
}

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

TextFlag text_flag(std::string_view name, char letter, std::string& field) {
  return {name, letter, [&field](const std::string& value) -> Status {
            field = value;
            return {};
          }};
}

void add_chart_flags(FlagTable& table, ChartFlags& flags) {
  table.texts.push_back({"values", 'f', [&flags](const std::string& value) -> Status {
                           for (std::string& path : split_csv(value))
                             flags.values.push_back({InputRole::file, std::move(path), "", {}, ""});
                           return {};
                         }});
  table.texts.push_back({"helm-version", '\0',
                         [&flags](const std::string& value) { return set_profile(flags, value); }});
  table.texts.push_back(family("set", InputRole::set, flags));
  table.texts.push_back(family("set-string", InputRole::set_string, flags));
  table.texts.push_back(family("set-json", InputRole::set_json, flags));
  table.texts.push_back(family("set-file", InputRole::set_file, flags));
  table.texts.push_back(family("set-literal", InputRole::set_literal, flags));
  table.texts.push_back(text_flag("namespace", 'n', flags.namespace_));
  table.texts.push_back(text_flag("kube-version", '\0', flags.kube_version));
  table.bools.push_back({"skip-schema-validation", &flags.skip_schema_validation});
  table.bools.push_back({"debug", &flags.debug});
  table.ignored.insert(table.ignored.end(), std::begin(kGlobals), std::end(kGlobals));
  table.ignored_values.insert(table.ignored_values.end(), std::begin(kGlobalValues),
                              std::end(kGlobalValues));
}

Result<std::vector<std::string>> read_flags(std::span<const std::string> args,
                                            const FlagTable& table) {
  return Reader(args, table).run();
}

}  // namespace tiphys::cli
