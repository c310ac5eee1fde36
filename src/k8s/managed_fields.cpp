#include "tiphys/k8s/managed_fields.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

namespace tiphys::k8s {

namespace {

using value::List;
using value::Map;
using value::Value;

/// Does a list item carry all keys of `k:{...}` with these values?
bool has_keys(const Value& item, const Value& keys) {
  for (const auto& [key, wanted] : keys.entries()) {
    const Value* const found = item.is_map() ? item.map().find(key) : nullptr;
    // A key that is absent has its default there (protocol: TCP).
    if (found == nullptr ? !(key == "protocol" && wanted.text() == "TCP")
                         : !value::equal(*found, wanted))
      return false;
  }
  return true;
}

/// A set's elements below a list, with their JSON read once.
class ItemMatcher {
 public:
  explicit ItemMatcher(const FieldSet& fields) {
    for (const auto& [element, below] : fields.children()) {
      auto parsed = value::parse_json(std::string_view(element).substr(2));
      if (parsed.ok()) entries_.push_back({element[0], *std::move(parsed), &below});
    }
  }

  /// What the set says about the item at this index, or nullptr.
  const FieldSet* find(const Value& item, std::size_t index) const {
    for (const Entry& entry : entries_) {
      const bool matches = entry.kind == 'k'   ? has_keys(item, entry.value)
                           : entry.kind == 'v' ? value::equal(item, entry.value)
                           : entry.kind == 'i'
                               ? entry.value.integer_or(-1) == static_cast<std::int64_t>(index)
                               : false;
      if (matches) return entry.fields;
    }
    return nullptr;
  }

 private:
  struct Entry {
    char kind;
    Value value;
    const FieldSet* fields;
  };
  std::vector<Entry> entries_;
};

bool is_leaf(const FieldSet& fields) { return fields.children().empty(); }

/// Leaves out what is empty: found tells an owned null from nothing.
Value extract_part(const Value& tree, const FieldSet& fields, bool& found);

Value extract_list(const Value& tree, const FieldSet& fields, bool& found) {
  const ItemMatcher matcher(fields);
  List out;
  for (std::size_t i = 0; i < tree.list().size(); ++i) {
    const Value& item = tree.list()[i];
    const FieldSet* const below = matcher.find(item, i);
    bool part_found = false;
    if (below == nullptr) continue;
    Value part = extract_part(item, *below, part_found);
    if (part_found) out.push_back(std::move(part));
  }
  found = !out.empty();
  return Value(std::move(out));
}

Value extract_map(const Value& tree, const FieldSet& fields, bool& found) {
  Map out;
  for (const auto& [element, below] : fields.children()) {
    const Value* const member = element[0] == 'f' ? tree.map().find(element.substr(2)) : nullptr;
    bool part_found = false;
    if (member == nullptr) continue;
    Value part = extract_part(*member, below, part_found);
    if (part_found) out.set(std::string_view(element).substr(2), std::move(part));
  }
  found = !out.empty();
  return Value(std::move(out));
}

Value extract_part(const Value& tree, const FieldSet& fields, bool& found) {
  found = true;
  if (is_leaf(fields)) return tree;
  Value part;
  bool below = false;
  if (tree.is_map())
    part = extract_map(tree, fields, below);
  else if (tree.is_list())
    part = extract_list(tree, fields, below);
  found = below || (fields.member() && (tree.is_map() || tree.is_list()));
  return part;
}

Value remove_part(const Value& tree, const FieldSet& fields, bool& left);

Value remove_from_list(const Value& tree, const FieldSet& fields) {
  const ItemMatcher matcher(fields);
  List out;
  for (std::size_t i = 0; i < tree.list().size(); ++i) {
    const Value& item = tree.list()[i];
    const FieldSet* const below = matcher.find(item, i);
    bool left = true;
    Value rest = below == nullptr ? item : remove_part(item, *below, left);
    if (left) out.push_back(std::move(rest));
  }
  return Value(std::move(out));
}

Value remove_from_map(const Value& tree, const FieldSet& fields) {
  Map out;
  for (const auto& [key, item] : tree.map()) {
    const FieldSet* const below = fields.child("f:" + key);
    bool left = true;
    Value rest = below == nullptr ? item : remove_part(item, *below, left);
    if (left) out.set(key, std::move(rest));
  }
  return Value(std::move(out));
}

Value remove_part(const Value& tree, const FieldSet& fields, bool& left) {
  left = !is_leaf(fields);
  if (!left || !(tree.is_map() || tree.is_list())) return tree;
  Value rest = tree.is_map() ? remove_from_map(tree, fields) : remove_from_list(tree, fields);
  left = rest.size() != 0;
  return rest;
}

}  // namespace

base::Result<std::vector<ManagedEntry>> managed_entries(const Object& object) {
  std::vector<ManagedEntry> entries;
  for (const Value& entry : object.metadata()["managedFields"].items()) {
    auto fields = FieldSet::from_fields_v1(entry["fieldsV1"]);
    if (!fields.ok())
      return std::move(fields)
          .context(fmt::format("managedFields of {}", entry["manager"].text()))
          .error();
    entries.push_back(
        {.manager = std::string(entry["manager"].text()),
         .operation = entry["operation"].text() == "Apply" ? Operation::apply : Operation::update,
         .api_version = std::string(entry["apiVersion"].text()),
         .subresource = std::string(entry["subresource"].text()),
         .fields = *std::move(fields)});
  }
  return entries;
}

base::Result<FieldSet> owned_by(const Object& object, std::string_view manager,
                                Operation operation) {
  TRY_ASSIGN(const std::vector<ManagedEntry> entries, managed_entries(object));
  FieldSet owned;
  for (const ManagedEntry& entry : entries)
    if (entry.manager == manager && entry.operation == operation && entry.subresource.empty())
      owned = owned.united(entry.fields);
  return owned;
}

Value extract(const Value& tree, const FieldSet& fields) {
  if (fields.empty()) return {};
  bool found = false;
  const Value part = extract_part(tree, fields, found);
  return found ? part : Value();
}

Value remove(const Value& tree, const FieldSet& fields) {
  if (fields.empty()) return tree;
  bool left = false;
  const Value rest = remove_part(tree, fields, left);
  return left ? rest : Value();
}

}  // namespace tiphys::k8s
