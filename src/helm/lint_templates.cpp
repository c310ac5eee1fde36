#include "helm/capabilities.hpp"
#include "helm/dependencies.hpp"
#include "helm/engine.hpp"
#include "helm/go_decode.hpp"
#include "helm/lint_names.hpp"
#include "helm/lint_objects.hpp"
#include "helm/lint_run.hpp"
#include "helm/schema.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tiphys::helm {

using base::FileKind;
using value::GoType;
using value::Value;

namespace {

constexpr std::string_view kFolder = "templates/";

/// path.Ext: from the last dot on, if it is in the last part.
std::string_view extension(std::string_view path) {
  path = base_name(path);
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(dot);
}

Complaint file_extension(std::string_view path) {
  constexpr std::array<std::string_view, 4> kAllowed = {".yaml", ".yml", ".tpl", ".txt"};
  const std::string_view found = extension(path);
  if (std::ranges::find(kAllowed, found) != kAllowed.end()) return std::nullopt;
  return fmt::format(
      "file extension '{}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt", found);
}

Complaint old_hook(const std::string& source) {
  static const re2::RE2 kHook(R"("?helm\.sh/hook"?:\s+crd-install)", re2::RE2::Quiet);
  if (!re2::RE2::PartialMatch(source, kHook)) return std::nullopt;
  return "manifest is a crd-install hook. This hook is no longer supported in v3 and all CRDs "
         "should also exist the crds/ directory at the top level of the chart";
}

Complaint old_time(const std::string& source) {
  if (!source.contains(".Release.Time")) return std::nullopt;
  return ".Release.Time has been removed in v3, please replace with the `now` function in your "
         "templates";
}

/// Go's scanner gives up on a line that doesn't fit into its buffer.
Complaint top_indent(std::string_view text) {
  constexpr std::size_t kBuffer = 65'536;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    if (std::min(newline, text.size()) >= kBuffer) return "bufio.Scanner: token too long";
    std::string_view line = text.substr(0, newline);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim_space(line).empty()) {
      if (!line.starts_with(' ') && !line.starts_with('\t')) return std::nullopt;
      return fmt::format(
          "document starts with an illegal indent: {}, which may cause parsing "
          "problems",
          gotmpl::quote(line));
    }
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
  return std::nullopt;
}

Complaint selector(const LintObject& object, std::string_view text) {
  constexpr std::array<std::string_view, 4> kKinds = {"Deployment", "ReplicaSet", "DaemonSet",
                                                      "StatefulSet"};
  if (std::ranges::find(kKinds, object.kind) == kKinds.end() || text.contains("matchLabels") ||
      text.contains("matchExpressions"))
    return std::nullopt;
  return fmt::format("a {} must contain matchLabels or matchExpressions, and {} does not",
                     object.kind, gotmpl::quote(object.name));
}

/// The annotations of a List's item, with Go's complaint where the shape is wrong.
base::Result<const Value*> annotations_of(const Value& item) {
  const Value* at = &item;
  std::string field = ".items";
  const auto step = [&](std::string_view key, std::string_view name) -> base::Status {
    at = find_field(*at, key);
    field += fmt::format(".{}", name);
    if (at == nullptr || at->is_null() || at->is_map()) return {};
    return cannot_unmarshal(
        *at, fmt::format("Go struct field {} of type {}", field,
                         name == "Annotations" ? "map[string]string"
                                               : "struct { Annotations map[string]string }"));
  };
  if (!at->is_map() && !at->is_null())
    return cannot_unmarshal(*at,
                            "Go struct field .Items of type struct { Metadata struct { "
                            "Annotations map[string]string } }");
  field = ".Items";
  TRY(step("metadata", "Metadata"));
  if (at == nullptr || at->is_null()) return nullptr;
  TRY(step("annotations", "Annotations"));
  if (at == nullptr || at->is_null()) return nullptr;
  for (const auto& [key, member] : at->map())
    TRY(coerce_string(member, "Go struct field .Items.Metadata.Annotations of type string"));
  return at;
}

Complaint list_annotations(const LintObject& object, std::string_view text, Profile profile) {
  if (object.kind != "List") return std::nullopt;
  const auto tree = decode_yaml(text, false);
  if (!tree.ok()) return "unable to parse YAML: " + tree.error().text();
  const Value* items = find_field(*tree, "items");
  if (items == nullptr || !items->is_list()) return std::nullopt;
  bool found = false;
  for (const Value& item : items->list()) {
    const auto annotations = annotations_of(item);
    if (!annotations.ok()) return "unable to parse YAML: " + annotations.error().text();
    found |= *annotations != nullptr && (*annotations)->map().contains("helm.sh/resource-policy");
  }
  if (!found) return std::nullopt;
  return fmt::format("{}nnotation 'helm.sh/resource-policy' within List objects are ignored",
                     profile == Profile::v3_21 ? 'A' : 'a');
}

