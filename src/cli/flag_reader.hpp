#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::cli {

/// What every command over a chart takes.
struct ChartFlags {
  helm::Profile profile = helm::Profile::v4_2;
  std::vector<std::string> arguments;
  std::vector<helm::ValueInput> values;  ///< in the order of the command line; files not read yet
  std::string namespace_;                ///< "" is "default"
  std::string kube_version;
  bool skip_schema_validation = false;
  bool debug = false;
};

struct TextFlag {
  std::string_view name;
  char letter = '\0';
  std::function<base::Status(const std::string&)> set;
};

struct BoolFlag {
  std::string_view name;
  bool* field = nullptr;
  char letter = '\0';
};

/// How the value of a flag is read that is then ignored.
enum class ValueKind : std::uint8_t { text, duration, integer };

struct IgnoredFlag {
  std::string_view name;
  ValueKind kind = ValueKind::text;
};

/// The flags of one command, bound to where their values go (which must outlive it).
struct FlagTable {
  std::vector<TextFlag> texts;
  std::vector<BoolFlag> bools;
  /// Switches of Helm's that change nothing for a chart on the disk.
  std::vector<std::string_view> ignored;
  /// The same with a value, which is still read as pflag would.
  std::vector<IgnoredFlag> ignored_values;
  /// Called for what is none of the above: an error for a flag of Helm's that is refused.
  std::function<base::Status(std::string_view name, std::string_view value)> refuse;
};

TextFlag text_flag(std::string_view name, char letter, std::string& field);
/// Go's strconv.ParseBool.
std::optional<bool> parse_bool(std::string_view text);
/// Adds the flags of ChartFlags, --helm-version among them, and Helm's global ones.
void add_chart_flags(FlagTable& table, ChartFlags& flags);

/// Is the user asking for help: --help or -h before a lone `--`?
bool wants_help(std::span<const std::string> args);

/// One field of a CSV line each, with Go's quoting: for the flags that pflag splits at commas.
std::vector<std::string> split_csv(std::string_view text);

/// Reads a command line as pflag does: flags anywhere, `--name=value` or `--name value`,
/// `-f value`, `-fvalue`; what is left are the arguments. Errors: Invalid with pflag's texts.
base::Result<std::vector<std::string>> read_flags(std::span<const std::string> args,
                                                  const FlagTable& table);

}  // namespace tiphys::cli
