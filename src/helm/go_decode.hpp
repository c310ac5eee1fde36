#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

/// How sigs.k8s.io/yaml fills a Go struct from a tree: keys in any case, scalars become strings
/// where the field is one, null leaves the field alone. Errors: Invalid with encoding/json's text.

/// What json calls the kind of a value: "object", "array", "string", "number", "bool".
std::string_view json_kind(const value::Value& value);
/// "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ..." for a value that
/// can't go into `type` ("Go value of type map[string]interface {}").
base::Error cannot_unmarshal(const value::Value& value, std::string_view into);

/// The member of a map whose key equals `key`, or else equals it without regard to case.
const value::Value* find_field(const value::Value& map, std::string_view key);

/// A scalar as the string that a string field gets; nullopt-like error for maps and lists, whose
/// text names `field` ("Go struct field Metadata.name of type string").
base::Result<std::string> coerce_string(const value::Value& value, std::string_view field);

/// parse_yaml, with every number a float64 (values) or integers where they fit.
base::Result<value::Value> decode_yaml(std::string_view text, bool floats);

}  // namespace tiphys::helm
