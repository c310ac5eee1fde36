#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::k8s {

/// A set of field paths: the tree of a fieldsV1. Keys are path elements as fieldsV1 writes them:
/// `f:name`, `k:{"name":"web"}` (associative list item), `v:"x"` (set member), `i:0` (index).
class FieldSet {
 public:
  /// Errors: Invalid naming the element.
  static base::Result<FieldSet> from_fields_v1(const value::Value& fields);
  value::Value to_fields_v1() const;

  bool empty() const { return !member_ && children_.empty(); }
  /// Is this very node (reached from the root) in the set? (The "." of fieldsV1, or a leaf.)
  bool member() const { return member_; }
  const std::map<std::string, FieldSet, std::less<>>& children() const { return children_; }
  const FieldSet* child(std::string_view element) const;

  /// this and other together / this without other.
  FieldSet united(const FieldSet& other) const;
  FieldSet without(const FieldSet& other) const;
  bool operator==(const FieldSet& other) const = default;

 private:
  bool member_ = false;
  std::map<std::string, FieldSet, std::less<>> children_;
};

enum class Operation : unsigned char { apply, update };

/// One entry of metadata.managedFields.
struct ManagedEntry {
  std::string manager;
  Operation operation = Operation::update;
  std::string api_version;
  std::string subresource;
  FieldSet fields;
};

/// Errors: Invalid naming the entry.
base::Result<std::vector<ManagedEntry>> managed_entries(const Object& object);

/// What `manager` owns of the main resource with that operation; empty when it has no entry.
base::Result<FieldSet> owned_by(const Object& object, std::string_view manager,
                                Operation operation = Operation::apply);

/// The part of tree that the set names: maps keep owned keys, lists owned items in their live
/// order. An owned leaf is taken whole; an owned path that is absent is left out. null when nothing
/// is left.
value::Value extract(const value::Value& tree, const FieldSet& fields);

/// tree without the fields of the set (and without maps and lists that became empty by that).
value::Value remove(const value::Value& tree, const FieldSet& fields);

}  // namespace tiphys::k8s
