#pragma once

#include "tiphys/diff/diff.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::diff {

inline k8s::Object object(const std::string& yaml) {
  auto tree = value::parse_yaml(yaml);
  EXPECT_TRUE(tree.ok()) << tree.error().text() << "\n" << yaml;
  return k8s::Object::trusted(*tree);
}

/// An owned set from fieldsV1 written as YAML.
inline Owned owned(const std::string& yaml, bool by_update = false) {
  auto fields = k8s::FieldSet::from_fields_v1(*value::parse_yaml(yaml));
  EXPECT_TRUE(fields.ok());
  return {.fields = *fields, .by_update = by_update};
}

inline std::string json(const value::Value& v) {
  return *value::write_json(v, value::EscapeHtml::no);
}

}  // namespace tiphys::diff
