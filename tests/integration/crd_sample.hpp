#pragma once

#include "tiphys/value/value.hpp"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::test {

/// Argo CD's own property paths of a CRD (tests/vectors/crds/NAME.txt) as a tree that makes values
/// with everything set.
class CrdPaths {
 public:
  explicit CrdPaths(const std::string& name);

  /// A value for "spec.source.helm" and the like ("" is the whole object without metadata), every
  /// property below it set. Throws SupportError for a path that the list doesn't have.
  value::Value sample(std::string_view path) const;
  /// `object` with the sample of `path` in its place ("a.b[].c": in a list of one).
  void set(value::Value& object, std::string_view path) const;

 private:
  struct Node {
    std::string type;
    bool open = false;                                 ///< unknown members are preserved
    std::map<std::string, Node, std::less<>> members;  ///< "[]" and "{}" too
  };
  static value::Value make(const Node& node, std::string_view name);
  Node root_;
};

}  // namespace tiphys::test
