#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/manifests.hpp"
#include "tiphys/sprig/entropy.hpp"
#include "tiphys/text/go_date.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Which Helm to be equal to. v4_2 is 4.2.4, v3_21 is 3.21.4.
enum class Profile : std::uint8_t { v4_2, v3_21 };
/// "4.2", "4.2.4", "3.21", "3.21.4"; nullopt for any other.
std::optional<Profile> parse_profile(std::string_view text);

/// Where the chart is: a folder of a tree (a commit, a disk, a memory tree), or an archive's bytes.
struct ChartSource {
  std::shared_ptr<const base::FileTree> tree;
  std::string path;
  std::string archive;  ///< the bytes of a .tgz; tree is null then
  std::string shown;    ///< how error texts name the folder (not part of the cache key)
};

enum class InputRole : std::uint8_t {
  file,      ///< -f: `text` is YAML, `path` its name in error texts
  object,    ///< -f whose content is `tree` already (valuesObject)
  set_json,  ///< the --set family: `text` is the flag's argument
  set,
  set_string,
  set_file,  ///< the files named in it are in RenderInput::set_files
  set_literal,
};

/// One value input. Helm applies families in the order above (file and object in their own order
/// among themselves), whatever their order on the command line.
struct ValueInput {
  InputRole role = InputRole::file;
  std::string path;
  std::string text;
  value::Value tree;
  std::string read_error;  ///< not empty: the file couldn't be read, with this text
};

struct Release {
  std::string name = "release-name";
  std::string name_template;  ///< --name-template; replaces name when not empty
  std::string namespace_ = "default";
  bool is_install = true;
  bool is_upgrade = false;
  std::int64_t revision = 1;
};

/// All that a render may depend on (decision 7).
struct RenderInput {
  Profile profile = Profile::v4_2;
  ChartSource chart;
  std::vector<ValueInput> values;
  std::map<std::string, std::string> set_files;  ///< path as written in --set-file -> bytes
  Release release;
  std::string kube_version;               ///< "" = the profile's; "v1.30.2", "1.30"
  std::vector<std::string> api_versions;  ///< added to the defaults, as --api-versions
  bool only_api_versions = false;         ///< there are no others: they are a server's
  bool include_crds = false;
  bool skip_tests = false;  ///< leaves hooks of the event test out
  bool skip_schema_validation = false;
  /// Dependencies with a file:// repository that charts/ lacks are taken from the chart's tree.
  bool local_dependencies = false;
  bool keep_partial = false;  ///< --debug: manifests that don't parse are given back with the error
  /// `lookup` is answered by a cluster (Environment::lookup), not by an empty map. What it answers
  /// is no input: the transcript has it.
  bool lookup = false;
};

/// SHA-256 hex over a canonical encoding of everything in the input (and this renderer's build).
/// Errors: those of reading the chart's tree.
base::Result<std::string> cache_key(const RenderInput& input);

/// The function `lookup`. Without one it answers an empty map, as `helm template`. What it can't or
/// may not answer is an error, which ends the render: never an empty map.
class Lookup {
 public:
  virtual ~Lookup() = default;
  /// One object, or a list object when name is empty; an empty map when there is none.
  virtual base::Result<value::Value> lookup(std::string_view api_version, std::string_view kind,
                                            std::string_view ns, std::string_view name) = 0;
};

/// What a render uses from outside. Everything must outlive the call; null members get the
/// system's: kernel entropy, the machine's clock and time zones.
struct Environment {
  Lookup* lookup = nullptr;
  sprig::Entropy* entropy = nullptr;
  const text::ZoneLoader* zones = nullptr;
  gotmpl::Budgets budgets;
  LoadLimits limits;
  /// Lines that Helm writes to stderr ("level=WARN msg=..."), without newline; may be empty.
  std::function<void(std::string_view)> warn;
  /// Loads charts instead of load_chart/load_archive (a cache); may be empty.
  std::function<base::Result<std::shared_ptr<const Chart>>(const RenderInput&)> load;
};

/// Renders. Pure but for what Environment gives. Errors carry Helm's text as message (what follows
/// "Error: "), code Invalid; budgets: ResourceExhausted; lookup's own code. What Environment's
/// entropy and lookup answered is in Manifests::transcript. With keep_partial
/// `partial` (if given) gets the text that Helm prints beside an error.
base::Result<Manifests> render(const RenderInput& input, Environment& environment,
                               std::string* partial = nullptr);

/// The checks that Helm's command makes before it looks for the chart. resolve_name replaces
/// release.name by what release.name_template gives.
base::Status check_kube_version(const RenderInput& input);
base::Status resolve_name(RenderInput& input, Environment& environment);

/// Only the merged user values: what -f and --set give before the chart's own.
base::Result<value::Value> merge_inputs(const RenderInput& input);

}  // namespace tiphys::helm
