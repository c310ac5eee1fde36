#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/k8s/names.hpp"
#include "tiphys/value/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::k8s {

struct OwnerReference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;
};

/// An unstructured API object: a map with apiVersion, kind and metadata.name (or generateName).
/// Copies share the tree (see value::Value); use deep_copy() before changing one that came from
/// elsewhere. Accessors are lenient: what is absent or of a wrong type reads as empty.
class Object {
 public:
  Object() = default;
  /// Errors: Invalid naming what is missing: not a map, apiVersion, kind, metadata.name and
  /// generateName both absent.
  static base::Result<Object> from(value::Value tree);
  /// No check at all: for trees that the API server sent.
  static Object trusted(value::Value tree);

  const value::Value& tree() const { return tree_; }
  value::Value& tree() { return tree_; }
  Object deep_copy() const { return trusted(tree_.deep_copy()); }

  GroupVersionKind gvk() const;
  GroupKind group_kind() const { return gvk().group_kind(); }
  ObjectKey key() const;
  std::string_view api_version() const { return tree_["apiVersion"].text(); }
  std::string_view kind() const { return tree_["kind"].text(); }
  std::string_view name() const { return metadata()["name"].text(); }
  std::string_view generate_name() const { return metadata()["generateName"].text(); }
  std::string_view namespace_() const { return metadata()["namespace"].text(); }
  std::string_view uid() const { return metadata()["uid"].text(); }
  std::string_view resource_version() const { return metadata()["resourceVersion"].text(); }
  std::string_view deletion_timestamp() const { return metadata()["deletionTimestamp"].text(); }
  std::int64_t generation() const { return metadata()["generation"].integer_or(0); }
  const value::Value& metadata() const { return tree_["metadata"]; }
  const value::Value& spec() const { return tree_["spec"]; }
  const value::Value& status() const { return tree_["status"]; }

  std::optional<std::string_view> label(std::string_view key) const;
  std::optional<std::string_view> annotation(std::string_view key) const;
  std::vector<OwnerReference> owners() const;
  std::vector<std::string> finalizers() const;

  void set_namespace(std::string_view ns);
  void set_label(std::string_view key, std::string_view value);
  void set_annotation(std::string_view key, std::string_view value);
  void remove_annotation(std::string_view key);

 private:
  value::Value tree_;
};

}  // namespace tiphys::k8s
