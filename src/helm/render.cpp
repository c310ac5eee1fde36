#include "tiphys/helm/render.hpp"

#include "helm/capabilities.hpp"
#include "helm/coalesce.hpp"
#include "helm/dependencies.hpp"
#include "helm/engine.hpp"
#include "helm/local_dependencies.hpp"
#include "helm/schema.hpp"
#include "helm/sort.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/host.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::GoType;
using value::Value;

namespace {

constexpr std::size_t kMaxNameLength = 53;
constexpr std::string_view kNamePattern =
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
constexpr std::string_view kDebugHint = "\n\nUse --debug flag to render out invalid YAML";

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_release_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameLength) return false;
  return std::ranges::all_of(split(name, '.'), [](std::string_view part) {
    return !part.empty() && is_alnum(part.front()) && is_alnum(part.back()) &&
           std::ranges::all_of(part, [](char c) { return is_alnum(c) || c == '-'; });
  });
}

/// One render, step by step in Helm's order: the order decides which error comes first.
class Renderer {
 public:
  Renderer(const RenderInput& input, Environment& environment, std::string* partial)
      : input_(input),
        environment_(environment),
        partial_(partial),
        warner_{environment.warn, input.profile} {}

  Result<Manifests> run() {
    TRY(read_kube_version());
    TRY(read_name());
    TRY_ASSIGN(const Value user_values, merge_inputs(input_));
    TRY(load());
    TRY(check_name());
    auto processed = process_dependencies(*chart_, user_values, warner_);
    if (!processed.ok()) {
      if (is_v3()) return std::move(processed).error();
      log(fmt::format("level=ERROR msg=\"chart dependencies processing failed\" error={}",
                      gotmpl::quote(processed.error().text())));
      return Error(processed.error().code(),
                   "chart dependencies processing failed: " + processed.error().text());
    }
    TRY_ASSIGN(values_, coalesce_values(*chart_, user_values, Nulls::remove, warner_));
    if (!input_.skip_schema_validation) TRY(validate_values(*chart_, values_, input_.profile));
    auto manifests = render_resources();
    if (manifests.ok() || input_.keep_partial) return manifests;
    return Error(manifests.error().code(), manifests.error().text() + std::string(kDebugHint));
  }

 private:
  bool is_v3() const { return input_.profile == Profile::v3_21; }
  void log(const std::string& line) const {
    if (environment_.warn) environment_.warn(line);
  }

  Status read_kube_version() {
    kube_ = default_kube_version();
    if (input_.kube_version.empty()) return {};
    TRY_ASSIGN(kube_, parse_kube_version(input_.kube_version, input_.profile));
    return {};
  }

  Status read_name() {
    name_ = input_.release.name;
    if (input_.release.name_template.empty()) return {};
    TRY_ASSIGN(name_, render_name(input_.release.name_template, environment_));
    return {};
  }

  Result<std::shared_ptr<const Chart>> load_source() {
    if (environment_.load) return environment_.load(input_);
    const ChartSource& source = input_.chart;
    if (source.tree == nullptr)
      return load_archive(source.archive, input_.profile, environment_.limits);
    return load_chart(*source.tree, source.path, input_.profile, source.shown, environment_.limits);
  }

  Status load() {
    TRY_ASSIGN(const std::shared_ptr<const Chart> loaded, load_source());
    print_warnings(*loaded, warner_);
    chart_ = loaded->clone();
    const std::string& type = chart_->metadata.type;
    if (!type.empty() && type != "application")
      return Error(Code::Invalid, fmt::format("{} charts are not installable", type));
    if (chart_->metadata.deprecated)
      log(is_v3() ? "WARNING: This chart is deprecated"
                  : "level=WARN msg=\"this chart is deprecated\"");
    if (chart_->metadata.api_version == "v3")
      return Error(Code::Invalid, "chart apiVersion v3 is not supported");
    if (input_.local_dependencies)
      TRY(add_local_dependencies(*chart_, input_, environment_.limits));
    return check_dependencies(*chart_, input_.profile);
  }

  Status check_name() const {
    if (is_release_name(name_)) return {};
    if (name_.empty()) {
      if (!is_v3()) log("level=ERROR msg=\"release name check failed\" error=\"no name provided\"");
      return Error(Code::Invalid,
                   is_v3() ? "no name provided" : "release name check failed: no name provided");
    }
    const std::string why = fmt::format(
        "release name {}: invalid release name, must match regex {} and the length must not be "
        "longer than {}",
        gotmpl::quote(name_), kNamePattern, kMaxNameLength);
    if (!is_v3())
      log(fmt::format("level=ERROR msg=\"release name check failed\" error={}",
                      gotmpl::quote(why)));
    return Error(Code::Invalid, (is_v3() ? "" : "release name check failed: ") + why);
  }

