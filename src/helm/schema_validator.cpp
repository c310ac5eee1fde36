#include "helm/schema_validator.hpp"

#include "helm/schema_formats.hpp"
#include "helm/text.hpp"

#include "tiphys/sprig/regex.hpp"
#include "tiphys/value/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace tiphys::helm {

using value::List;
using value::Map;
using value::Value;

namespace {

constexpr int kMaxDepth = 400;

/// A count keyword, nullopt when it is absent.
std::optional<std::size_t> count(const Value& schema, std::string_view key) {
  const Value& value = schema[key];
  if (!value.is_int() && !value.is_float()) return std::nullopt;
  constexpr double kMost = 1e15;  // more than anything has, and a double holds it exactly
  return static_cast<std::size_t>(std::clamp(number_of(value), 0.0, kMost));
}

std::optional<double> number(const Value& schema, std::string_view key) {
  const Value& value = schema[key];
  if (!value.is_int() && !value.is_float()) return std::nullopt;
  return number_of(value);
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    out += quoted(name);
  }
  return out;
}

std::vector<std::string> missing(const Value& tree, const Value& wanted) {
  std::vector<std::string> out;
  for (const Value& name : wanted.items())
    if (name.is_string() && !tree.map().contains(name.string())) out.emplace_back(name.string());
  return out;
}

std::size_t runes(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

/// The types that a schema wants, in the order that findings name them.
std::vector<std::string> wanted_types(const Value& type) {
  constexpr std::array<std::string_view, 7> kOrder = {"null",   "boolean", "number", "integer",
                                                      "string", "array",   "object"};
  std::vector<std::string> out;
  for (std::string_view const name : kOrder) {
    bool wanted = type.is_string() && type.string() == name;
    for (const Value& item : type.items()) wanted = wanted || item.text() == name;
    if (wanted) out.emplace_back(name);
  }
  return out;
}

/// The compiler of schemas refuses a bad pattern before it gets here.
bool matches(std::string_view pattern, std::string_view text) {
  const auto regex = sprig::Regex::compile(pattern);
  return regex.ok() && (*regex)->matches(text);
}

std::string type_finding(const Value& schema, const Value& tree) {
  const std::vector<std::string> wanted = wanted_types(schema["type"]);
  const std::string_view type = schema_type(tree);
  if (wanted.empty()) return {};
  std::string shown;
  for (const std::string& name : wanted) {
    if (name == type || (name == "integer" && type == "number" && is_whole(tree))) return {};
    if (!shown.empty()) shown += " or ";
    shown += name;
  }
  return fmt::format("got {}, want {}", type, shown);
}

std::string const_finding(const Value& schema, const Value& tree) {
  if (!schema.map().contains("const")) return {};
  const Value& wanted = schema["const"];
  if (value::equal(wanted, tree)) return {};
  if (wanted.is_list() || wanted.is_map()) return "'const' failed";
  return fmt::format("value must be {}", displayed(wanted));
}

std::string enum_finding(const Value& schema, const Value& tree) {
  const Value& wanted = schema["enum"];
  if (!wanted.is_list()) return {};
  std::string shown;
  bool plain = true;
  for (const Value& item : wanted.list()) {
    if (value::equal(item, tree)) return {};
    plain = plain && !item.is_list() && !item.is_map();
    if (!shown.empty()) shown += ", ";
    shown += displayed(item);
  }
  if (!plain) return "'enum' failed";
  return fmt::format("value must be {}{}", wanted.size() == 1 ? "" : "one of ", shown);
}

}  // namespace

SchemaValidator::SchemaValidator(const SchemaDocument& document) : document_(document) {}

std::optional<Finding> SchemaValidator::validate(const Value& tree) {
  return check(document_.root(), tree, nullptr);
}

Finding SchemaValidator::finding(std::string text) const {
  return {Finding::Kind::plain, std::move(text), where_, {}};
}

/// A frame's findings in one: none, the only one, or a group.
static std::optional<Finding> fold(std::vector<Finding> findings,
                                   const std::vector<std::string>& where) {
  if (findings.empty()) return std::nullopt;
  if (findings.size() == 1) return std::move(findings.front());
  return Finding{Finding::Kind::group, "validation failed", where, std::move(findings)};
}

