#include "helm/lint_objects.hpp"
#include "helm/lint_run.hpp"
#include "helm/text.hpp"

#include <algorithm>
#include <array>

namespace tiphys::helm {

using base::FileKind;

namespace {

constexpr std::string_view kFolder = "crds/";

bool is_crd_file(std::string_view path) {
  constexpr std::array<std::string_view, 3> kEndings = {".yaml", ".yml", ".json"};
  const std::size_t dot = base_name(path).rfind('.');
  if (!path.starts_with(kFolder) || dot == std::string_view::npos) return false;
  return std::ranges::any_of(kEndings, [&](std::string_view ending) {
    return equal_fold_ascii(base_name(path).substr(dot), ending);
  });
}

/// False ends the lint: Helm stops at a file that is no YAML.
bool lint_file(LintRun& run, const File& file) {
  LintObjects objects(file.data, run.input.profile);
  LintObject object;
  for (;;) {
    const auto step = objects.next(object);
    if (!step.ok())
      return run.rule(LintSeverity::error, file.name,
                      "unable to parse YAML: " + step.error().text());
    if (*step == LintObjects::Step::end) return true;
    if (*step == LintObjects::Step::null) continue;
    if (!object.api_version.starts_with("apiextensions.k8s.io"))
      run.rule(LintSeverity::error, file.name, "apiVersion is not in 'apiextensions.k8s.io'");
    if (object.kind != "CustomResourceDefinition")
      run.rule(LintSeverity::error, file.name, "object kind is not 'CustomResourceDefinition'");
  }
}

bool lint_chart(LintRun& run, const Chart& chart) {
  for (const File& file : chart.content->files)
    if (is_crd_file(file.name) && !lint_file(run, file)) return false;
  return std::ranges::all_of(chart.dependencies,
                             [&](const auto& child) { return lint_chart(run, *child); });
}

}  // namespace

void lint_crds(LintRun& run) {
  const auto kind = run.kind("crds");
  if (!kind) return;
  if (*kind != FileKind::directory) {
    run.rule(LintSeverity::error, kFolder, "not a directory");
    return;
  }
  const auto chart = run.load();
  if (run.rule(LintSeverity::error, kFolder, complaint_of(chart))) lint_chart(run, **chart);
}

}  // namespace tiphys::helm