int number(std::string_view text) {
  int out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// The templates of one chart, from its files to what they render to.
class TemplateLint {
 public:
  explicit TemplateLint(LintRun& run) : run_(run) {}

  void lint() {
    if (!check_folder()) return;
    const auto loaded = run_.load();
    if (!run_.rule(LintSeverity::error, kFolder, complaint_of(loaded))) return;
    chart_ = (*loaded)->clone();
    if (!render()) return;
    for (const File& file : chart_->content->templates)
      if (!lint_file(file)) return;
  }

 private:
  bool check_folder() {
    const auto kind = run_.kind("templates");
    if (!kind && run_.is_v3()) return true;
    if (!kind) return run_.rule(LintSeverity::warning, kFolder, "directory does not exist");
    if (*kind == FileKind::directory) return true;
    return run_.rule(run_.is_v3() ? LintSeverity::warning : LintSeverity::error, kFolder,
                     "not a directory");
  }

  Value release() const {
    return Value::object({{"Name", Value("test-release")},
                          {"Namespace", Value(run_.input.namespace_)},
                          {"IsUpgrade", Value(false)},
                          {"IsInstall", Value(false)},
                          {"Revision", Value(0).as(GoType::i)},
                          {"Service", Value("Helm")}});
  }

  /// False: there is nothing to look at. Values that don't coalesce are no finding in Helm.
  bool render() {
    kube_ = default_kube_version();
    if (!run_.input.kube_version.empty())
      if (auto given = parse_kube_version(run_.input.kube_version, run_.input.profile); given.ok())
        kube_ = *std::move(given);
    if (!process_dependencies(*chart_, run_.values, run_.warner).ok()) return false;
    const auto once = coalesce_values(*chart_, run_.values, Nulls::remove, run_.warner);
    if (!once.ok()) return false;
    // Helm coalesces what it has coalesced: a default that a null took away comes back.
    const auto values = coalesce_values(*chart_, *once, Nulls::remove, run_.warner);
    if (!run_.rule(LintSeverity::error, kFolder, complaint_of(values))) return false;
    if (!run_.input.skip_schema_validation) {
      const auto valid = validate_values(*chart_, *values, run_.input.profile);
      if (!run_.rule(LintSeverity::error, kFolder, complaint_of(valid))) return false;
    }
    const RenderScope scope{run_.input.profile, release(),
                            capabilities_value(run_.input.profile, kube_, default_api_versions()),
                            *values, Strictness::lint};
    auto rendered = run_engine(*chart_, scope, run_.environment);
    if (!run_.rule(LintSeverity::error, kFolder, complaint_of(rendered))) return false;
    rendered_ = *std::move(rendered);
    return true;
  }

  bool is_yaml(std::string_view path) const {
    const std::string_view found = extension(path);
    if (run_.is_v3()) return found == ".yaml";
    return equal_fold_ascii(found, ".yaml") || equal_fold_ascii(found, ".yml");
  }

  /// False ends the lint of templates: Helm stops at text that is no YAML.
  bool lint_file(const File& file) {
    run_.rule(LintSeverity::error, file.name, file_extension(file.name));
    if (run_.is_v3()) {
      run_.rule(LintSeverity::warning, file.name, old_hook(file.data));
      run_.rule(LintSeverity::error, file.name, old_time(file.data));
    }
    if (!is_yaml(file.name)) return true;
    const auto found = rendered_.find(chart_->name() + "/" + file.name);
    if (found == rendered_.end() || trim_space(found->second).empty()) return true;
    run_.rule(LintSeverity::warning, file.name, top_indent(found->second));
    return lint_text(file.name, found->second);
  }

  bool lint_text(const std::string& path, const std::string& text) {
    LintObjects objects(text, run_.input.profile);
    LintObject object;
    for (;;) {
      const auto step = objects.next(object);
      if (!step.ok())
        return run_.rule(LintSeverity::error, path, "unable to parse YAML: " + step.error().text());
      if (*step == LintObjects::Step::end) return true;
      if (*step == LintObjects::Step::null) continue;
      run_.rule(LintSeverity::warning, path, name_complaint(object));
      run_.rule(LintSeverity::warning, path,
                deprecation_complaint(object, number(kube_.major), number(kube_.minor)));
      run_.rule(LintSeverity::error, path, selector(object, text));
      run_.rule(LintSeverity::error, path, list_annotations(object, text, run_.input.profile));
    }
  }

  LintRun& run_;
  KubeVersion kube_;
  std::shared_ptr<Chart> chart_;
  std::map<std::string, std::string> rendered_;
};

}  // namespace

void lint_templates(LintRun& run) { TemplateLint(run).lint(); }

}  // namespace tiphys::helm