std::optional<Finding> SchemaValidator::check(const Value& schema, const Value& tree,
                                              Unevaluated* left) {
  if (schema.is_bool())
    return schema.boolean() ? std::nullopt : std::optional(finding("false schema"));
  if (!schema.is_map()) return std::nullopt;
  if (depth_ >= kMaxDepth)
    return finding(fmt::format("schemas refer to each other more than {} levels deep", kMaxDepth));
  Frame frame{schema, tree, {}, false, {}};
  frame.wants_left = left != nullptr || schema.map().contains("unevaluatedProperties") ||
                     schema.map().contains("unevaluatedItems");
  if (frame.wants_left) {
    for (const auto& entry : tree.entries()) frame.left.properties.insert(entry.first);
    for (std::size_t i = 0; i < tree.items().size(); ++i) frame.left.items.insert(i);
  }
  // Before 2019 a reference hides all that stands beside it.
  const bool refers = schema["$ref"].is_string();
  const bool alone = refers && document_.draft() <= Draft::d7;
  const bool has_const = document_.draft() > Draft::d4;
  for (auto* rule : {type_finding, const_finding, enum_finding})
    if (std::string text = alone || (rule == const_finding && !has_const) ? "" : rule(schema, tree);
        !text.empty())
      return finding(std::move(text));
  if (document_.asserts_formats() && !alone)
    if (std::string text = format_finding(schema["format"].text(), tree); !text.empty())
      return finding(std::move(text));
  ++depth_;
  if (refers) frame.add(reference(frame, std::string(schema["$ref"].string())));
  if (!alone) {
    if (tree.is_map()) check_object(frame);
    if (tree.is_list()) check_array(frame);
    if (tree.is_string()) check_string(frame);
    if (tree.is_int() || tree.is_float()) check_number(frame);
    for (std::string_view const key : {"$dynamicRef", "$recursiveRef"})
      if (document_.draft() >= Draft::d2019 && schema[key].is_string())
        frame.add(reference(frame, std::string(schema[key].string())));
    check_conditions(frame);
    if (document_.draft() >= Draft::d2019) check_unevaluated(frame);
  }
  --depth_;
  if (left != nullptr && frame.findings.empty()) *left = std::move(frame.left);
  return fold(std::move(frame.findings), where_);
}

std::optional<Finding> SchemaValidator::child(const Value& schema, const Value& tree,
                                              const std::string& token) {
  where_.push_back(token);
  auto out = check(schema, tree, nullptr);
  where_.pop_back();
  return out;
}

std::optional<Finding> SchemaValidator::self(Frame& frame, const Value& schema) {
  if (!frame.wants_left) return check(schema, frame.tree, nullptr);
  Unevaluated left;
  auto out = check(schema, frame.tree, &left);
  if (out || schema.is_bool()) return out;
  std::erase_if(frame.left.properties,
                [&](const std::string& name) { return !left.properties.contains(name); });
  std::erase_if(frame.left.items, [&](std::size_t item) { return !left.items.contains(item); });
  return out;
}

std::optional<Finding> SchemaValidator::reference(Frame& frame, const std::string& target) {
  const Value* schema = document_.resolve(target);
  if (schema == nullptr) return std::nullopt;
  auto bad = self(frame, *schema);
  if (!bad) return std::nullopt;
  Finding out{Finding::Kind::reference, "validation failed", where_, {}};
  if (bad->kind == Finding::Kind::group)
    out.causes = std::move(bad->causes);
  else
    out.causes.push_back(*std::move(bad));
  return out;
}

