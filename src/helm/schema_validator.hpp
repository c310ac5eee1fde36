#pragma once

#include "helm/schema_document.hpp"
#include "helm/schema_rules.hpp"

#include "tiphys/value/value.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::helm {

/// What a schema left unlooked at, for the unevaluated* keywords.
struct Unevaluated {
  std::set<std::string> properties;
  std::set<std::size_t> items;
};

/// Validates one tree against one document. Not for two threads at once.
class SchemaValidator {
 public:
  explicit SchemaValidator(const SchemaDocument& document);
  /// Nothing: the tree is valid.
  std::optional<Finding> validate(const value::Value& tree);

 private:
  struct Frame;
  std::optional<Finding> check(const value::Value& schema, const value::Value& tree,
                               Unevaluated* left);
  std::optional<Finding> child(const value::Value& schema, const value::Value& tree,
                               const std::string& token);
  void check_object(Frame& frame);
  void check_property(Frame& frame, const std::string& name, const value::Value& member,
                      std::vector<std::string>& additional);
  void check_dependencies(Frame& frame);
  void check_array(Frame& frame);
  void check_items(Frame& frame);
  void check_contains(Frame& frame);
  void check_string(Frame& frame);
  void check_number(Frame& frame);
  void check_conditions(Frame& frame);
  void check_any_of(Frame& frame);
  void check_one_of(Frame& frame);
  void check_unevaluated(Frame& frame);
  std::optional<Finding> self(Frame& frame, const value::Value& schema);
  std::optional<Finding> reference(Frame& frame, const std::string& target);
  Finding finding(std::string text) const;

  const SchemaDocument& document_;
  std::vector<std::string> where_;
  int depth_ = 0;
};

/// One schema at one place of the tree.
struct SchemaValidator::Frame {
  const value::Value& schema;
  const value::Value& tree;
  Unevaluated left;
  bool wants_left = false;
  std::vector<Finding> findings;

  void add(Finding finding) { findings.push_back(std::move(finding)); }
  void add(std::optional<Finding> finding) {
    if (finding) findings.push_back(*std::move(finding));
  }
};

}  // namespace tiphys::helm
