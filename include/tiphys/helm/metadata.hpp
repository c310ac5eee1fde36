#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

enum class Profile : std::uint8_t;

struct Maintainer {
  bool is_null = false;  ///< an empty entry of the list: validate() refuses it
  std::string name;
  std::string email;
  std::string url;
};

/// One entry of Chart.yaml's dependencies (requirements.yaml of apiVersion v1).
struct Dependency {
  std::string name;
  std::string version;
  std::string repository;
  std::string condition;
  std::vector<std::string> tags;
  bool enabled = false;
  value::List import_values;  ///< strings, or maps with child and parent
  std::string alias;
};

/// Chart.yaml.
struct Metadata {
  std::string name;
  std::string home;
  std::vector<std::string> sources;
  std::string version;
  std::string description;
  std::vector<std::string> keywords;
  std::vector<Maintainer> maintainers;
  std::string icon;
  std::string api_version;
  std::string condition;
  std::string tags;
  std::string app_version;
  bool deprecated = false;
  std::map<std::string, std::string> annotations;
  std::string kube_version;
  /// Shared, since Helm 3 shares them between the copies of an aliased chart. Null for an empty
  /// entry of the list until validate() has refused it.
  std::vector<std::shared_ptr<Dependency>> dependencies;
  bool has_dependencies = false;  ///< Go's non-nil slice: the key was there, even if empty
  std::string type;

  /// A copy with dependencies of its own.
  Metadata clone() const;
};

/// Decodes Chart.yaml as Go would: keys in any case, scalars coerced to strings, unknown keys left
/// out. Errors: Invalid with Go's message.
base::Result<Metadata> parse_metadata(std::string_view yaml, Profile profile);
/// What UnmarshalStrict has against a Chart.yaml that parse_metadata reads: keys given twice, and
/// keys that are no field. Errors: Invalid with Go's message, for the first of them.
base::Status check_metadata_keys(std::string_view yaml);
/// Adds requirements.yaml's dependencies.
base::Status parse_requirements(std::string_view yaml, Metadata& metadata, Profile profile);
/// Cleans the strings and checks them, as Metadata.Validate.
base::Status validate(Metadata& metadata);

}  // namespace tiphys::helm
