#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::api {

struct HelmParameter {
  std::string name;
  std::string value;
  bool force_string = false;
};

struct HelmFileParameter {
  std::string name;
  std::string path;
};

/// spec.source.helm.
struct HelmOptions {
  std::vector<std::string> value_files;
  std::vector<HelmParameter> parameters;
  std::vector<HelmFileParameter> file_parameters;
  std::string release_name;
  std::string values;
  /// null when absent. `{}` is not null: it still wins over `values`, as in Argo CD.
  value::Value values_object;
  std::string namespace_;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::string version;
  bool pass_credentials = false;
  bool ignore_missing_value_files = false;
  bool skip_crds = false;
  bool skip_tests = false;
  bool skip_schema_validation = false;
};

/// spec.source.directory, without jsonnet (which is refused).
struct DirectoryOptions {
  bool recurse = false;
  std::string include;
  std::string exclude;
  bool disable_extension_filter = false;
};

/// One source of an Application. `json` is the source as Argo CD would marshal it (its omitempty
/// rules applied, empty helm/kustomize/directory/plugin dropped): what status.sync.comparedTo,
/// history and syncResult show, and what two sources are compared by.
struct Source {
  std::string repo_url{};
  std::string path{};
  std::string target_revision{};
  std::string chart{};
  std::string ref{};
  std::string name{};
  std::string tag_prefix{};
  std::optional<HelmOptions> helm{};
  std::optional<DirectoryOptions> directory{};
  value::Value json{};

  bool same_as(const Source& other) const { return value::equal(json, other.json); }
};

/// `field` is the path used in messages, e.g. "spec.source". Errors: Invalid naming the field whose
/// type is wrong, e.g. "spec.source.helm.parameters[1].value: expected a string, not a number".
base::Result<Source> parse_source(const value::Value& source, std::string_view field);

/// A source's JSON under Argo CD's omitempty rules (see Source::json).
value::Value canonical_source(const value::Value& source);

}  // namespace tiphys::api