void SchemaValidator::check_object(Frame& frame) {
  const Value& schema = frame.schema;
  const Map& object = frame.tree.map();
  const auto size = object.size();
  if (const auto want = count(schema, "minProperties"); want && size < *want)
    frame.add(finding(fmt::format("minProperties: got {}, want {}", size, *want)));
  if (const auto want = count(schema, "maxProperties"); want && size > *want)
    frame.add(finding(fmt::format("maxProperties: got {}, want {}", size, *want)));
  if (const auto absent = missing(frame.tree, schema["required"]); !absent.empty())
    frame.add(finding(fmt::format("missing {} {}", absent.size() == 1 ? "property" : "properties",
                                  joined(absent))));
  check_dependencies(frame);
  std::vector<std::string> additional;
  for (const auto& [name, member] : object) check_property(frame, name, member, additional);
  if (!additional.empty())
    frame.add(finding(fmt::format("additional properties {} not allowed", joined(additional))));
  if (!schema.map().contains("propertyNames") || document_.draft() == Draft::d4) return;
  // A name is looked at by itself: what is wrong with it is said without a place.
  const std::vector<std::string> where = std::exchange(where_, {});
  for (const auto& [name, member] : object) {
    auto bad = check(schema["propertyNames"], Value(name), nullptr);
    if (!bad) continue;
    Finding named = finding(fmt::format("invalid propertyName {}", quoted(name)));
    if (bad->kind == Finding::Kind::group)
      named.causes = std::move(bad->causes);
    else
      named.causes.push_back(*std::move(bad));
    frame.add(std::move(named));
  }
  where_ = where;
}

void SchemaValidator::check_property(Frame& frame, const std::string& name, const Value& member,
                                     std::vector<std::string>& additional) {
  const Value& schema = frame.schema;
  bool evaluated = false;
  if (const Map& known = schema["properties"].entries(); known.contains(name)) {
    evaluated = true;
    frame.add(child(*known.find(name), member, name));
  }
  for (const auto& [pattern, inner] : schema["patternProperties"].entries()) {
    if (!matches(pattern, name)) continue;
    evaluated = true;
    frame.add(child(inner, member, name));
  }
  if (const Value* rest = schema.map().find("additionalProperties"); !evaluated && rest) {
    evaluated = true;
    if (rest->is_bool() && !rest->boolean())
      additional.push_back(name);
    else if (rest->is_map())
      frame.add(child(*rest, member, name));
  }
  if (evaluated) frame.left.properties.erase(name);
}

void SchemaValidator::check_dependencies(Frame& frame) {
  for (std::string_view const key : {"dependencies", "dependentRequired", "dependentSchemas"}) {
    if (key != "dependencies" && document_.draft() < Draft::d2019) continue;
    for (const auto& [name, wanted] : frame.schema[key].entries()) {
      if (!frame.tree.map().contains(name)) continue;
      if (!wanted.is_list()) {
        frame.add(self(frame, wanted));
        continue;
      }
      const auto absent = missing(frame.tree, wanted);
      if (!absent.empty())
        frame.add(finding(
            fmt::format("properties {} required, if {} exists", joined(absent), quoted(name))));
    }
  }
}

void SchemaValidator::check_array(Frame& frame) {
  const Value& schema = frame.schema;
  const List& items = frame.tree.list();
  if (const auto want = count(schema, "minItems"); want && items.size() < *want)
    frame.add(finding(fmt::format("minItems: got {}, want {}", items.size(), *want)));
  if (const auto want = count(schema, "maxItems"); want && items.size() > *want)
    frame.add(finding(fmt::format("maxItems: got {}, want {}", items.size(), *want)));
  if (schema["uniqueItems"].boolean_or(false)) {
    for (std::size_t j = 1, found = 0; j < items.size() && found == 0; ++j)
      for (std::size_t i = 0; i < j && found == 0; ++i)
        if (value::equal(items[i], items[j])) {
          frame.add(finding(fmt::format("items at {} and {} are equal", i, j)));
          found = 1;
        }
  }
  check_items(frame);
  if (schema.map().contains("contains")) check_contains(frame);
}

void SchemaValidator::check_items(Frame& frame) {
  const Value& schema = frame.schema;
  const List& items = frame.tree.list();
  const bool new_draft = document_.draft() >= Draft::d2020;
  const Value& tuple = schema[new_draft ? "prefixItems" : "items"];
  std::size_t done = 0;
  if (tuple.is_list()) {
    done = std::min(items.size(), tuple.list().size());
    for (std::size_t i = 0; i < done; ++i)
      frame.add(child(tuple.list()[i], items[i], std::to_string(i)));
  }
  const bool uses_rest = new_draft || tuple.is_list();
  const Value* rest =
      schema.map().find(new_draft || !tuple.is_list() ? "items" : "additionalItems");
  if (rest != nullptr && !rest->is_list()) {
    const bool refused = uses_rest && !new_draft && rest->is_bool() && !rest->boolean();
    if (refused && done != items.size())
      frame.add(finding(fmt::format("last {} additionalItem(s) not allowed", items.size() - done)));
    for (std::size_t i = done; i < items.size() && !refused; ++i)
      frame.add(child(*rest, items[i], std::to_string(new_draft ? i - done : i)));
    done = items.size();
  }
  std::erase_if(frame.left.items, [done](std::size_t item) { return item < done; });
}

