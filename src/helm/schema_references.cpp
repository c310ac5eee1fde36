#include "helm/schema_references.hpp"

#include "helm/metaschema.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/regex.hpp"
#include "tiphys/sprig/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Status;
using value::Value;

namespace {

enum class Holds : std::uint8_t { schema, list, map };

/// A keyword that holds schemas, and the first draft that knows it.
struct Place {
  std::string_view keyword;
  Holds holds;
  Draft since;
};
constexpr std::array<Place, 23> kPlaces = {{
    {"additionalItems", Holds::schema, Draft::d4},
    {"additionalProperties", Holds::schema, Draft::d4},
    {"items", Holds::list, Draft::d4},  // before the other: asked first
    {"items", Holds::schema, Draft::d4},
    {"not", Holds::schema, Draft::d4},
    {"allOf", Holds::list, Draft::d4},
    {"anyOf", Holds::list, Draft::d4},
    {"oneOf", Holds::list, Draft::d4},
    {"definitions", Holds::map, Draft::d4},
    {"dependencies", Holds::map, Draft::d4},
    {"patternProperties", Holds::map, Draft::d4},
    {"properties", Holds::map, Draft::d4},
    {"contains", Holds::schema, Draft::d6},
    {"propertyNames", Holds::schema, Draft::d6},
    {"else", Holds::schema, Draft::d7},
    {"if", Holds::schema, Draft::d7},
    {"then", Holds::schema, Draft::d7},
    {"contentSchema", Holds::schema, Draft::d2019},
    {"unevaluatedItems", Holds::schema, Draft::d2019},
    {"unevaluatedProperties", Holds::schema, Draft::d2019},
    {"$defs", Holds::map, Draft::d2019},
    {"dependentSchemas", Holds::map, Draft::d2019},
    {"prefixItems", Holds::list, Draft::d2020},
}};

/// Is a schema expected at this JSON pointer? There the metaschema has looked already.
bool is_schema_place(std::string_view pointer, Draft draft) {
  const auto tokens = split(pointer, '/');  // the first is empty
  for (std::size_t i = 1; i < tokens.size();) {
    const bool index =
        i + 1 < tokens.size() && !tokens[i + 1].empty() &&
        std::ranges::all_of(tokens[i + 1], [](char c) { return c >= '0' && c <= '9'; });
    const auto fits = [&](const Place& place) {
      return place.keyword == tokens[i] && place.since <= draft &&
             (place.holds == Holds::list  ? index
              : place.holds == Holds::map ? i + 1 < tokens.size()
                                          : true);
    };
    const auto* const found = std::ranges::find_if(kPlaces, fits);
    if (found == kPlaces.end()) return false;
    i += found->holds == Holds::schema ? 1 : 2;
  }
  return true;
}

/// A $ref that leads to another document. Helm opens what its own disk has under the path of a
/// file: URL; here nothing is ever there.
Error not_loaded(const std::string& target) {
  constexpr std::string_view kFile = "file://";
  std::string document = target.substr(0, target.find('#'));
  const bool is_file = document.starts_with(kFile);
  if (!is_file && document.contains(':'))
    return Error(Code::Unimplemented, fmt::format("values.schema.json: $ref {} leads to another "
                                                  "document, and schemas are not fetched",
                                                  target));
  if (!is_file) {
    while (document.starts_with("./") || document.starts_with("../"))
      document.erase(0, document.find('/') + 1);
    document.insert(0, document.starts_with('/') ? "file://" : "file:///");
  }
  const std::size_t path = document.find('/', kFile.size());
  return Error(Code::Invalid,
               fmt::format("failing loading \"{}\": open {}: no such file or directory", document,
                           path == std::string::npos ? "" : document.substr(path)));
}

/// Where a reference leads nowhere in this document.
Error not_found(const std::string& target) {
  if (!target.starts_with('#')) return not_loaded(target);
  if (target.starts_with("#/"))
    return {Code::Invalid,
            fmt::format("json-pointer in \"file:///values.schema.json{}\" not found", target)};
  return {Code::Invalid,
          fmt::format("anchor in \"file:///values.schema.json{}\" not found in schema "
                      "\"file:///values.schema.json\"",
                      target)};
}

Status check_reference(const SchemaDocument& document, const std::string& target) {
  // From draft 6 on the metaschema has asked this.
  if (const auto url = sprig::Url::parse(target); !url.ok())
    return Error(Code::Invalid,
                 fmt::format("error in parsing {}: {}", gotmpl::quote(target), url.error().text()));
  const Value* schema = document.resolve(target);
  if (schema == nullptr) return target.starts_with("urn:") ? Status() : Status(not_found(target));
  if (!target.starts_with("#/") || is_schema_place(target.substr(1), document.draft())) return {};
  const std::string problem = metaschema_problem(*schema, document.draft(), target.substr(1));
  return problem.empty() ? Status() : Status(Error(Code::Invalid, problem));
}

/// One schema and all below it. `place` is its JSON pointer.
Status check(const SchemaDocument& document, const Value& schema, const std::string& place) {
  if (schema.is_list()) {
    for (std::size_t i = 0; i < schema.list().size(); ++i)
      TRY(check(document, schema.list()[i], fmt::format("{}/{}", place, i)));
    return {};
  }
  if (!schema.is_map()) return {};
  if (schema["$ref"].is_string())
    TRY(check_reference(document, std::string(schema["$ref"].string())));
  for (const auto& entry : schema["patternProperties"].entries())
    if (const auto regex = sprig::Regex::compile(entry.first); !regex.ok())
      return Error(Code::Invalid,
                   fmt::format("invalid regex {} at \"file:///values.schema.json#{}\": {}",
                               gotmpl::quote(entry.first), place + "/patternProperties",
                               regex.error().text()));
  for (const auto& [key, member] : schema.map()) {
    if (key == "enum" || key == "const" || key == "default" || key == "examples") continue;
    const std::string token = replace_all(replace_all(key, "~", "~0"), "/", "~1");
    TRY(check(document, member, fmt::format("{}/{}", place, token)));
  }
  return {};
}

}  // namespace

Status check_references(const SchemaDocument& document) {
  return check(document, document.root(), "");
}

}  // namespace tiphys::helm
