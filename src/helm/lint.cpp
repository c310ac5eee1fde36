#include "tiphys/helm/lint.hpp"

#include "helm/engine.hpp"
#include "helm/lint_run.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::FileKind;
using base::Result;

namespace {

constexpr std::array<std::string_view, 3> kNames = {"INFO", "WARNING", "ERROR"};

}  // namespace

std::string LintMessage::line() const {
  return fmt::format("[{}] {}: {}", kNames[static_cast<std::size_t>(severity)], path, text);
}

bool LintRun::rule(LintSeverity severity, std::string_view path, Complaint complaint) {
  if (!complaint) return true;
  messages.push_back({severity, std::string(path), *std::move(complaint)});
  return false;
}

std::optional<FileKind> LintRun::kind(std::string_view name) const {
  const auto entry = input.tree->stat(base::join_path(input.path, name));
  if (!entry.ok()) return std::nullopt;
  return entry->kind;
}

Result<std::string> LintRun::read(std::string_view name) const {
  const auto found = kind(name);
  const std::string shown = fmt::format("{}/{}", input.shown, name);
  if (!found)
    return Error(Code::NotFound, fmt::format("open {}: no such file or directory", shown));
  if (*found == FileKind::directory)
    return Error(Code::Invalid, fmt::format("read {}: is a directory", shown));
  return input.tree->read(base::join_path(input.path, name));
}

Result<std::shared_ptr<const Chart>> LintRun::load() {
  auto chart = load_chart(*input.tree, input.path, input.profile, input.shown, environment.limits);
  if (chart.ok()) print_warnings(**chart, warner);
  return chart;
}

std::vector<LintMessage> lint(const LintInput& input, value::Value& values,
                              const Environment& environment) {
  LintRun run{input, values, filled(environment), {environment.warn, input.profile}};
  lint_chart_file(run);
  lint_values(run);
  lint_templates(run);
  lint_dependencies(run);
  if (!run.is_v3()) lint_crds(run);
  return std::move(run.messages);
}

}  // namespace tiphys::helm
