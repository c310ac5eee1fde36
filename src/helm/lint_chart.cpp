#include "helm/go_decode.hpp"
#include "helm/lint_run.hpp"
#include "helm/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tiphys::helm {

using value::Map;
using value::Value;

namespace {

constexpr std::string_view kValues = "values.yaml";

Complaint check_values(LintRun& run) {
  const auto file = run.read(kValues);
  auto tree = file.ok() ? decode_yaml(*file, true) : base::Result<Value>(file.error());
  if (tree.ok() && !tree->is_map() && !tree->is_null())
    tree = cannot_unmarshal(*tree, run.is_v3() ? "Go value of type chartutil.Values"
                                               : "Go value of type common.Values");
  if (!tree.ok()) return "unable to parse YAML: " + tree.error().text();
  // The tables of the user's values get the chart's defaults here, and the templates see them.
  Value merged{Map()};
  merge_tables(merged, run.values, "", Nulls::remove, run.warner);
  if (tree->is_map()) merge_tables(merged, *tree, "", Nulls::remove, run.warner);
  const auto schema = run.read("values.schema.json");
  if (!schema.ok() || schema->empty()) return std::nullopt;
  if (run.input.skip_schema_validation && !run.is_v3()) return std::nullopt;
  std::string findings = schema_findings(merged, *schema);
  if (findings.empty()) return std::nullopt;
  return findings;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

/// Subcharts that Chart.yaml doesn't name.
Complaint undeclared(const Chart& chart) {
  std::vector<std::string> missing;
  for (const auto& child : chart.dependencies)
    if (std::ranges::none_of(chart.metadata.dependencies,
                             [&](const auto& wanted) { return wanted->name == child->name(); }))
      missing.push_back(child->name());
  if (missing.empty()) return std::nullopt;
  return "chart metadata is missing these dependencies: " + joined(missing);
}

Complaint shadowing(const Chart& chart) {
  std::set<std::string> seen;
  std::vector<std::string> twice;
  for (const auto& wanted : chart.metadata.dependencies) {
    const std::string& key = wanted->alias.empty() ? wanted->name : wanted->alias;
    if (!seen.insert(key).second) twice.push_back(key);
  }
  if (twice.empty()) return std::nullopt;
  return "multiple dependencies with name or alias: " + joined(twice);
}

/// Dependencies that charts/ lacks.
Complaint absent(const Chart& chart) {
  std::vector<std::string> missing;
  for (const auto& wanted : chart.metadata.dependencies)
    if (std::ranges::none_of(chart.dependencies,
                             [&](const auto& child) { return wanted->name == child->name(); }))
      missing.push_back(wanted->name);
  if (missing.empty()) return std::nullopt;
  return "chart directory is missing these dependencies: " + joined(missing);
}

}  // namespace

void lint_values(LintRun& run) {
  if (!run.kind(kValues)) {
    run.rule(LintSeverity::info, kValues, "file does not exist");
    return;
  }
  run.rule(LintSeverity::error, kValues, check_values(run));
}

void lint_dependencies(LintRun& run) {
  const auto chart = run.load();
  if (!chart.ok()) {
    run.rule(LintSeverity::error, "", "unable to load chart\n\t" + chart.error().text());
    return;
  }
  run.rule(LintSeverity::error, run.input.shown, undeclared(**chart));
  run.rule(LintSeverity::error, run.input.shown, shadowing(**chart));
  run.rule(LintSeverity::warning, run.input.shown, absent(**chart));
}

}  // namespace tiphys::helm
