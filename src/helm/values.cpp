#include "helm/values.hpp"

#include "helm/go_decode.hpp"
#include "helm/strvals.hpp"
#include "helm/text.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using value::Map;
using value::Value;

namespace {

Result<Value> read_map(std::string_view text) {
  TRY_ASSIGN(Value tree, decode_yaml(text, true));
  if (tree.is_null()) return Value(Map());
  if (!tree.is_map()) return cannot_unmarshal(tree, "Go value of type map[string]interface {}");
  return tree;
}

}  // namespace

Value merge_maps(const Value& a, const Value& b) {
  Map out;
  if (a.is_map())
    for (const auto& [key, member] : a.map()) out.set(key, member);
  for (const auto& [key, member] : b.entries()) {
    const Value* old = out.find(key);
    out.set(key,
            member.is_map() && old != nullptr && old->is_map() ? merge_maps(*old, member) : member);
  }
  return Value(std::move(out));
}

Result<Value> load_values(std::string_view text, Profile profile) {
  if (profile == Profile::v3_21) return read_map(text);
  auto documents = value::split_documents(text);
  if (!documents.ok())
    return Error(Code::Invalid, "error reading yaml document: " + documents.error().text());
  Value merged{Map()};
  for (const value::YamlDocument& document : *documents) {
    auto tree = read_map(document.text);
    if (!tree.ok())
      return Error(tree.error().code(), "cannot unmarshal yaml document: " + tree.error().text());
    merged = documents->size() == 1 ? *std::move(tree) : merge_maps(merged, *tree);
  }
  return merged;
}

const Value* table_at(const Value& values, std::string_view path) {
  const Value* at = &values;
  for (std::string_view const part : split(path, '.')) {
    if (!at->is_map()) return nullptr;
    at = at->map().find(part);
    if (at == nullptr || !at->is_map()) return nullptr;
  }
  return at;
}

const Value* path_value(const Value& values, std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const Value* table =
      dot == std::string_view::npos ? &values : table_at(values, path.substr(0, dot));
  if (table == nullptr || !table->is_map()) return nullptr;
  const Value* found =
      table->map().find(dot == std::string_view::npos ? path : path.substr(dot + 1));
  return found == nullptr || found->is_map() ? nullptr : found;
}

namespace {

struct Merger {
  const RenderInput& input;
  Value base{Map()};

  Status file(const ValueInput& item) {
    if (!item.read_error.empty()) return Error(Code::NotFound, item.read_error);
    Value tree = item.tree;
    if (item.role == InputRole::file) {
      auto loaded = load_values(item.text, input.profile);
      if (!loaded.ok())
        return Error(loaded.error().code(),
                     fmt::format("failed to parse {}: {}", item.path, loaded.error().text()));
      tree = *std::move(loaded);
    }
    base = merge_maps(base, tree);
    return {};
  }

  Status json(const ValueInput& item) {
    const std::string_view trimmed = trim_space(item.text);
    if (trimmed.starts_with('{') && input.profile != Profile::v3_21) {
      auto tree = value::parse_json(trimmed, value::Numbers::float64);
      if (!tree.ok())
        return Error(Code::Invalid, "failed parsing --set-json data JSON: " + item.text);
      base = merge_maps(base, *tree);
      return {};
    }
    if (!set_json(item.text, base).ok())
      return Error(Code::Invalid, "failed parsing --set-json data " + item.text);
    return {};
  }

  Status set_file(const ValueInput& item) {
    const ReadFile read = [this](const std::string& path) -> Result<std::string> {
      const auto found = input.set_files.find(path);
      if (found == input.set_files.end())
        return Error(Code::NotFound, fmt::format("open {}: no such file or directory", path));
      return found->second;
    };
    return helm::set_file(item.text, base, read);
  }

  static Status framed(Status status, std::string_view flag) {
    if (status.ok()) return status;
    return Error(Code::Invalid,
                 fmt::format("failed parsing {} data: {}", flag, status.error().text()));
  }

  Status apply(const ValueInput& item) {
    switch (item.role) {
      case InputRole::file:
      case InputRole::object:
        return file(item);
      case InputRole::set_json:
        return json(item);
      case InputRole::set:
        return framed(set_values(item.text, base, input.profile), "--set");
      case InputRole::set_string:
        return framed(set_strings(item.text, base, input.profile), "--set-string");
      case InputRole::set_file:
        return framed(set_file(item), "--set-file");
      case InputRole::set_literal:
        return framed(set_literal(item.text, base), "--set-literal");
    }
    return {};
  }
};

/// In Helm's order; object counts as a file.
int family(InputRole role) {
  return role == InputRole::object ? static_cast<int>(InputRole::file) : static_cast<int>(role);
}

}  // namespace

Result<Value> merge_inputs(const RenderInput& input) {
  constexpr std::array kOrder = {InputRole::file,     InputRole::set_json,
                                 InputRole::set,      InputRole::set_string,
                                 InputRole::set_file, InputRole::set_literal};
  Merger merger{input};
  // strvals writes into the maps that it finds, so they must not be the caller's.
  for (const InputRole role : kOrder) {
    for (const ValueInput& item : input.values) {
      if (family(item.role) != family(role)) continue;
      TRY(merger.apply(item));
    }
    if (role == InputRole::file) merger.base = merger.base.deep_copy();
  }
  return std::move(merger.base);
}

}  // namespace tiphys::helm
