#include "helm/lint_objects.hpp"

#include "helm/go_decode.hpp"
#include "helm/text.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Value;

namespace {

constexpr std::size_t kLookAhead = 4096;
constexpr std::string_view kDecoding = "error unmarshaling JSON: while decoding JSON: ";
constexpr std::string_view kBlanks = " \t\r\n";

Error invalid(std::string text) { return {Code::Invalid, std::move(text)}; }

/// Where the JSON value at the front of `text` ends, as far as brackets and quotes tell.
std::size_t json_end(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (depth > 0 || !kBlanks.contains(c)) {
      continue;
    }
    if (depth <= 0 && !quoted) return i + 1;
  }
  return text.size();
}

/// How many bytes of `text` are in front of a place in it.
std::size_t offset_of(std::string_view text, const base::Location& where) {
  std::size_t at = 0;
  for (int line = 1; line < where.line && at != std::string_view::npos; ++line)
    at = text.find('\n', at) + 1;
  return at + static_cast<std::size_t>(where.column);
}

}  // namespace

LintObjects::LintObjects(std::string_view text, Profile profile)
    : rest_(text),
      json_(trim_left_space(text.substr(0, kLookAhead)).starts_with('{')),
      struct_(profile == Profile::v3_21 ? "K8sYamlStruct" : "k8sYamlStruct") {}

Result<LintObjects::Step> LintObjects::next(LintObject& out) {
  return json_ ? next_json(out) : next_yaml(out);
}

Result<LintObjects::Step> LintObjects::next_json(LintObject& out) {
  const std::size_t blanks = std::min(rest_.find_first_not_of(kBlanks), rest_.size());
  if (blanks == rest_.size()) return Step::end;
  const std::size_t end = blanks + json_end(rest_.substr(blanks));
  const std::string_view text = rest_.substr(0, end);
  auto tree = value::parse_json(text, value::Numbers::float64);
  auto step = tree.ok() ? decode(*tree, Coerce::no, out) : Result<Step>(tree.error());
  if (step.ok()) {
    ++count_;
    rest_.remove_prefix(end);
    start_ += end;
    return step;
  }
  Error first = step.error();
  if (!tree.ok()) {
    const bool cut = first.message() == "unexpected end of JSON input";
    if (count_ > 1) return invalid(cut ? "unexpected EOF" : first.message());
    const std::size_t at = start_ + (first.where() ? offset_of(text, *first.where()) : text.size());
    first =
        invalid(cut ? "unexpected EOF" : fmt::format("json: offset {}: {}", at, first.message()));
  } else if (count_ > 1) {
    return first;
  }
  if (!turn_to_yaml()) return first;
  auto again = next_yaml(out);
  if (!again.ok()) return first;
  return again;
}

bool LintObjects::turn_to_yaml() {
  json_ = false;
  while (!rest_.empty()) {
    std::size_t size = 0;
    const char32_t rune = next_rune(rest_, size);
    if (rune == 0xfffd) return false;
    if (!is_space(rune)) return true;
    rest_.remove_prefix(size);
    if (rune == '\n') return true;
  }
  return false;
}

/// One document, every line ended by \n. As Kubernetes' reader does, a separator that has nothing
/// before it belongs to the document that it opens.
Result<std::optional<std::string>> LintObjects::next_document() {
  std::string out;
  while (!rest_.empty()) {
    const std::size_t newline = rest_.find('\n');
    std::string_view line = rest_.substr(0, newline);
    rest_.remove_prefix(newline == std::string_view::npos ? rest_.size() : newline + 1);
    if (newline != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("---")) {
      const std::string_view trailing = trim_space(line.substr(3));
      if (!trailing.empty() && trailing.front() != '#')
        return invalid(fmt::format("invalid Yaml document separator: {}", trailing));
      if (!out.empty()) return std::optional(std::move(out));
    }
    out.append(line).append("\n");
  }
  if (out.empty()) return std::optional<std::string>();
  return std::optional(std::move(out));
}

Result<LintObjects::Step> LintObjects::next_yaml(LintObject& out) {
  TRY_ASSIGN(const std::optional<std::string> document, next_document());
  if (!document) return Step::end;
  TRY_ASSIGN(const Value tree, decode_yaml(*document, false));
  ++count_;
  return decode(tree, Coerce::yes, out);
}

Result<LintObjects::Step> LintObjects::decode(const Value& tree, Coerce coerce,
                                              LintObject& out) const {
  const auto wrong = [&](const Value& value, const std::string& into) {
    Error error = cannot_unmarshal(value, into);
    if (coerce == Coerce::yes) return error;
    return invalid(error.message().substr(kDecoding.size()));
  };
  const auto text = [&](const Value& map, std::string_view key, const std::string& field,
                        std::string& into) -> Status {
    const Value* found = find_field(map, key);
    if (found == nullptr || found->is_null()) return {};
    const std::string where = fmt::format("Go struct field {} of type string", field);
    if (!found->is_string() && (coerce == Coerce::no || found->is_map() || found->is_list()))
      return wrong(*found, where);
    TRY_ASSIGN(into, coerce_string(*found, where));
    return {};
  };
  out = {};
  if (tree.is_null()) return Step::null;
  if (!tree.is_map()) return wrong(tree, fmt::format("Go value of type rules.{}", struct_));
  const std::string top(struct_);
  Status first = text(tree, "kind", top + ".Kind", out.kind);
  if (const Value* metadata = find_field(tree, "metadata"); metadata && !metadata->is_null()) {
    Status inner;
    if (!metadata->is_map()) {
      inner = wrong(*metadata, fmt::format("Go struct field {}.Metadata of type "
                                           "rules.k8sYamlMetadata",
                                           top));
    } else {
      inner = text(*metadata, "name", "k8sYamlMetadata.Metadata.Name", out.name);
      auto last =
          text(*metadata, "namespace", "k8sYamlMetadata.Metadata.Namespace", out.namespace_);
      if (inner.ok()) inner = std::move(last);
    }
    if (first.ok()) first = std::move(inner);
  }
  // encoding/json tells the first mistake, and the keys are sorted.
  TRY(text(tree, "apiVersion", top + ".apiVersion", out.api_version));
  TRY(std::move(first));
  return Step::object;
}

}  // namespace tiphys::helm
