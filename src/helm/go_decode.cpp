#include "helm/go_decode.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/value/yaml.hpp"

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using value::Kind;
using value::Value;

std::string_view json_kind(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return "bool";
    case Kind::integer:
    case Kind::floating:
      return "number";
    case Kind::string:
      return "string";
    case Kind::list:
      return "array";
    case Kind::map:
      return "object";
    default:
      return "null";
  }
}

Error cannot_unmarshal(const Value& value, std::string_view into) {
  std::string text = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ";
  text.append(json_kind(value)).append(" into ").append(into);
  return Error(Code::Invalid, std::move(text));
}

const Value* find_field(const Value& map, std::string_view key) {
  if (!map.is_map()) return nullptr;
  if (const Value* exact = map.map().find(key)) return exact;
  for (const auto& [name, member] : map.map())
    if (name.size() == key.size() && equal_fold_ascii(name, key)) return &member;
  return nullptr;
}

Result<std::string> coerce_string(const Value& value, std::string_view field) {
  switch (value.kind()) {
    case Kind::null:
      return std::string();
    case Kind::boolean:
      return std::string(value.boolean() ? "true" : "false");
    case Kind::integer:
      return std::to_string(value.integer());
    case Kind::floating: {
      std::string text;
      gotmpl::append_float(text, value.floating(), 'g', -1, 32);
      return text;
    }
    case Kind::string:
      return std::string(value.string());
    default:
      return cannot_unmarshal(value, field);
  }
}

Result<Value> decode_yaml(std::string_view text, bool floats) {
  value::YamlOptions options;
  options.numbers = floats ? value::Numbers::float64 : value::Numbers::int64;
  return value::parse_yaml(text, options);
}

}  // namespace tiphys::helm
