#pragma once

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/metadata.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

enum class Profile : std::uint8_t;
class ParsedTemplates;

struct File {
  std::string name;  ///< relative to the chart: "templates/a.yaml"
  std::string data;
};

/// The files of one chart as loaded, shared by every render of it. Immutable.
struct ChartFiles {
  std::vector<File> templates;
  std::vector<File> files;  ///< everything else, crds/ and README included: `.Files`
  std::optional<std::string> schema;
  struct Warning {
    int line;  ///< of load.go in Helm 3, which prints it
    std::string text;
  };
  std::vector<Warning> warnings;  ///< what Helm logs while it loads
  /// Shared with the parent: parsed at the first render, kept for the next; has its own lock.
  std::shared_ptr<ParsedTemplates> parsed;
};

/// A chart with its subcharts. Loading gives one that may be shared as const; rendering works on a
/// copy (clone()), because dependency processing renames, drops and merges.
struct Chart {
  Metadata metadata;
  value::Value values;  ///< values.yaml: a map, or null when it is empty
  std::shared_ptr<const ChartFiles> content;
  std::vector<std::shared_ptr<Chart>> dependencies;
  const Chart* parent = nullptr;
  /// What an aliased copy was copied from: children may still call it their parent.
  std::shared_ptr<const Chart> origin;

  bool is_root() const { return parent == nullptr; }
  const std::string& name() const { return metadata.name; }
  /// "root/charts/sub": what template names and `# Source:` lines start with.
  std::string full_path() const;
  /// A copy whose nodes and values are its own; the files are shared. It is a root.
  std::shared_ptr<Chart> clone() const;
  void adopt(std::shared_ptr<Chart> child);
};

/// Budgets of loading; Helm's own limits.
struct LoadLimits {
  std::uint64_t file_bytes = 5ULL << 20;
  std::uint64_t total_bytes = 100ULL << 20;
  std::uint32_t files = 20'000;
};

/// Loads the chart folder `path` of a tree: .helmignore, Chart.yaml, values, templates, charts/
/// with folders and .tgz. Links are followed inside the tree. `shown` is how error texts name the
/// folder. Errors: Invalid with Helm's text, naming the file; ResourceExhausted.
base::Result<std::shared_ptr<const Chart>> load_chart(const base::FileTree& tree,
                                                      std::string_view path, Profile profile,
                                                      std::string_view shown = "",
                                                      const LoadLimits& limits = {});

/// Loads a .tgz from memory; the first part of every path is dropped. Errors as above, and Invalid
/// for paths that leave the folder and for anything but regular files.
base::Result<std::shared_ptr<const Chart>> load_archive(std::string_view bytes, Profile profile,
                                                        const LoadLimits& limits = {});

/// The two steps before it, for charts that arrive otherwise: files by path relative to the chart.
base::Result<std::shared_ptr<const Chart>> load_files(std::vector<File> files, Profile profile,
                                                      const LoadLimits& limits = {});
/// The files of an archive, unpacked in memory with the same refusals.
base::Result<std::vector<File>> unpack_archive(std::string_view bytes,
                                               const LoadLimits& limits = {});

}  // namespace tiphys::helm
