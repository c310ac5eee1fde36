#include "helm/local_dependencies.hpp"

#include "helm/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr std::string_view kScheme = "file://";

Status add_one(Chart& chart, const Dependency& wanted, const RenderInput& input,
               const LoadLimits& limits) {
  TRY_ASSIGN(const std::string path, local_path(wanted, input.chart.path));
  auto loaded = load_chart(*input.chart.tree, path, input.profile, path, limits);
  if (!loaded.ok())
    return Error(loaded.error().code(), fmt::format("dependency {} ({}): {}", wanted.name,
                                                    wanted.repository, loaded.error().text()));
  const Chart& found = **loaded;
  if (found.name() != wanted.name || !is_compatible(wanted.version, found.metadata.version))
    return Error(Code::Invalid, fmt::format("dependency {} {} ({}): found {} {} there", wanted.name,
                                            wanted.version, wanted.repository, found.name(),
                                            found.metadata.version));
  chart.adopt(found.clone());
  return {};
}

}  // namespace

Result<std::string> local_path(const Dependency& dependency, std::string_view chart_path) {
  const std::string target = dependency.repository.substr(kScheme.size());
  auto path = target.starts_with('/') ? base::clean_path(target)
                                      : base::clean_path(base::join_path(chart_path, target));
  if (!path.ok())
    return Error(Code::Invalid, fmt::format("dependency {}: repository {}: {}", dependency.name,
                                            dependency.repository, path.error().text()));
  return path;
}

std::vector<std::string> local_paths(const base::FileTree& tree, std::string_view chart_path,
                                     Profile profile) {
  std::vector<std::string> out;
  for (const char* name : {"Chart.yaml", "requirements.yaml"}) {
    const auto text = tree.read(base::join_path(chart_path, name));
    if (!text.ok()) continue;
    const auto metadata = parse_metadata(*text, profile);
    if (!metadata.ok()) continue;
    for (const auto& dependency : metadata->dependencies) {
      if (dependency == nullptr || !dependency->repository.starts_with(kScheme)) continue;
      if (auto path = local_path(*dependency, chart_path); path.ok())
        out.push_back(*std::move(path));
    }
  }
  return out;
}

Status add_local_dependencies(Chart& chart, const RenderInput& input, const LoadLimits& limits) {
  if (input.chart.tree == nullptr) return {};
  for (const auto& wanted : chart.metadata.dependencies) {
    if (!wanted->repository.starts_with(kScheme)) continue;
    const bool there = std::ranges::any_of(
        chart.dependencies, [&](const auto& child) { return child->name() == wanted->name; });
    if (!there) TRY(add_one(chart, *wanted, input, limits));
  }
  return {};
}

}  // namespace tiphys::helm
