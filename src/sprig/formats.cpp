#include "sprig/internal.hpp"
#include "sprig/toml.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/limits.hpp"
#include "tiphys/value/yaml.hpp"

#include <array>

namespace tiphys::sprig {
namespace {

using Made = base::Result<std::string>;

std::string_view arg(const Call& call) { return call.args[0].string(); }

/// Budgets are never swallowed, other errors give an empty text: what Helm's to* functions do.
Answer or_empty(Call& call, Made made) {
  if (made.ok()) return text(call, *std::move(made));
  if (made.error().code() == base::Code::ResourceExhausted) return made.error();
  return Value("");
}
Answer or_fail(Call& call, Made made) {
  if (!made.ok()) return made.error();
  return text(call, *std::move(made));
}

Made yaml_text(Call& call) {
  auto made = value::to_yaml(call.args[0]);
  if (made.ok() && made->ends_with('\n')) made->pop_back();
  return made;
}

Made pretty_yaml_text(Call& call) {
  auto made = value::to_yaml_pretty(call.args[0]);
  if (made.ok() && made->ends_with('\n')) made->pop_back();
  return made;
}

Made raw_json(Call& call) { return value::write_json(call.args[0], value::EscapeHtml::no); }
Made json(Call& call) { return value::write_json(call.args[0]); }
Made pretty_json(Call& call) { return value::write_json_pretty(call.args[0]); }

template <Made (*write)(Call&)>
Answer lenient(Call& call) {
  return or_empty(call, write(call));
}
template <Made (*write)(Call&)>
Answer strict(Call& call) {
  return or_fail(call, write(call));
}

Value error_map(const base::Error& error) {
  return Value::object({{"Error", Value(error.text())}});
}
Value error_list(const base::Error& error) { return Value::array({Value(error.text())}); }

std::string_view json_kind(const Value& value) {
  switch (value.kind()) {
    case value::Kind::boolean:
      return "bool";
    case value::Kind::integer:
    case value::Kind::floating:
      return "number";
    case value::Kind::string:
      return "string";
    case value::Kind::list:
      return "array";
    default:
      return "object";
  }
}

base::Error wrong_kind(const Value& value, std::string_view wanted) {
  return failure("json: cannot unmarshal " + std::string(json_kind(value)) +
                 " into Go value of type " + std::string(wanted));
}
constexpr std::string_view kMapType = "map[string]interface {}";
constexpr std::string_view kListType = "[]interface {}";

/// What a null document makes of the empty map or list that is decoded into.
enum class Null : std::uint8_t {
  sets_nil,  ///< encoding/json
  keeps,     ///< sigs.k8s.io/yaml: nothing is decoded
};

/// json.Unmarshal into a map or a list.
Answer unmarshal(Answer parsed, value::Kind wanted, Null null) {
  if (!parsed.ok()) return parsed;
  const bool map = wanted == value::Kind::map;
  if (parsed->is_null()) {
    Value empty = map ? Value(value::Map()) : Value(value::List());
    if (null == Null::keeps) return empty;
    return empty.as(map ? GoType::nil_map : GoType::nil_list);
  }
  if (parsed->kind() != wanted) return wrong_kind(*parsed, map ? kMapType : kListType);
  return parsed;
}

Answer swallowed(Answer parsed, Value (*shown)(const base::Error&)) {
  if (parsed.ok() || parsed.error().code() == base::Code::ResourceExhausted) return parsed;
  return shown(parsed.error());
}

Answer parse_json(Call& call) {
  TRY(call.run.charge(arg(call).size()));
  return value::parse_json(arg(call), value::Numbers::float64);
}

Answer parse_yaml(Call& call, value::Kind wanted) {
  TRY(call.run.charge(arg(call).size()));
  value::YamlOptions options;
  options.numbers = value::Numbers::float64;
  auto parsed = value::parse_yaml(arg(call), options);
  if (!parsed.ok() && parsed.error().code() != base::Code::ResourceExhausted) {
    // sigs.k8s.io/yaml names the step that failed.
    if (parsed.error().text().starts_with("yaml: "))
      return failure("error converting YAML to JSON: " + parsed.error().text());
    return parsed;
  }
  auto typed = unmarshal(std::move(parsed), wanted, Null::keeps);
  if (!typed.ok() && typed.error().code() != base::Code::ResourceExhausted)
    return failure("error unmarshaling JSON: while decoding JSON: " + typed.error().message());
  return typed;
}

Answer must_from_json(Call& call) { return parse_json(call); }

constexpr auto kFormats = std::to_array<Function>({
    {"toYaml", "any", lenient<yaml_text>},
    {"mustToYaml", "any", strict<yaml_text>},
    {"toYamlPretty", "any", lenient<pretty_yaml_text>},
    {"fromYaml", "string",
     [](Call& c) -> Answer { return swallowed(parse_yaml(c, value::Kind::map), error_map); }},
    {"fromYamlArray", "string",
     [](Call& c) -> Answer { return swallowed(parse_yaml(c, value::Kind::list), error_list); }},
    {"toJson", "any", lenient<json>},
    {"mustToJson", "any", strict<json>},
    {"toPrettyJson", "any", lenient<pretty_json>},
    {"mustToPrettyJson", "any", strict<pretty_json>},
    {"toRawJson", "any", strict<raw_json>},
    {"mustToRawJson", "any", strict<raw_json>},
    {"fromJson", "string",
     [](Call& c) -> Answer {
       return swallowed(unmarshal(parse_json(c), value::Kind::map, Null::sets_nil), error_map);
     }},
    {"fromJsonArray", "string",
     [](Call& c) -> Answer {
       return swallowed(unmarshal(parse_json(c), value::Kind::list, Null::sets_nil), error_list);
     }},
    {"mustFromJson", "string", must_from_json},
    {"toToml", "any",
     [](Call& c) -> Answer {
       Made made = write_toml(c.args[0], c.run.host());
       if (!made.ok() && made.error().code() == base::Code::Invalid && !c.args[0].is_null())
         return Value(made.error().message());
       return or_fail(c, std::move(made));
     }},
    {"mustToToml", "any",
     [](Call& c) -> Answer { return or_fail(c, write_toml(c.args[0], c.run.host())); }},
    {"fromToml", "string",
     [](Call& c) -> Answer {
       TRY(c.run.charge(arg(c).size()));
       return swallowed(parse_toml(arg(c)), error_map);
     }},
});

}  // namespace

std::span<const Function> format_functions() { return kFormats; }

}  // namespace tiphys::sprig
