#include "helm/metaschema.hpp"

#include "helm/metaschema_texts.hpp"
#include "helm/schema_document.hpp"
#include "helm/schema_validator.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>
#include <vector>

namespace tiphys::helm {

using value::Value;

namespace {

struct Source {
  Draft draft;
  std::string_view url;
  std::span<const std::string_view> texts;  ///< the schema, then the vocabularies that it refers to
};
const std::array<Source, 5> kSources = {{
    {Draft::d4, "http://json-schema.org/draft-04/schema#", kDraft04},
    {Draft::d6, "http://json-schema.org/draft-06/schema#", kDraft06},
    {Draft::d7, "http://json-schema.org/draft-07/schema#", kDraft07},
    {Draft::d2019, "https://json-schema.org/draft/2019-09/schema#", kDraft201909},
    {Draft::d2020, "https://json-schema.org/draft/2020-12/schema#", kDraft202012},
}};

/// References inside a vocabulary lead into it; in one document with the others they need its name.
Value with_full_references(const Value& tree, const std::string& id) {
  if (tree.is_list()) {
    value::List out;
    for (const Value& item : tree.list()) out.push_back(with_full_references(item, id));
    return Value(std::move(out));
  }
  if (!tree.is_map()) return tree;
  value::Map out;
  for (const auto& [key, member] : tree.map()) {
    const bool refers = key == "$ref" && member.text().starts_with("#/");
    out.set(key,
            refers ? Value(id + std::string(member.text())) : with_full_references(member, id));
  }
  return Value(std::move(out));
}

Value parsed(std::string_view text) {
  auto tree = value::parse_json(text, value::Numbers::float64);
  if (!tree.ok()) throw std::logic_error("a metaschema: " + tree.error().text());
  return *std::move(tree);
}

SchemaDocument document_of(const Source& source) {
  Value root = parsed(source.texts[0]);
  value::Map vocabularies;
  for (std::string_view const text : source.texts.subspan(1)) {
    const Value vocabulary = parsed(text);
    const std::string id(vocabulary["$id"].text());
    vocabularies.set(id, with_full_references(vocabulary, id));
  }
  if (!vocabularies.empty()) {
    value::Map all = root.map();
    all.set("$defs", Value(std::move(vocabularies)));
    root = Value(std::move(all));
  }
  auto document = SchemaDocument::of(std::move(root), SchemaDocument::Formats::asserted);
  if (!document.ok()) throw std::logic_error("a metaschema: " + document.error().text());
  return *std::move(document);
}

struct Metaschema {
  Draft draft;
  std::string_view url;
  SchemaDocument document;
};

const Metaschema& metaschema_of(Draft draft) {
  static const auto kAll = [] {
    std::vector<Metaschema> all;
    all.reserve(kSources.size());
    for (const Source& source : kSources)
      all.push_back({source.draft, source.url, document_of(source)});
    return all;
  }();
  return *std::ranges::find(kAll, draft, &Metaschema::draft);
}

}  // namespace

std::string metaschema_problem(const Value& schema, Draft draft, const std::string& place) {
  const Metaschema& meta = metaschema_of(draft);
  const auto bad = SchemaValidator(meta.document).validate(schema);
  if (!bad) return "";
  return fmt::format(
      "\"file:///values.schema.json#{}\" is not valid against metaschema: jsonschema validation "
      "failed with '{}'\n{}",
      place, meta.url, print_findings(*bad));
}

}  // namespace tiphys::helm
