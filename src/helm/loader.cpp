#include "helm/go_decode.hpp"
#include "helm/ignore.hpp"
#include "helm/parsed_templates.hpp"
#include "helm/text.hpp"
#include "helm/values.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::FileEntry;
using base::FileKind;
using base::FileTree;
using base::Result;
using base::Status;

namespace {

constexpr int kMaxChartDepth = 50;
constexpr int kMaxLinks = 40;

/// What a chart and its subcharts have in common.
struct Common {
  Profile profile;
  const LoadLimits& limits;
  std::shared_ptr<ParsedTemplates> parsed = std::make_shared<ParsedTemplates>();
};

Result<std::shared_ptr<Chart>> assemble(std::vector<File> files, const Common& common, int depth);

Error framed(const Error& error, const std::string& frame) {
  return {error.code(), frame + ": " + error.text()};
}

/// A chart while its files are sorted into their places.
struct Assembly {
  const Common& common;
  int depth;
  std::shared_ptr<Chart> chart = std::make_shared<Chart>();
  std::shared_ptr<ChartFiles> content = std::make_shared<ChartFiles>();
  bool has_metadata = false;
  std::map<std::string, std::vector<File>> subcharts = {};

  Status read_metadata(const std::vector<File>& files) {
    for (const File& file : files) {
      if (file.name != "Chart.yaml") continue;
      auto metadata = parse_metadata(file.data, common.profile);
      if (!metadata.ok()) return framed(metadata.error(), "cannot load Chart.yaml");
      chart->metadata = *std::move(metadata);
      has_metadata = true;
      if (chart->metadata.api_version.empty()) chart->metadata.api_version = "v1";
    }
    return {};
  }

  void warn(int line, const char* text) {
    if (chart->metadata.api_version != "v1") content->warnings.push_back({line, text});
  }

  Status place_requirements(File& file) {
    if (file.name == "requirements.yaml")
      warn(120,
           "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend "
           "migrating dependencies to Chart.yaml.");
    else
      warn(138,
           "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We "
           "recommend migrating to Chart.lock.");
    if (file.name == "requirements.yaml") {
      auto read = parse_requirements(file.data, chart->metadata, common.profile);
      if (!read.ok()) return framed(read.error(), "cannot load requirements.yaml");
    } else {
      auto lock = decode_yaml(file.data, false);
      if (!lock.ok()) return framed(lock.error(), "cannot load requirements.lock");
    }
    if (chart->metadata.api_version == "v1") content->files.push_back(std::move(file));
    return {};
  }

  void place_subchart(File& file) {
    if (file.name.ends_with(".prov")) {
      content->files.push_back(std::move(file));
      return;
    }
    std::string rest = file.name.substr(7);
    const std::string first = rest.substr(0, rest.find('/'));
    subcharts[first].push_back({std::move(rest), std::move(file.data)});
  }

  Status place(File& file) {
    if (file.name == "Chart.yaml") return {};
    if (file.name == "Chart.lock") {
      auto lock = decode_yaml(file.data, false);
      if (!lock.ok()) return framed(lock.error(), "cannot load Chart.lock");
    } else if (file.name == "values.yaml") {
      auto values = load_values(file.data, common.profile);
      if (!values.ok()) return framed(values.error(), "cannot load values.yaml");
      chart->values = *std::move(values);
    } else if (file.name == "values.schema.json") {
      content->schema = std::move(file.data);
    } else if (file.name == "requirements.yaml" || file.name == "requirements.lock") {
      return place_requirements(file);
    } else if (file.name.starts_with("templates/")) {
      content->templates.push_back(std::move(file));
    } else if (file.name.starts_with("charts/")) {
      place_subchart(file);
    } else {
      content->files.push_back(std::move(file));
    }
    return {};
  }

  Result<std::shared_ptr<Chart>> load_subchart(const std::string& name, std::vector<File>& files) {
    if (name.ends_with(".tgz")) {
      if (files.front().name != name)
        return Error(Code::Invalid,
                     fmt::format("error unpacking subchart tar in {}: expected {}, got {}",
                                 chart->name(), name, files.front().name));
      TRY_ASSIGN(std::vector<File> inner, unpack_archive(files.front().data, common.limits));
      return assemble(std::move(inner), common, depth + 1);
    }
    std::vector<File> inner;
    for (File& file : files)
      if (const std::size_t slash = file.name.find('/'); slash != std::string::npos)
        inner.push_back({file.name.substr(slash + 1), std::move(file.data)});
    return assemble(std::move(inner), common, depth + 1);
  }

  Status load_subcharts() {
    for (auto& [name, files] : subcharts) {
      if (name.starts_with('_') || name.starts_with('.')) continue;
      auto child = load_subchart(name, files);
      if (!child.ok())
        return framed(child.error(),
                      fmt::format("error unpacking subchart {} in {}", name, chart->name()));
      chart->adopt(*std::move(child));
    }
    return {};
  }
};

Result<std::shared_ptr<Chart>> assemble(std::vector<File> files, const Common& common, int depth) {
  if (depth > kMaxChartDepth)
    return Error(Code::ResourceExhausted,
                 fmt::format("charts are nested more than {} levels deep", kMaxChartDepth));
  Assembly assembly{common, depth};
  TRY(assembly.read_metadata(files));
  for (File& file : files) TRY(assembly.place(file));
  if (!assembly.has_metadata) return Error(Code::Invalid, "Chart.yaml file is missing");
  TRY(validate(assembly.chart->metadata));
  TRY(assembly.load_subcharts());
  assembly.content->parsed = common.parsed;
  assembly.chart->content = assembly.content;
  return assembly.chart;
}

/// Walks a chart's folder in Helm's order, following links inside the tree.
class Walker {
 public:
  Walker(const FileTree& tree, const IgnoreRules& rules, const LoadLimits& limits)
      : tree_(tree), rules_(rules), limits_(limits) {}

