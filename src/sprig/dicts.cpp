#include "sprig/internal.hpp"
#include "sprig/merge.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>

namespace tiphys::sprig {
namespace {

constexpr std::uint64_t kEntryBytes = sizeof(value::Map::Entry);

/// The map of an argument, as Go's plain map type; nil maps read as empty.
const value::Map& map_of(const Value& argument) {
  static const value::Map kNone;
  return argument.is_map() ? argument.map() : kNone;
}

Answer dict(Call& call) {
  TRY(call.run.charge(call.args.size() * kEntryBytes / 2));
  value::Map map;
  map.reserve((call.args.size() + 1) / 2);
  for (std::size_t i = 0; i < call.args.size(); i += 2) {
    Value item = i + 1 < call.args.size() ? std::move(call.args[i + 1]) : Value("");
    if (call.args[i].is_string())
      map.set(call.args[i].string(), std::move(item));
    else
      map.set(strval(call.args[i], call.run.host()), std::move(item));
  }
  return Value(std::move(map));
}

Answer get(Call& call) {
  const Value* found = map_of(call.args[0]).find(call.args[1].string());
  return found != nullptr ? *found : Value("");
}

Answer set(Call& call) {
  if (!call.args[0].is_map() || value::is_nil(call.args[0].go_type()))
    return failure("assignment to entry in nil map");
  const std::string_view key = call.args[1].string();
  TRY(call.run.charge(kEntryBytes + key.size()));
  call.args[0].map().set(key, std::move(call.args[2]));
  return call.args[0].as(GoType::natural);
}

Answer unset(Call& call) {
  if (!call.args[0].is_map()) return Value(value::Map());
  call.args[0].map().erase(call.args[1].string());
  return call.args[0].as(GoType::natural);
}

Answer has_key(Call& call) { return Value(map_of(call.args[0]).contains(call.args[1].string())); }

Answer pluck(Call& call) {
  value::List found;
  for (const Value& argument : call.args.subspan(1))
    if (const Value* item = map_of(argument).find(call.args[0].string())) found.push_back(*item);
  return list_of(call, std::move(found));
}

Answer keys(Call& call) {
  std::vector<std::string> names;
  for (const Value& argument : call.args)
    for (const auto& [key, item] : map_of(argument)) names.push_back(key);
  TRY(call.run.charge(names.size() * kEntryBytes));
  return string_list(std::move(names));
}

Answer values(Call& call) {
  value::List items;
  for (const auto& [key, item] : map_of(call.args[0])) items.push_back(item);
  return list_of(call, std::move(items));
}

template <bool wanted>
Answer filtered(Call& call) {
  const value::Map& all = map_of(call.args[0]);
  TRY(call.run.charge(all.size() * kEntryBytes));
  TRY(call.run.step(call.args.size()));
  std::vector<std::string_view> names;
  for (const Value& argument : call.args.subspan(1)) names.push_back(argument.string());
  std::ranges::sort(names);
  value::Map kept;
  for (const auto& [key, item] : all)
    if (std::ranges::binary_search(names, std::string_view(key)) == wanted) kept.set(key, item);
  return Value(std::move(kept));
}

template <Overwrite overwrite>
Answer merged(Call& call) {
  Value target = call.args[0].is_map() ? call.args[0].as(GoType::natural) : Value();
  for (const Value& source : call.args.subspan(1)) {
    TRY(call.run.step(map_of(source).size()));
    TRY(call.run.charge(map_of(source).size() * kEntryBytes));
    TRY(merge(target, source, overwrite));
  }
  return target.is_map() ? target : Value(value::Map());
}

base::Error conversion(const Call& call, const Value& value, std::string_view wanted) {
  if (value.is_null())
    return failure("interface conversion: interface {} is nil, not " + std::string(wanted));
  return failure("interface conversion: interface {} is " +
                 gotmpl::type_name(value, call.run.host()) + ", not " + std::string(wanted));
}

bool is_plain_map(const Value& value) {
  return value.is_map() && value.go_type() == GoType::natural;
}

Answer dig(Call& call) {
  constexpr std::string_view kMapType = "map[string]interface {}";
  if (call.args.size() < 3) return failure("dig needs at least three arguments");
  const std::size_t keys = call.args.size() - 2;
  if (!is_plain_map(call.args.back())) return conversion(call, call.args.back(), kMapType);
  for (std::size_t i = 0; i < keys; ++i)
    if (!call.args[i].is_string() || call.args[i].go_type() != GoType::natural)
      return conversion(call, call.args[i], "string");
  Value at = call.args.back();
  for (std::size_t i = 0; i < keys; ++i) {
    if (!is_plain_map(at)) return conversion(call, at, kMapType);
    const Value* next = at.map().find(call.args[i].string());
    if (next == nullptr) return call.args[keys];
    at = Value(*next);
  }
  return at;
}

Answer deep_copy(Call& call) {
  if (call.args[0].is_null()) return failure("reflect: call of reflect.Value.Type on zero Value");
  return call.args[0].deep_copy();
}

constexpr auto kDicts = std::to_array<Function>({
    {"dict", "...any", dict},
    {"get", "map[string]any, string", get},
    {"set", "map[string]any, string, any", set},
    {"unset", "map[string]any, string", unset},
    {"hasKey", "map[string]any, string", has_key},
    {"pluck", "string, ...map[string]any", pluck},
    {"keys", "...map[string]any", keys},
    {"values", "map[string]any", values},
    {"pick", "map[string]any, ...string", filtered<true>},
    {"omit", "map[string]any, ...string", filtered<false>},
    {"merge", "map[string]any, ...map[string]any", merged<Overwrite::no>},
    {"mustMerge", "map[string]any, ...map[string]any", merged<Overwrite::no>},
    {"mergeOverwrite", "map[string]any, ...map[string]any", merged<Overwrite::yes>},
    {"mustMergeOverwrite", "map[string]any, ...map[string]any", merged<Overwrite::yes>},
    {"dig", "...any", dig},
    {"deepCopy", "any", deep_copy},
    {"mustDeepCopy", "any", deep_copy},
});

}  // namespace

std::span<const Function> dict_functions() { return kDicts; }

}  // namespace tiphys::sprig
