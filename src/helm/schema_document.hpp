#pragma once

#include "helm/schema_rules.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tiphys::helm {

/// A parsed values.schema.json: its draft, and what its $refs point to. Never loads anything.
class SchemaDocument {
 public:
  /// Errors: Invalid with Go's text; Unimplemented for a $ref to another document.
  static base::Result<SchemaDocument> parse(std::string_view json);

  const value::Value& root() const { return *root_; }
  Draft draft() const { return draft_; }
  /// What a $ref points to, nullptr when nothing is there. `base` is the $id around it.
  const value::Value* resolve(const std::string& reference) const;

 private:
  base::Status index(const value::Value& schema, const std::string& path, int depth);
  base::Status check_references(const value::Value& schema, int depth) const;

  std::shared_ptr<const value::Value> root_;  ///< anchors_ points at it, wherever this is moved
  Draft draft_ = Draft::d2020;
  std::map<std::string, const value::Value*> anchors_;  ///< "#name" and $id -> schema
};

}  // namespace tiphys::helm