  /// `real` is where the folder is in the tree, `shown` its path below the chart.
  Status walk(const std::string& real, const std::string& shown, int links) {
    TRY_ASSIGN(const std::vector<FileEntry> entries, tree_.list(real));
    for (const FileEntry& entry : entries) {
      const std::string path = shown.empty() ? entry.name : shown + "/" + entry.name;
      std::string at = base::join_path(real, entry.name);
      FileEntry target = entry;
      int followed = links;
      while (target.kind == FileKind::symlink) {
        if (++followed > kMaxLinks)
          return Error(Code::Invalid,
                       fmt::format("error evaluating symlink {}: too many links", path));
        TRY_ASSIGN(at, resolve(at));
        auto found = tree_.stat(at);
        if (!found.ok())
          return Error(Code::Invalid,
                       fmt::format("error evaluating symlink {}: {}", path, found.error().text()));
        target = *found;
      }
      TRY(visit(target, at, path, followed));
    }
    return {};
  }

  std::vector<File> take() { return std::move(files_); }

 private:
  Result<std::string> resolve(const std::string& link) const {
    TRY_ASSIGN(const std::string target, tree_.read(link));
    const std::size_t slash = link.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : link.substr(0, slash);
    auto clean =
        base::clean_path(target.starts_with('/') ? target : base::join_path(folder, target));
    if (!clean.ok())
      return Error(Code::Invalid, fmt::format("link {} leaves the tree: {}", link, target));
    return clean;
  }

  Status visit(const FileEntry& entry, const std::string& at, const std::string& path, int links) {
    if (entry.kind == FileKind::directory) {
      if (rules_.ignores(path, EntryKind::directory)) return {};
      return walk(at, path, links);
    }
    if (rules_.ignores(path, EntryKind::file)) return {};
    if (entry.kind != FileKind::file)
      return Error(
          Code::Invalid,
          fmt::format("cannot load irregular file {} as it has file mode type bits set", path));
    TRY_ASSIGN(std::string data, tree_.read(at));
    if (data.size() > limits_.file_bytes)
      return Error(Code::Invalid,
                   fmt::format("chart file {} is larger than the maximum file size {}",
                               gotmpl::quote(base_name(path)), limits_.file_bytes));
    total_ += data.size();
    if (total_ > limits_.total_bytes || files_.size() >= limits_.files)
      return Error(Code::ResourceExhausted,
                   fmt::format("the chart's folder holds more than {} bytes or {} files",
                               limits_.total_bytes, limits_.files));
    if (data.starts_with("\xef\xbb\xbf")) data.erase(0, 3);
    files_.push_back({path, std::move(data)});
    return {};
  }

  const FileTree& tree_;
  const IgnoreRules& rules_;
  const LoadLimits& limits_;
  std::vector<File> files_;
  std::uint64_t total_ = 0;
};

}  // namespace

Result<std::shared_ptr<const Chart>> load_files(std::vector<File> files, Profile profile,
                                                const LoadLimits& limits) {
  TRY_ASSIGN(std::shared_ptr<const Chart> chart,
             assemble(std::move(files), Common{profile, limits}, 0));
  return chart;
}

Result<std::shared_ptr<const Chart>> load_archive(std::string_view bytes, Profile profile,
                                                  const LoadLimits& limits) {
  TRY_ASSIGN(std::vector<File> files, unpack_archive(bytes, limits));
  return load_files(std::move(files), profile, limits);
}

Result<std::shared_ptr<const Chart>> load_chart(const FileTree& tree, std::string_view path,
                                                Profile profile, std::string_view shown,
                                                const LoadLimits& limits) {
  const std::string root(path);
  const std::string name(shown.empty() ? path : shown);
  const std::string chart_file = base::join_path(root, "Chart.yaml");
  if (!tree.stat(chart_file).ok()) {
    if (profile == Profile::v3_21) return Error(Code::Invalid, "Chart.yaml file is missing");
    return Error(Code::Invalid,
                 fmt::format("unable to detect chart at {0}/Chart.yaml: open {0}/Chart.yaml: no "
                             "such file or directory",
                             name));
  }
  std::string ignore;
  const std::string ignore_file = base::join_path(root, ".helmignore");
  if (tree.stat(ignore_file).ok()) {
    TRY_ASSIGN(ignore, tree.read(ignore_file));
  }
  TRY_ASSIGN(const IgnoreRules rules, IgnoreRules::parse(ignore));
  Walker walker(tree, rules, limits);
  TRY(walker.walk(root, "", 0));
  return load_files(walker.take(), profile, limits);
}

}  // namespace tiphys::helm
