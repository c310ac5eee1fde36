#include "helm/schema_document.hpp"

#include "helm/text.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Value;

namespace {

constexpr int kMaxDepth = 200;

struct DraftName {
  std::string_view url;
  Draft draft;
};
constexpr DraftName kDrafts[] = {
    {"json-schema.org/draft-04/schema", Draft::d4},
    {"json-schema.org/draft-06/schema", Draft::d6},
    {"json-schema.org/draft-07/schema", Draft::d7},
    {"json-schema.org/draft/2019-09/schema", Draft::d2019},
    {"json-schema.org/draft/2020-12/schema", Draft::d2020},
    {"json-schema.org/schema", Draft::d2020},
};

Result<Draft> draft_of(const Value& root) {
  if (!root["$schema"].is_string()) return Draft::d2020;
  std::string_view url = root["$schema"].text();
  if (url.empty())
    return Error(Code::Invalid, "failing loading \"\": no URLLoader registered for \"\"");
  const std::string shown(url);
  while (url.ends_with('#')) url.remove_suffix(1);
  if (url.starts_with("https://")) url.remove_prefix(8);
  if (url.starts_with("http://")) url.remove_prefix(7);
  for (const DraftName& known : kDrafts)
    if (known.url == url) return known.draft;
  return Error(Code::Unimplemented,
               fmt::format("values.schema.json: $schema {} is not a known draft, and schemas are "
                           "not fetched",
                           shown));
}

std::string unescape(std::string_view token) {
  std::string plain;
  for (std::size_t i = 0; i < token.size(); ++i) {
    unsigned code = 0;
    if (token[i] == '%' && i + 2 < token.size() &&
        std::from_chars(token.data() + i + 1, token.data() + i + 3, code, 16).ec == std::errc()) {
      plain += static_cast<char>(code);
      i += 2;
    } else {
      plain += token[i];
    }
  }
  return replace_all(replace_all(plain, "~1", "/"), "~0", "~");
}

const Value* walk(const Value& root, std::string_view pointer) {
  const Value* at = &root;
  if (pointer.empty()) return at;
  for (std::string_view const part : split(pointer.substr(1), '/')) {
    const std::string token = unescape(part);
    if (at->is_map()) {
      at = at->map().find(token);
      if (at == nullptr) return nullptr;
    } else if (at->is_list()) {
      std::size_t index = 0;
      const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), index);
      if (code != std::errc() || end != token.data() + token.size() || index >= at->list().size())
        return nullptr;
      at = &at->list()[index];
    } else {
      return nullptr;
    }
  }
  return at;
}

}  // namespace

/// Go reads schemas by a decoder, which has other words for a text that ends too early.
static Error read_error(std::string_view json, const Error& error) {
  if (error.text().ends_with(" after top-level value"))
    return {error.code(), "invalid character after top-level value"};
  if (error.text() != "unexpected end of JSON input") return error;
  return {error.code(), trim_space(json).empty() ? "EOF" : "unexpected EOF"};
}

Result<SchemaDocument> SchemaDocument::parse(std::string_view json) {
  auto tree = value::parse_json(json, value::Numbers::float64);
  if (!tree.ok()) return read_error(json, tree.error());
  return of(*std::move(tree));
}

Result<SchemaDocument> SchemaDocument::of(Value tree, Formats formats) {
  SchemaDocument document;
  document.root_ = std::make_shared<const Value>(std::move(tree));
  TRY_ASSIGN(document.draft_, draft_of(*document.root_));
  document.asserts_formats_ = formats == Formats::asserted || document.draft_ <= Draft::d7;
  TRY(document.index(*document.root_, "", 0));
  return document;
}

Status SchemaDocument::index(const Value& schema, const std::string& path, int depth) {
  if (depth > kMaxDepth)
    return Error(Code::ResourceExhausted,
                 fmt::format("values.schema.json is nested more than {} levels deep", kMaxDepth));
  if (schema.is_map()) {
    for (std::string_view const key : {"$anchor", "$dynamicAnchor"})
      if (schema[key].is_string())
        anchors_.emplace("#" + std::string(schema[key].string()), &schema);
    for (std::string_view const key : {"$id", "id"})
      if (schema[key].is_string()) anchors_.emplace(std::string(schema[key].string()), &schema);
    for (const auto& [key, member] : schema.map()) TRY(index(member, path, depth + 1));
  } else if (schema.is_list()) {
    for (const Value& member : schema.list()) TRY(index(member, path, depth + 1));
  }
  return {};
}

const Value* SchemaDocument::resolve(const std::string& reference) const {
  if (reference == "#" || reference.empty()) return root_.get();
  if (const auto anchor = anchors_.find(reference); anchor != anchors_.end()) return anchor->second;
  if (reference.starts_with("#/")) return walk(*root_, std::string_view(reference).substr(1));
  const std::size_t hash = reference.find('#');
  const std::string document = reference.substr(0, hash);
  for (const auto& [id, schema] : anchors_) {
    const std::string plain = id.ends_with('#') ? id.substr(0, id.size() - 1) : id;
    if (plain != document && !plain.ends_with("/" + document)) continue;
    if (hash == std::string::npos) return schema;
    return walk(*schema, std::string_view(reference).substr(hash + 1));
  }
  return nullptr;
}

}  // namespace tiphys::helm
