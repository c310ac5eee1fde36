#include "diff/parts.hpp"

#include "tiphys/value/json.hpp"
#include "tiphys/value/patch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::diff {

using value::Value;

namespace {

const Value kAbsent;

void differ(const std::string& path, Paths& out) { out.insert(path.empty() ? "/" : path); }

void lists_against(const Value& desired, const Value& live, const std::string& path,
                   std::string_view field, const k8s::FieldSet* owned, Paths& out) {
  const MergeKeys keys = MergeKeys::of(field, live.items(), owned);
  if (keys.empty()) {
    if (desired.size() != live.size()) return differ(path, out);
    for (std::size_t i = 0; i < desired.size(); ++i)
      desired_against_live(desired.items()[i], live.items()[i], fmt::format("{}/{}", path, i), {},
                           nullptr, out);
    return;
  }
  for (const Value& item : desired.items()) {
    const std::string at = child_path(path, keys.label(item));
    const Value* match = keys.find(live.items(), item);
    if (match == nullptr)
      differ(at, out);
    else
      desired_against_live(item, *match, at, {}, entry_of(owned, *match), out);
  }
}

bool owned_set_member(std::string_view element, const value::List& list) {
  const auto member = value::parse_json(element.substr(2));
  return member.ok() &&
         std::ranges::any_of(list, [&](const Value& v) { return value::equal(v, *member); });
}

void gone_in(const k8s::FieldSet& child, const Value& live, const Value* desired,
             const std::string& path, Paths& out) {
  if (desired == nullptr && (child.children().empty() || child.member())) return differ(path, out);
  owned_but_gone(child, live, desired == nullptr ? kAbsent : *desired, path, out);
}

}  // namespace

const k8s::FieldSet* member_of(const k8s::FieldSet* owned, std::string_view key) {
  return owned == nullptr ? nullptr : owned->child("f:" + std::string(key));
}

const k8s::FieldSet* entry_of(const k8s::FieldSet* owned, const Value& item) {
  if (owned == nullptr) return nullptr;
  for (const auto& [element, child] : owned->children()) {
    if (!element.starts_with("k:")) continue;
    const auto keys = value::parse_json(std::string_view(element).substr(2));
    if (keys.ok() && std::ranges::all_of(keys->entries(), [&](const auto& key) {
          return value::equal(item[key.first], key.second);
        }))
      return &child;
  }
  return nullptr;
}

const Value* keyed(std::string_view element, const value::List& list) {
  const auto keys = value::parse_json(element.substr(2));
  if (!keys.ok()) return nullptr;
  const auto found = std::ranges::find_if(list, [&](const Value& entry) {
    return std::ranges::all_of(keys->entries(), [&](const auto& key) {
      // An entry of desired may leave out what the server defaults.
      return value::equal(entry[key.first], key.second) ||
             (entry[key.first].is_null() && key.first == "protocol" && key.second.text() == "TCP");
    });
  });
  return found == list.end() ? nullptr : &*found;
}

std::string child_path(const std::string& base, std::string_view key) {
  return fmt::format("{}/{}", base, value::escape_pointer_token(key));
}

std::string number_text(double number) { return value::json_float(number); }

void desired_against_live(const Value& desired, const Value& live, const std::string& path,
                          std::string_view field, const k8s::FieldSet* owned, Paths& out) {
  if (desired.is_map() && live.is_map()) {
    for (const auto& [key, member] : desired.entries()) {
      const Value* got = live.map().find(key);
      const std::string at = child_path(path, key);
      if (got == nullptr)
        differ(at, out);
      else
        desired_against_live(member, *got, at, key, member_of(owned, key), out);
    }
    return;
  }
  if (desired.is_list() && live.is_list())
    return lists_against(desired, live, path, field, owned, out);
  if (!value::equal(desired, live)) differ(path, out);
}

void owned_but_gone(const k8s::FieldSet& owned, const Value& live, const Value& desired,
                    const std::string& path, Paths& out) {
  for (const auto& [element, child] : owned.children()) {
    const std::string_view name = std::string_view(element).substr(2);
    if (element.starts_with("f:")) {
      const Value* got = live.is_map() ? live.map().find(name) : nullptr;
      if (got == nullptr) continue;
      const Value* wanted = desired.is_map() ? desired.map().find(name) : nullptr;
      if (wanted != nullptr && wanted->is_null()) wanted = nullptr;
      gone_in(child, *got, wanted, child_path(path, name), out);
    } else if (element.starts_with("k:")) {
      const Value* got = keyed(element, live.items());
      if (got != nullptr)
        gone_in(child, *got, keyed(element, desired.items()), child_path(path, name), out);
    } else if (element.starts_with("v:")) {
      if (owned_set_member(element, live.items()) && !owned_set_member(element, desired.items()))
        differ(child_path(path, name), out);
    }
  }
}

void both_ways(const Value& a, const Value& b, const std::string& path, std::string_view field,
               Paths& out) {
  if (a.is_map() && b.is_map()) {
    for (const auto& [key, member] : a.entries()) {
      const Value* other = b.map().find(key);
      if (other == nullptr)
        differ(child_path(path, key), out);
      else
        both_ways(member, *other, child_path(path, key), key, out);
    }
    for (const auto& [key, member] : b.entries())
      if (!a.map().contains(key)) differ(child_path(path, key), out);
    return;
  }
  if (a.is_list() && b.is_list() && a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i)
      both_ways(a.items()[i], b.items()[i], fmt::format("{}/{}", path, i), field, out);
    return;
  }
  if (!value::equal(a, b)) differ(path, out);
}

}  // namespace tiphys::diff
