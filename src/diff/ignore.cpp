#include "tiphys/diff/ignore.hpp"

#include "diff/parts.hpp"

#include "tiphys/text/glob.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace tiphys::diff {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::List;
using value::Map;
using value::Value;

namespace {

using Tokens = std::span<const std::string>;

constexpr std::string_view kAnnotation = "argocd.argoproj.io/ignore-differences";

Status read_texts(const Value& map, std::string_view key, std::string_view field,
                  std::vector<std::string>& out) {
  const Value& list = map[key];
  if (!list.is_null() && !list.is_list())
    return Error(Code::Invalid, fmt::format("{}.{}: expected a list", field, key));
  for (const Value& item : list.items()) {
    if (!item.is_string())
      return Error(Code::Invalid, fmt::format("{}.{}: expected strings", field, key));
    out.emplace_back(item.string());
  }
  return {};
}

Status read_text(const Value& map, std::string_view key, std::string_view field, std::string& out) {
  const Value& text = map[key];
  if (!text.is_null() && !text.is_string())
    return Error(Code::Invalid, fmt::format("{}.{}: expected a string", field, key));
  out = text.text();
  return {};
}

bool glob_matches(const std::string& pattern, std::string_view text) {
  if (pattern == text) return true;
  const auto glob = text::Glob::compile(pattern);
  return glob.ok() && glob->match(text);
}

bool matches(const IgnoreRule& rule, const k8s::Object& object) {
  const k8s::GroupKind kind = object.group_kind();
  return glob_matches(rule.group, kind.group) && glob_matches(rule.kind, kind.kind) &&
         (rule.name.empty() || rule.name == object.name()) &&
         (rule.namespace_.empty() || rule.namespace_ == object.namespace_());
}

void add_new(const std::vector<std::string>& from, std::vector<std::string>& into) {
  for (const std::string& text : from)
    if (std::ranges::find(into, text) == into.end()) into.push_back(text);
}

/// As the JSON patches of Argo CD read a pointer: a '~' that escapes nothing stands for itself.
std::vector<std::string> tokens_of(std::string_view pointer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char next = i + 1 < pointer.size() ? pointer[i + 1] : '\0';
    if (pointer[i] == '/') {
      out.emplace_back();
    } else if (out.empty()) {
      return {};
    } else if (pointer[i] == '~' && (next == '0' || next == '1')) {
      out.back() += next == '0' ? '~' : '/';
      ++i;
    } else {
      out.back() += pointer[i];
    }
  }
  return out;
}

/// Likewise: a negative index counts from the end.
std::size_t index_of(const std::string& token, std::size_t size) {
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return size;
  if (index < 0) index += static_cast<std::int64_t>(size);
  return index < 0 ? size : static_cast<std::size_t>(index);
}

/// A copy without what the tokens name; it shares what isn't on their way.
Value without_path(const Value& tree, Tokens tokens) {
  const std::string& token = tokens.front();
  const bool last = tokens.size() == 1;
  if (tree.is_map()) {
    const Value* child = tree.map().find(token);
    if (child == nullptr) return tree;
    Map copy = tree.map();
    if (last)
      copy.erase(token);
    else
      copy.set(token, without_path(*child, tokens.subspan(1)));
    return Value(std::move(copy));
  }
  if (!tree.is_list()) return tree;
  const std::size_t index = index_of(token, tree.size());
  if (index >= tree.size()) return tree;
  List copy = tree.list();
  if (last)
    copy.erase(copy.begin() + static_cast<std::ptrdiff_t>(index));
  else
    copy[index] = without_path(copy[index], tokens.subspan(1));
  return Value(std::move(copy));
}

/// What makes an object one is never ignored.
bool is_identity(std::string_view pointer) {
  constexpr std::array<std::string_view, 4> kIdentity = {"", "/", "/apiVersion", "/kind"};
  return std::ranges::find(kIdentity, pointer) != kIdentity.end();
}

Result<Value> stripped(const Ignored& ignored, Value tree, const JqDelete& jq) {
  for (const std::string& pointer : ignored.json_pointers) {
    const auto tokens = tokens_of(pointer);
    if (!is_identity(pointer) && !tokens.empty()) tree = without_path(tree, tokens);
  }
  for (const std::string& expression : ignored.jq_path_expressions) {
    if (!jq)
      return Error(Code::Unimplemented, "not supported: ignoreDifferences.jqPathExpressions");
    TRY_ASSIGN(tree, jq(expression, tree).context("jqPathExpressions: " + expression));
  }
  return tree;
}

}  // namespace

Status parse_ignored_fields(const Value& map, std::string_view field, IgnoreRule& out) {
  if (!map.is_null() && !map.is_map())
    return Error(Code::Invalid, fmt::format("{}: expected a map", field));
  TRY(read_texts(map, "jsonPointers", field, out.json_pointers));
  TRY(read_texts(map, "jqPathExpressions", field, out.jq_path_expressions));
  return read_texts(map, "managedFieldsManagers", field, out.managers);
}

Result<std::vector<IgnoreRule>> parse_ignore_rules(const Value& list, std::string_view field) {
  if (!list.is_null() && !list.is_list())
    return Error(Code::Invalid, fmt::format("{}: expected a list", field));
  std::vector<IgnoreRule> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value& item = list.items()[i];
    const std::string at = fmt::format("{}[{}]", field, i);
    IgnoreRule rule;
    TRY(parse_ignored_fields(item, at, rule));
    TRY(read_text(item, "group", at, rule.group));
    TRY(read_text(item, "kind", at, rule.kind));
    TRY(read_text(item, "name", at, rule.name));
    TRY(read_text(item, "namespace", at, rule.namespace_));
    TRY(text::Glob::compile(rule.group).context(at + ".group"));
    TRY(text::Glob::compile(rule.kind).context(at + ".kind"));
    out.push_back(std::move(rule));
  }
  return out;
}

Ignored ignored_of(const std::vector<IgnoreRule>& rules, const k8s::Object& desired) {
  Ignored out;
  for (const IgnoreRule& rule : rules) {
    if (!matches(rule, desired)) continue;
    add_new(rule.json_pointers, out.json_pointers);
    // Also the same one twice: `.a[0]` takes another entry each time, as in Argo CD.
    out.jq_path_expressions.insert(out.jq_path_expressions.end(), rule.jq_path_expressions.begin(),
                                   rule.jq_path_expressions.end());
    add_new(rule.managers, out.managers);
  }
  if (const auto text = desired.annotation(kAnnotation)) {
    IgnoreRule own;
    const auto tree = value::parse_yaml(*text);
    if (tree.ok() && read_texts(*tree, "jsonPointers", "", own.json_pointers).ok())
      add_new(own.json_pointers, out.json_pointers);
  }
  return out;
}

Result<Pair> without_ignored(const Ignored& ignored, const k8s::Object& desired,
                             const k8s::Object& live, const JqDelete& jq) {
  Pair pair{.desired = desired, .live = live};
  if (!ignored.managers.empty()) pair = without_managed(ignored.managers, desired, live);
  TRY_ASSIGN(Value wanted, stripped(ignored, pair.desired.tree(), jq));
  TRY_ASSIGN(Value got, stripped(ignored, pair.live.tree(), jq));
  return Pair{.desired = k8s::Object::trusted(std::move(wanted)),
              .live = k8s::Object::trusted(std::move(got))};
}

}  // namespace tiphys::diff
