#pragma once

#include "tiphys/k8s/object.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Decision 18, "not implemented means refused": the one table of what we act on. A test fails for
/// a path of the two CRDs, a syncOptions entry or an argocd.argoproj.io/ annotation without a row.
namespace tiphys::api {

enum class Verdict : std::uint8_t { acted_on, refused, harmless };

struct SupportRow {
  /// A property path ("spec.source.helm.values", lists as "[]", free map keys as "{}"); a row that
  /// ends in ".*" speaks for everything below (and the node itself). The longest row wins. For
  /// options: the entry ("Prune=confirm"); for annotations: the name.
  std::string_view subject;
  Verdict verdict;
  /// Why a harmless row is harmless or what refuses to be acted on; "" for acted_on.
  std::string_view reason;
};

std::span<const SupportRow> application_rows();
std::span<const SupportRow> project_rows();
std::span<const SupportRow> sync_option_rows();
std::span<const SupportRow> annotation_rows();

/// The row that decides about a property path, an option or an annotation; nullptr when none does.
const SupportRow* find_application_row(std::string_view path);
const SupportRow* find_project_row(std::string_view path);
const SupportRow* find_sync_option_row(std::string_view entry);
const SupportRow* find_annotation_row(std::string_view name);

/// Everything in an Application (spec, operation, syncOptions, annotations) that is set and
/// refused: "not supported: spec.ignoreDifferences", one message a field, sorted and distinct. A
/// field whose value Argo CD would leave out as empty isn't set.
std::vector<std::string> refused_fields(const k8s::Object& app);
/// The same of an AppProject.
std::vector<std::string> refused_project_fields(const k8s::Object& project);
/// The same of one rendered object: hooks of a deletion, sync-options
/// and compare-options entries; each message ends in " (Kind/name)".
std::vector<std::string> refused_in_object(const k8s::Object& object);
/// helm.sh/hook names only test, test-success or test-failure (and no Argo CD hook is set): the
/// object is left out of the sync.
bool is_helm_test(const k8s::Object& object);

}  // namespace tiphys::api
