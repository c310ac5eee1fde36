#include "source/helm_source.hpp"

#include "source/links.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using helm::InputRole;
using helm::ValueInput;

/// The bytes of an input file; nullopt when it isn't there (Helm itself complains then).
base::Result<std::optional<std::string>> read_input(const base::FileTree& tree,
                                                    const std::string& path) {
  auto real = real_path(tree, path);
  if (!real.ok() && real.error().code() == Code::NotFound) return std::optional<std::string>();
  if (!real.ok()) return std::move(real).error();
  TRY_ASSIGN(std::string bytes, tree.read(*real));
  if (bytes.starts_with("version https://git-lfs.github.com/spec/"))
    return Error(Code::Unimplemented, fmt::format("not supported: {} is a Git LFS pointer", path));
  return std::optional<std::string>(std::move(bytes));
}

base::Status add_values(const base::FileTree& tree, const std::string& chart,
                        const api::HelmOptions& options, const BuildEnv& env,
                        helm::RenderInput& out) {
  TRY_ASSIGN(const std::vector<ValueFile> files, value_files(tree, chart, options, env));
  for (const ValueFile& file : files) {
    TRY_ASSIGN(auto bytes, read_input(tree, file.path));
    ValueInput input;
    input.path = file.shown;
    if (bytes)
      input.text = *std::move(bytes);
    else
      input.read_error = fmt::format("open {}: no such file or directory", file.shown);
    out.values.push_back(std::move(input));
  }
  ValueInput inside;
  inside.path = "values";
  if (!options.values_object.is_null()) {
    inside.path = "valuesObject";
    TRY_ASSIGN(inside.text, value::write_json(options.values_object));
  } else {
    inside.text = options.values;
  }
  if (!inside.text.empty()) out.values.push_back(std::move(inside));
  return {};
}

/// Of parameters with one name the last one counts, at the place of the last (argocd.md 2.13 keeps
/// them in a map; we keep the list's order).
void add_parameters(const api::HelmOptions& options, const BuildEnv& env, helm::RenderInput& out) {
  std::set<std::pair<bool, std::string>> seen;
  std::vector<ValueInput> reversed;
  for (auto it = options.parameters.rbegin(); it != options.parameters.rend(); ++it) {
    if (!seen.emplace(it->force_string, it->name).second) continue;
    ValueInput input;
    input.role = it->force_string ? InputRole::set_string : InputRole::set;
    input.text = it->name + "=" + escape_commas(env.expand(it->value));
    reversed.push_back(std::move(input));
  }
  for (auto it = reversed.rbegin(); it != reversed.rend(); ++it)
    out.values.push_back(std::move(*it));
}

base::Status add_file_parameters(const base::FileTree& tree, const std::string& chart,
                                 const api::HelmOptions& options, const BuildEnv& env,
                                 helm::RenderInput& out) {
  for (const api::HelmFileParameter& parameter : options.file_parameters) {
    const std::string shown = env.expand(parameter.path);
    TRY_ASSIGN(const std::string path,
               input_path(chart, shown).context("error resolving helm value file path"));
    TRY_ASSIGN(auto bytes, read_input(tree, path));
    if (!bytes)
      return Error(Code::NotFound, fmt::format("spec.source.helm.fileParameters: open {}: no such "
                                               "file or directory",
                                               shown));
    ValueInput input;
    input.role = InputRole::set_file;
    input.text = parameter.name + "=" + path;
    out.set_files.emplace(path, *std::move(bytes));
    out.values.push_back(std::move(input));
  }
  return {};
}

}  // namespace

base::Result<std::string> plain_kube_version(std::string_view version) {
  std::string_view rest = version;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.starts_with('v')) rest.remove_prefix(1);
  const auto end = std::min(rest.find_first_not_of("0123456789."), rest.size());
  std::string_view number = rest.substr(0, end);
  while (number.ends_with('.')) number.remove_suffix(1);
  if (version.empty()) return std::string();
  if (number.find('.') == std::string_view::npos || number.starts_with('.') ||
      number.find("..") != std::string_view::npos)
    return Error(Code::Invalid, fmt::format("could not parse kubernetes version {}", version));
  return std::string(number);
}

std::string escape_commas(std::string_view value) {
  if (value.starts_with('{') && value.ends_with('}')) return std::string(value);
  std::string out;
  std::size_t at = 0;
  while (at < value.size()) {
    out.push_back(value[at]);
    if (value[at] != '\\' && at + 1 < value.size() && value[at + 1] == ',') {
      out += "\\,";
      ++at;
    }
    ++at;
  }
  return out;
}

base::Result<helm::RenderInput> helm_input(const std::shared_ptr<const base::FileTree>& tree,
                                           const std::string& path, const api::HelmOptions& options,
                                           const RenderContext& context, const BuildEnv& env) {
  helm::RenderInput out;
  out.chart.tree = tree;
  out.chart.path = path;
  out.chart.shown = path.empty() ? "." : path;
  TRY(add_values(*tree, path, options, env, out));
  add_parameters(options, env, out);
  TRY(add_file_parameters(*tree, path, options, env, out));
  out.release.name = options.release_name.empty() ? context.app_name : options.release_name;
  out.release.namespace_ =
      options.namespace_.empty() ? context.destination_namespace : options.namespace_;
  TRY_ASSIGN(out.kube_version,
             plain_kube_version(options.kube_version.empty() ? context.kube_version
                                                             : options.kube_version));
  out.api_versions = options.api_versions.empty() ? context.api_versions : options.api_versions;
  out.include_crds = !options.skip_crds;
  out.skip_tests = options.skip_tests;
  out.skip_schema_validation = options.skip_schema_validation;
  out.local_dependencies = true;
  out.lookup = context.lookup != nullptr;
  return out;
}

}  // namespace tiphys::source
