#include "source/overrides.hpp"

#include "source/links.hpp"

#include "tiphys/api/support.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/patch.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

namespace tiphys::source {
namespace {

using base::Code;
using base::Error;
using value::Value;

constexpr std::string_view kProtected[] = {"repoURL", "path", "chart", "targetRevision"};

base::Status refuse(const Value& source) {
  const auto app =
      k8s::Object::trusted(Value::object({{"apiVersion", "argoproj.io/v1alpha1"},
                                          {"kind", "Application"},
                                          {"spec", Value::object({{"source", source}})}}));
  const auto refused = api::refused_fields(app);
  if (!refused.empty()) return Error(Code::Unimplemented, refused.front());
  return {};
}

}  // namespace

base::Result<api::Source> with_overrides(const api::Source& source, const base::FileTree& tree,
                                         std::string_view path, std::string_view instance) {
  Value merged = source.json.deep_copy();
  bool changed = false;
  for (const std::string& name :
       {std::string(".argocd-source.yaml"), fmt::format(".argocd-source-{}.yaml", instance)}) {
    auto file = real_path(tree, base::join_path(path, name));
    if (!file.ok() && file.error().code() == Code::NotFound) continue;
    if (!file.ok()) return std::move(file).error();
    TRY_ASSIGN(const base::FileEntry entry, tree.stat(*file));
    if (entry.kind == base::FileKind::directory) continue;
    TRY_ASSIGN(const std::string bytes, tree.read(*file));
    TRY_ASSIGN(const Value patch, value::parse_yaml(bytes).context(name));
    if (patch.is_null()) continue;
    if (!patch.is_map()) return Error(Code::Invalid, name + ": expected a map");
    merged = value::apply_merge_patch(merged, patch);
    changed = true;
  }
  if (!changed) return source;
  if (!merged.is_map()) return Error(Code::Invalid, ".argocd-source.yaml: expected a map");
  for (const std::string_view key : kProtected) {
    const Value* original = source.json.entries().find(key);
    if (original != nullptr)
      merged.map().set(key, *original);
    else
      merged.map().erase(key);
  }
  TRY(refuse(merged));
  return api::parse_source(merged, ".argocd-source.yaml");
}

}  // namespace tiphys::source
