#pragma once

#include "helm/coalesce.hpp"

#include "tiphys/base/file_tree.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/lint.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Why a rule is broken; nothing when it is kept.
using Complaint = std::optional<std::string>;

/// One chart under lint: what every group of rules needs, and what they found.
struct LintRun {
  const LintInput& input;
  value::Value& values;
  Environment environment;
  Warner warner;
  std::vector<LintMessage> messages = {};

  bool is_v3() const { return input.profile == Profile::v3_21; }
  /// Notes the complaint, if there is one. True when the rule is kept.
  bool rule(LintSeverity severity, std::string_view path, Complaint complaint);
  std::optional<base::FileKind> kind(std::string_view name) const;
  /// A file as os.ReadFile reads it. Errors: NotFound, Invalid with Go's text.
  base::Result<std::string> read(std::string_view name) const;
  base::Result<std::shared_ptr<const Chart>> load();
};

void lint_chart_file(LintRun& run);
void lint_values(LintRun& run);
void lint_templates(LintRun& run);
void lint_dependencies(LintRun& run);
/// 4.2 only.
void lint_crds(LintRun& run);

/// The text of an error as a complaint.
template <typename T>
Complaint complaint_of(const T& result) {
  if (result.ok()) return std::nullopt;
  return result.error().text();
}

}  // namespace tiphys::helm
