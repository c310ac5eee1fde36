#pragma once

#include "tiphys/diff/diff.hpp"
#include "tiphys/diff/ignore.hpp"
#include "tiphys/value/value.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::diff {

using Paths = std::set<std::string>;

/// null, {} or []: what the API server doesn't tell apart from absent.
bool is_nothing(const value::Value& v);

/// A float as JSON writes it.
std::string number_text(double number);

/// base + "/" + the escaped key.
std::string child_path(const std::string& base, std::string_view key);

/// Finds entries of associative lists by their keys.
class MergeKeys {
 public:
  /// From the elements of an owned list (`k:{"name":"web"}`), else from the list's field name as
  /// the built-in types have it. Without keys the list is compared entry by entry.
  static MergeKeys of(std::string_view field, const value::List& live, const k8s::FieldSet* owned);

  bool empty() const { return keys_.empty(); }
  /// The entry of `list` with the same keys as `item`; nullptr when there is none. A key that item
  /// leaves out is what the API server would default it to.
  const value::Value* find(const value::List& list, const value::Value& item) const;
  /// "containerPort=80,protocol=TCP": names an entry in a path.
  std::string label(const value::Value& item) const;

 private:
  std::vector<std::string> keys_;
};

/// Adds the paths of leaves of desired that live doesn't have equal. `owned` may be nullptr.
void desired_against_live(const value::Value& desired, const value::Value& live,
                          const std::string& path, std::string_view field,
                          const k8s::FieldSet* owned, Paths& out);

/// Adds the paths that `owned` names, live has, and desired hasn't.
void owned_but_gone(const k8s::FieldSet& owned, const value::Value& live,
                    const value::Value& desired, const std::string& path, Paths& out);

/// The part of `owned` that is about a member of a map, or about an entry of an associative list;
/// nullptr when there is none.
const k8s::FieldSet* member_of(const k8s::FieldSet* owned, std::string_view key);
const k8s::FieldSet* entry_of(const k8s::FieldSet* owned, const value::Value& item);

/// The entry that `k:{...}` of fieldsV1 names; nullptr when there is none.
const value::Value* keyed(std::string_view element, const value::List& list);

/// Copies of both without what they have differently and one of the managers owns in live.
Pair without_managed(const std::vector<std::string>& managers, const k8s::Object& desired,
                     const k8s::Object& live);

/// Adds every difference of two trees.
void both_ways(const value::Value& a, const value::Value& b, const std::string& path,
               std::string_view field, Paths& out);

}  // namespace tiphys::diff
