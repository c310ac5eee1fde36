#pragma once

#include "helm/schema_rules.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tiphys::helm {

/// A parsed values.schema.json: its draft, and what its $refs point to. Never loads anything.
class SchemaDocument {
 public:
  /// Is `format` a rule? By default up to draft 7, later on it is a note.
  enum class Formats : std::uint8_t { by_draft, asserted };
  /// Errors: Invalid with Go's text; Unimplemented for a draft that isn't known.
  static base::Result<SchemaDocument> parse(std::string_view json);
  static base::Result<SchemaDocument> of(value::Value tree, Formats formats = Formats::by_draft);

  const value::Value& root() const { return *root_; }
  Draft draft() const { return draft_; }
  bool asserts_formats() const { return asserts_formats_; }
  /// What a $ref points to, nullptr when nothing is there. `base` is the $id around it.
  const value::Value* resolve(const std::string& reference) const;

 private:
  base::Status index(const value::Value& schema, const std::string& path, int depth);

  std::shared_ptr<const value::Value> root_;  ///< anchors_ points at it, wherever this is moved
  Draft draft_ = Draft::d2020;
  bool asserts_formats_ = false;
  std::map<std::string, const value::Value*> anchors_;  ///< "#name" and $id -> schema
};

}  // namespace tiphys::helm