void SchemaValidator::check_contains(Frame& frame) {
  const Value& schema = frame.schema;
  std::vector<Finding> causes;
  std::vector<std::string> matched;
  for (std::size_t i = 0; i < frame.tree.list().size(); ++i) {
    auto bad = child(schema["contains"], frame.tree.list()[i], std::to_string(i));
    if (bad) {
      causes.push_back(*std::move(bad));
      continue;
    }
    matched.push_back(std::to_string(i));
    if (document_.draft() >= Draft::d2020) frame.left.items.erase(i);
  }
  const std::string places = fmt::format("{}", fmt::join(matched, " "));
  const auto least = count(schema, "minContains");
  if (least && matched.size() < *least) {
    Finding out = finding(
        matched.empty()
            ? fmt::format("min {} items required to match contains schema, but none matched",
                          *least)
            : fmt::format("min {} items required to match contains schema, but matched {} items "
                          "at {}",
                          *least, matched.size(), places));
    out.causes = std::move(causes);
    frame.add(std::move(out));
  } else if (!least && matched.empty()) {
    Finding out = finding("no items match contains schema");
    out.causes = std::move(causes);
    frame.add(std::move(out));
  }
  if (const auto most = count(schema, "maxContains"); most && matched.size() > *most)
    frame.add(finding(
        fmt::format("max {} items required to match contains schema, but matched {} items at {}",
                    *most, matched.size(), places)));
}

void SchemaValidator::check_string(Frame& frame) {
  const Value& schema = frame.schema;
  const std::string_view text = frame.tree.string();
  if (const auto want = count(schema, "minLength"); want && runes(text) < *want)
    frame.add(finding(fmt::format("minLength: got {}, want {}", runes(text), *want)));
  if (const auto want = count(schema, "maxLength"); want && runes(text) > *want)
    frame.add(finding(fmt::format("maxLength: got {}, want {}", runes(text), *want)));
  if (schema["pattern"].is_string() && !matches(schema["pattern"].string(), text))
    frame.add(finding(fmt::format("{} does not match pattern {}", quoted(text),
                                  quoted(schema["pattern"].string()))));
}

/// A number's bound. In draft 4 `exclusiveMinimum: true` makes `minimum` exclusive.
static std::optional<double> bound(const Value& schema, std::string_view key) {
  struct Pair {
    std::string_view exclusive;
    std::string_view inclusive;
  };
  static constexpr std::array<Pair, 2> kPairs = {
      {{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}}};
  for (const Pair& pair : kPairs) {
    const bool turned = schema[pair.exclusive].is_bool() && schema[pair.exclusive].boolean();
    if (key == pair.inclusive && turned) return std::nullopt;
    if (key == pair.exclusive && turned) return number(schema, pair.inclusive);
  }
  return number(schema, key);
}

void SchemaValidator::check_number(Frame& frame) {
  struct Rule {
    std::string_view key;
    bool (*ok)(double got, double want);
  };
  static constexpr std::array<Rule, 5> kRules = {{
      {"minimum", [](double got, double want) { return got >= want; }},
      {"maximum", [](double got, double want) { return got <= want; }},
      {"exclusiveMinimum", [](double got, double want) { return got > want; }},
      {"exclusiveMaximum", [](double got, double want) { return got < want; }},
      {"multipleOf",
       [](double got, double want) {
         const double parts = got / want;
         return std::fabs(parts - std::round(parts)) <= 1e-9 * std::max(1.0, std::fabs(parts));
       }},
  }};
  const double got = number_of(frame.tree);
  for (const Rule& rule : kRules)
    if (const auto want = bound(frame.schema, rule.key); want && !rule.ok(got, *want))
      frame.add(
          finding(fmt::format("{}: got {}, want {}", rule.key, grouped(got), grouped(*want))));
}

}  // namespace tiphys::helm
