// allOf, anyOf, oneOf, not, if and the unevaluated* keywords.
#include "helm/schema_validator.hpp"

#include <fmt/format.h>

namespace tiphys::helm {

using value::List;
using value::Map;
using value::Value;

void SchemaValidator::check_conditions(Frame& frame) {
  const Map& schema = frame.schema.map();
  if (const Value* no = schema.find("not"); no != nullptr && !check(*no, frame.tree, nullptr))
    frame.add(finding("'not' failed"));
  if (frame.schema["allOf"].is_list()) {
    Finding out = finding("'allOf' failed");
    for (const Value& inner : frame.schema["allOf"].list())
      if (auto bad = self(frame, inner)) out.causes.push_back(*std::move(bad));
    if (!out.causes.empty()) frame.add(std::move(out));
  }
  if (frame.schema["anyOf"].is_list()) check_any_of(frame);
  if (frame.schema["oneOf"].is_list()) check_one_of(frame);
  const Value* condition = schema.find("if");
  if (condition == nullptr || document_.draft() < Draft::d7) return;
  const Value* branch = schema.find(self(frame, *condition) ? "else" : "then");
  if (branch != nullptr) frame.add(self(frame, *branch));
}

void SchemaValidator::check_any_of(Frame& frame) {
  Finding out = finding("'anyOf' failed");
  bool matched = false;
  for (const Value& inner : frame.schema["anyOf"].list()) {
    auto bad = self(frame, inner);
    if (bad) {
      out.causes.push_back(*std::move(bad));
    } else {
      matched = true;
      if (!frame.wants_left) break;
    }
  }
  if (!matched) frame.add(std::move(out));
}

void SchemaValidator::check_one_of(Frame& frame) {
  Finding out = finding("'oneOf' failed, none matched");
  std::optional<std::size_t> matched;
  const List& schemas = frame.schema["oneOf"].list();
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    auto bad = self(frame, schemas[i]);
    if (bad) {
      out.causes.push_back(*std::move(bad));
    } else if (!matched) {
      matched = i;
    } else {
      frame.add(finding(fmt::format("'oneOf' failed, subschemas {}, {} matched", *matched, i)));
      return;
    }
  }
  if (!matched) frame.add(std::move(out));
}

void SchemaValidator::check_unevaluated(Frame& frame) {
  const Map& schema = frame.schema.map();
  if (const Value* rest = schema.find("unevaluatedProperties"); rest && frame.tree.is_map()) {
    for (const std::string& name : frame.left.properties)
      frame.add(child(*rest, *frame.tree.map().find(name), name));
    frame.left.properties.clear();
  }
  if (const Value* rest = schema.find("unevaluatedItems"); rest && frame.tree.is_list()) {
    for (const std::size_t item : frame.left.items)
      frame.add(child(*rest, frame.tree.list()[item], std::to_string(item)));
    frame.left.items.clear();
  }
}

}  // namespace tiphys::helm
