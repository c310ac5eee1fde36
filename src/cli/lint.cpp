#include "tiphys/cli/lint.hpp"

#include "cli/disk_tree.hpp"
#include "cli/inputs.hpp"
#include "cli/lint_flags.hpp"
#include "cli/usage.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/lint.hpp"
#include "tiphys/helm/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using helm::LintMessage;
using helm::LintSeverity;

namespace fs = std::filesystem;

namespace {

bool is_archive(std::string_view path) {
  return path.ends_with(".tgz") || path.ends_with(".tar.gz");
}

/// filepath.Walk below a chart's charts/: by name, links are not followed. Folders with a
/// Chart.yaml, and archives.
void add_subcharts(const fs::path& folder, std::vector<std::string>& out) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  for (const auto& entry : fs::directory_iterator(folder, code)) entries.push_back(entry);
  std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().filename(); });
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name == "Chart.yaml")
      out.push_back(folder.string());
    else if (is_archive(name))
      out.push_back(entry.path().string());
    if (entry.symlink_status(code).type() == fs::file_type::directory)
      add_subcharts(entry.path(), out);
  }
}

std::vector<std::string> charts_of(const LintFlags& flags) {
  std::vector<std::string> out = flags.arguments;
  if (!flags.with_subcharts) return out;
  for (const std::string& path : flags.arguments) {
    const fs::path folder = (fs::path(path) / "charts").lexically_normal();
    std::error_code code;
    if (fs::symlink_status(folder, code).type() == fs::file_type::directory)
      add_subcharts(folder, out);
  }
  return out;
}

Status check_expanded_name(const std::string& name) {
  if (name.empty()) return Error(Code::Invalid, "chart name not specified");
  if (name == "." || name == "..")
    return Error(Code::Invalid, fmt::format("chart name {} is not allowed", gotmpl::quote(name)));
  if (name.contains('/'))
    return Error(Code::Invalid, fmt::format("chart name {} must not contain path separators",
                                            gotmpl::quote(name)));
  return {};
}

/// What Helm unpacks into a temporary folder is unpacked in memory. Returns the chart's name.
Result<std::string> expand(const std::string& bytes, helm::Profile profile,
                           base::MemoryTree& tree) {
  TRY_ASSIGN(std::vector<helm::File> files, helm::unpack_archive(bytes));
  std::string name;
  for (helm::File& file : files) {
    if (file.name == "Chart.yaml") {
      auto metadata = helm::parse_metadata(file.data, profile);
      if (!metadata.ok()) return std::move(metadata).error().with_context("cannot load Chart.yaml");
      name = metadata->name;
    }
    tree.add(std::move(file.name), std::move(file.data));
  }
  TRY(check_expanded_name(name));
  return name;
}

/// One chart of the command line.
class ChartLint {
 public:
  ChartLint(const LintFlags& flags, value::Value& values, const helm::Environment& environment)
      : values_(values), environment_(environment) {
    input_.profile = flags.profile;
    input_.namespace_ = flags.namespace_;
    input_.kube_version = flags.kube_version;
    input_.skip_schema_validation = flags.skip_schema_validation;
  }

  Result<std::vector<LintMessage>> run(const std::string& path) {
    return is_archive(path) ? archive(path) : folder(path);
  }

 private:
  Result<std::vector<LintMessage>> archive(const std::string& path) {
    auto bytes = read_file(path);
    if (!bytes.ok()) return std::move(bytes).error().with_context("unable to open tarball");
    base::MemoryTree tree;
    auto name = expand(*bytes, input_.profile, tree);
    if (!name.ok()) return std::move(name).error().with_context("unable to extract tarball");
    return lint(tree, (fs::temp_directory_path() / "helm-lint" / *name).string());
  }

  Result<std::vector<LintMessage>> folder(const std::string& path) {
    std::error_code code;
    std::string shown = fs::absolute(path, code).lexically_normal().string();
    if (shown.size() > 1 && shown.ends_with('/')) shown.pop_back();
    const DiskTree tree(shown);
    if (!tree.stat("Chart.yaml").ok()) {
      const fs::path file = (fs::path(path) / "Chart.yaml").lexically_normal();
      const bool through_file = fs::exists(path, code) && !fs::is_directory(path, code);
      return Error(
          Code::NotFound,
          fmt::format("unable to check Chart.yaml file in chart: stat {}: {}", file.string(),
                      through_file ? "not a directory" : "no such file or directory"));
    }
    return lint(tree, shown);
  }

  std::vector<LintMessage> lint(const base::FileTree& tree, std::string shown) {
    input_.tree = &tree;
    input_.shown = std::move(shown);
    return helm::lint(input_, values_, environment_);
  }

  helm::LintInput input_;
  value::Value& values_;
  const helm::Environment& environment_;
};

/// What was found in all charts, as text.
struct Report {
  std::string text;
  std::size_t failed = 0;
  bool found_any = false;  ///< an error or a warning

  void add(const std::string& path, const LintFlags& flags,
           const Result<std::vector<LintMessage>>& result) {
    const std::vector<LintMessage> none;
    const auto& messages = result.ok() ? *result : none;
    const LintSeverity tolerated = flags.strict ? LintSeverity::info : LintSeverity::warning;
    const auto any_above = [&](LintSeverity severity) {
      return !result.ok() || std::ranges::any_of(messages, [&](const LintMessage& message) {
        return message.severity > severity;
      });
    };
    const bool notable = any_above(LintSeverity::info);
    found_any |= notable;
    if (flags.quiet && !notable) return;
    text += fmt::format("==> Linting {}\n", path);
    if (!result.ok()) text += fmt::format("Error {}\n", result.error().text());
    for (const LintMessage& message : messages)
      if (!flags.quiet || message.severity > LintSeverity::info) text += message.line() + "\n";
    if (any_above(tolerated)) ++failed;
    text += "\n";
  }
};

Status lint_all(const LintFlags& flags, std::ostream& out, std::ostream& err) {
  const helm::RenderInput input = make_input(flags);
  TRY(helm::check_kube_version(input));
  const std::vector<std::string> paths = charts_of(flags);
  TRY_ASSIGN(value::Value values, helm::merge_inputs(input));
  helm::Environment environment;
  environment.warn = [&err](std::string_view line) { err << line << '\n'; };
  ChartLint chart(flags, values, environment);
  Report report;
  for (const std::string& path : paths) report.add(path, flags, chart.run(path));
  out << report.text;
  std::string summary =
      fmt::format("{} chart(s) linted, {} chart(s) failed", paths.size(), report.failed);
  if (report.failed > 0) return Error(Code::Invalid, std::move(summary));
  if (!flags.quiet || report.found_any) out << summary << '\n';
  return {};
}

}  // namespace

int run_lint(std::span<const std::string> args, std::ostream& out, std::ostream& err) {
  if (wants_help(args)) {
    out << kLintUsage;
    return 0;
  }
  const auto flags = parse_lint_flags(args);
  const auto done = flags.ok() ? lint_all(*flags, out, err) : Status(flags.error());
  out.flush();
  if (done.ok()) return 0;
  err << "Error: " << done.error().text() << '\n';
  return 1;
}

}  // namespace tiphys::cli