  Value release_object() const {
    return Value::object({{"Name", Value(name_)},
                          {"Namespace", Value(input_.release.namespace_)},
                          {"IsUpgrade", Value(input_.release.is_upgrade)},
                          {"IsInstall", Value(input_.release.is_install)},
                          {"Revision", Value(input_.release.revision).as(GoType::i)},
                          {"Service", Value("Helm")}});
  }

  Result<Manifests> render_resources() {
    if (partial_ != nullptr) *partial_ = "\n";
    const std::string& wanted = chart_->metadata.kube_version;
    if (!wanted.empty() && !is_compatible(wanted, kube_.normalized))
      return Error(Code::Invalid,
                   fmt::format("chart requires kubeVersion: {} which is incompatible with "
                               "Kubernetes {}",
                               wanted, kube_.version));
    std::vector<std::string> api_versions;
    if (!input_.only_api_versions) api_versions = default_api_versions();
    api_versions.insert(api_versions.end(), input_.api_versions.begin(), input_.api_versions.end());
    const RenderScope scope{input_.profile, release_object(),
                            capabilities_value(input_.profile, kube_, std::move(api_versions)),
                            values_};
    TRY_ASSIGN(auto files, run_engine(*chart_, scope, environment_));
    Manifests out;
    out.profile = input_.profile;
    out.chart_name = chart_->name();
    out.chart_version = chart_->metadata.version;
    out.app_version = chart_->metadata.app_version;
    take_notes(files, out);
    if (auto sorted = sort_manifests(files, input_.profile, environment_.warn, out); !sorted.ok()) {
      dump(files);
      return std::move(sorted).error();
    }
    if (input_.skip_tests)
      std::erase_if(out.hooks, [](const Document& hook) {
        return std::ranges::find(hook.events, HookEvent::test) != hook.events.end();
      });
    if (input_.include_crds) TRY(add_crds(*chart_, out));
    return out;
  }

  void take_notes(std::map<std::string, std::string>& files, Manifests& out) const {
    if (const auto notes = files.find(chart_->name() + "/templates/NOTES.txt");
        notes != files.end())
      out.notes = notes->second;
    std::erase_if(files, [](const auto& file) { return file.first.ends_with("NOTES.txt"); });
  }

  void dump(const std::map<std::string, std::string>& files) const {
    if (partial_ == nullptr) return;
    std::string all;
    for (const auto& [path, text] : files)
      if (!trim_space(text).empty()) all += fmt::format("---\n# Source: {}\n{}\n", path, text);
    *partial_ = fmt::format("{}\n", trim_space(all));
  }

  static bool is_manifest(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view extension = name.substr(dot);
    return equal_fold_ascii(extension, ".yaml") || equal_fold_ascii(extension, ".yml") ||
           equal_fold_ascii(extension, ".json");
  }

  Status add_crds(const Chart& chart, Manifests& out) const {
    for (const File& file : chart.content->files) {
      if (!file.name.starts_with("crds/") || !is_manifest(file.name)) continue;
      CrdFile crd{chart.full_path() + "/" + file.name, file.data, {}, {}};
      // Helm prints the file whatever it holds, so one that doesn't parse is an error only for
      // those who ask for objects.
      auto trees = value::parse_yaml_stream(file.data);
      if (trees.ok())
        crd.trees = *std::move(trees);
      else
        crd.error = trees.error().text();
      out.crds.push_back(std::move(crd));
    }
    for (const auto& child : chart.dependencies) TRY(add_crds(*child, out));
    return {};
  }

  const RenderInput& input_;
  Environment& environment_;
  std::string* partial_;
  Warner warner_;
  KubeVersion kube_;
  std::string name_;
  std::shared_ptr<Chart> chart_;
  Value values_;
};

}  // namespace

std::optional<Profile> parse_profile(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (text == "4.2" || text == "4.2.4") return Profile::v4_2;
  if (text == "3.21" || text == "3.21.4") return Profile::v3_21;
  return std::nullopt;
}

Status check_kube_version(const RenderInput& input) {
  if (input.kube_version.empty()) return {};
  TRY(parse_kube_version(input.kube_version, input.profile));
  return {};
}

Status resolve_name(RenderInput& input, Environment& environment) {
  if (input.release.name_template.empty()) return {};
  Environment full = filled(environment);
  TRY_ASSIGN(input.release.name, render_name(input.release.name_template, full));
  input.release.name_template.clear();
  return {};
}

Result<Manifests> render(const RenderInput& input, Environment& environment, std::string* partial) {
  Environment full = filled(environment);
  if (partial != nullptr) *partial = "";
  Recorder recorder(*full.entropy);
  full.entropy = &recorder;
  auto manifests = Renderer(input, full, partial).run();
  if (manifests.ok()) manifests->transcript = recorder.take();
  return manifests;
}

}  // namespace tiphys::helm
