#include "tiphys/api/source.hpp"

#include "api/field.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace tiphys::api {

using value::Value;

namespace {

/// Members that Go writes even when they are empty (no omitempty), by the key of their map's
/// parent.
struct AlwaysWritten {
  std::string_view parent;
  std::string_view key;
};
constexpr std::array kAlwaysWritten = {
    AlwaysWritten{"extVars", "name"},      AlwaysWritten{"extVars", "value"},
    AlwaysWritten{"tlas", "name"},         AlwaysWritten{"tlas", "value"},
    AlwaysWritten{"env", "name"},          AlwaysWritten{"env", "value"},
    AlwaysWritten{"replicas", "name"},     AlwaysWritten{"replicas", "count"},
    AlwaysWritten{"parameters", "string"}, AlwaysWritten{"parameters", "array"},
    AlwaysWritten{"parameters", "map"},
};

bool always_written(std::string_view parent, std::string_view key) {
  return std::ranges::any_of(kAlwaysWritten, [&](const AlwaysWritten& row) {
    return row.parent == parent && row.key == key;
  });
}

bool is_zero(const Value& v) {
  switch (v.kind()) {
    case value::Kind::null:
      return true;
    case value::Kind::boolean:
      return !v.boolean();
    case value::Kind::string:
      return v.string().empty();
    case value::Kind::list:
    case value::Kind::map:
      return v.size() == 0;
    default:
      return false;
  }
}

/// `plugin` tells a plugin's parameters, whose empty members mean something, from Helm's.
Value canonical(const Value& v, std::string_view key, bool plugin) {
  if (v.is_list()) {
    value::List out;
    for (const Value& item : v.items()) out.push_back(canonical(item, key, plugin));
    return out;
  }
  if (!v.is_map()) return v;
  value::Map out;
  for (const auto& [name, member] : v.entries()) {
    if (name == "valuesObject") {
      if (!member.is_null()) out.set(name, member);
      continue;
    }
    // Keys of a free map (labels, annotations, options) are data, not fields.
    const bool data =
        key == "commonLabels" || key == "commonAnnotations" || key == "options" || key == "map";
    Value child = data ? member : canonical(member, name, plugin || name == "plugin");
    const bool keep =
        data || name == "target" || (always_written(key, name) && (key != "parameters" || plugin));
    if (keep ? !child.is_null() : !is_zero(child)) out.set(name, std::move(child));
  }
  return out;
}

HelmOptions read_helm(FieldReader& reader) {
  HelmOptions helm;
  helm.value_files = reader.texts("valueFiles");
  const value::List& parameters = reader.maps("parameters");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    FieldReader item(parameters[i], reader.path_of("parameters", i));
    helm.parameters.push_back({item.text("name"), item.text("value"), item.boolean("forceString")});
    reader.merge(item.status());
  }
  const value::List& files = reader.maps("fileParameters");
  for (std::size_t i = 0; i < files.size(); ++i) {
    FieldReader item(files[i], reader.path_of("fileParameters", i));
    helm.file_parameters.push_back({item.text("name"), item.text("path")});
    reader.merge(item.status());
  }
  helm.release_name = reader.text("releaseName");
  helm.values = reader.text("values");
  helm.values_object = reader.map("valuesObject");
  helm.namespace_ = reader.text("namespace");
  helm.kube_version = reader.text("kubeVersion");
  helm.api_versions = reader.texts("apiVersions");
  helm.version = reader.text("version");
  helm.pass_credentials = reader.boolean("passCredentials");
  helm.ignore_missing_value_files = reader.boolean("ignoreMissingValueFiles");
  helm.skip_crds = reader.boolean("skipCrds");
  helm.skip_tests = reader.boolean("skipTests");
  helm.skip_schema_validation = reader.boolean("skipSchemaValidation");
  return helm;
}

DirectoryOptions read_directory(FieldReader& reader) {
  return {.recurse = reader.boolean("recurse"),
          .include = reader.text("include"),
          .exclude = reader.text("exclude"),
          .disable_extension_filter = reader.boolean("disableExtensionFilter")};
}

}  // namespace

Value canonical_source(const Value& source) {
  Value out = canonical(source, "source", false);
  if (!out.is_map()) out = Value(value::Map());
  if (!out["repoURL"].is_string()) out.map().set("repoURL", Value(""));
  return out;
}

base::Result<Source> parse_source(const Value& source, std::string_view field) {
  FieldReader reader(source, std::string(field));
  Source out;
  out.repo_url = reader.text("repoURL");
  out.path = reader.text("path");
  out.target_revision = reader.text("targetRevision");
  out.chart = reader.text("chart");
  out.ref = reader.text("ref");
  out.name = reader.text("name");
  out.tag_prefix = reader.text("tagPrefix");
  if (const Value& helm = reader.map("helm"); !helm.is_null()) {
    FieldReader nested(helm, reader.path_of("helm"));
    out.helm = read_helm(nested);
    reader.merge(nested.status());
  }
  if (const Value& directory = reader.map("directory"); !directory.is_null()) {
    FieldReader nested(directory, reader.path_of("directory"));
    out.directory = read_directory(nested);
    reader.merge(nested.status());
  }
  reader.map("kustomize");
  reader.map("plugin");
  TRY(reader.status());
  out.json = canonical_source(source);
  return out;
}

}  // namespace tiphys::api
