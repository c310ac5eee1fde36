#include "sprig/internal.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tiphys::sprig {
namespace {

/// The list behind an argument that reflect takes apart; `verb` is the text before the kind.
base::Result<Value> open_list(const Value& value, std::string_view verb) {
  if (value.is_null()) return nil_dereference();
  if (!is_slice(value))
    return failure(std::string(verb) + " " + std::string(gotmpl::kind_name(value)));
  return as_list(value);
}

Value nil_list() { return Value(value::List()).as(GoType::nil_list); }

Answer append(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot push on type"));
  value::List items;
  items.reserve(list.list().size() + 1);
  items = list.list();
  items.push_back(call.args[1]);
  return list_of(call, std::move(items));
}

Answer prepend(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot prepend on type"));
  value::List items;
  items.reserve(list.list().size() + 1);
  items.push_back(call.args[1]);
  items.insert(items.end(), list.list().begin(), list.list().end());
  return list_of(call, std::move(items));
}

Answer index_out_of_range(std::int64_t index, std::size_t) {
  (void)index;
  return failure("reflect: slice index out of range");
}

Answer chunk(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[1], "Cannot chunk type"));
  const value::List& items = list.list();
  const auto length = static_cast<double>(items.size());
  const std::int64_t size = call.args[0].integer();
  const auto width = static_cast<double>(size);
  // Go computes with floats: a size of 0 or less gives NaN, infinities and negative lengths.
  const std::int64_t count = truncate(std::floor((length - 1) / width) + 1);
  if (count < 0) return failure("runtime error: makeslice: len out of range");
  if (std::cmp_greater(count, items.size() + 1))
    return failure("runtime error: makeslice: len out of range");
  value::List chunks;
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t wanted = size;
    if (i == count - 1) {
      wanted = truncate(std::floor(std::fmod(length, width)));
      if (wanted == 0) wanted = size;
    }
    if (wanted < 0) return failure("runtime error: makeslice: len out of range");
    const std::int64_t start = i * size;
    if (std::cmp_greater(start + wanted, items.size()))
      return index_out_of_range(start + wanted, items.size());
    TRY(call.run.charge(static_cast<std::uint64_t>(wanted) * sizeof(Value)));
    value::List part(items.begin() + start, items.begin() + start + wanted);
    chunks.emplace_back(std::move(part));
  }
  return Value(std::move(chunks)).as(GoType::lists);
}

Answer first(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find first on type"));
  return list.list().empty() ? Value() : list.list().front();
}

Answer last(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find last on type"));
  return list.list().empty() ? Value() : list.list().back();
}

Answer rest(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find rest on type"));
  const value::List& items = list.list();
  if (items.empty()) return nil_list();
  return list_of(call, value::List(items.begin() + 1, items.end()));
}

Answer initial(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find initial on type"));
  const value::List& items = list.list();
  if (items.empty()) return nil_list();
  return list_of(call, value::List(items.begin(), items.end() - 1));
}

Answer reverse(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find reverse on type"));
  return list_of(call, value::List(list.list().rbegin(), list.list().rend()));
}

Answer compact(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot compact on type"));
  value::List items;
  for (const Value& item : list.list())
    if (!is_empty(item)) items.push_back(item);
  return list_of(call, std::move(items));
}

base::Result<bool> in_list(Call& call, std::span<const Value> items, const Value& wanted) {
  TRY(call.run.step(items.size()));
  for (const Value& item : items) {
    TRY_ASSIGN(const bool same, deep_equal(wanted, item));
    if (same) return true;
  }
  return false;
}

Answer uniq(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find uniq on type"));
  value::List items;
  for (const Value& item : list.list()) {
    TRY_ASSIGN(const bool known, in_list(call, items, item));
    if (!known) items.push_back(item);
  }
  return list_of(call, std::move(items));
}

Answer without(Call& call) {
  TRY_ASSIGN(const Value list, open_list(call.args[0], "Cannot find without on type"));
  value::List items;
  for (const Value& item : list.list()) {
    TRY_ASSIGN(const bool unwanted, in_list(call, call.args.subspan(1), item));
    if (!unwanted) items.push_back(item);
  }
  return list_of(call, std::move(items));
}

Answer has(Call& call) {
  if (call.args[1].is_null()) return Value(false);
  TRY_ASSIGN(const Value list, open_list(call.args[1], "Cannot find has on type"));
  TRY_ASSIGN(const bool found, in_list(call, list.list(), call.args[0]));
  return Value(found);
}

Answer slice(Call& call) {
  TRY_ASSIGN(const Value list,
             open_list(call.args[0], "list should be type of slice or array but"));
  const value::List& items = list.list();
  if (items.empty()) return Value();
  const auto size = static_cast<std::int64_t>(items.size());
  const std::int64_t start = call.args.size() > 1 ? to_int64(call.args[1]) : 0;
  const std::int64_t end = call.args.size() > 2 ? to_int64(call.args[2]) : size;
  if (start < 0 || start > end || end > size)
    return failure("reflect.Value.Slice: slice index out of bounds");
  TRY(call.run.charge(static_cast<std::uint64_t>(end - start) * sizeof(Value)));
  if (call.args[0].is_string())
    return Value(call.args[0].string().substr(static_cast<std::size_t>(start),
                                              static_cast<std::size_t>(end - start)))
        .as(GoType::bytes);
  return Value(value::List(items.begin() + start, items.begin() + end)).as(list.go_type());
}

Answer concat(Call& call) {
  value::List items;
  for (const Value& argument : call.args) {
    if (argument.is_null()) return nil_dereference();
    if (!is_slice(argument))
      return failure("Cannot concat type " + std::string(gotmpl::kind_name(argument)) + " as list");
    const Value list = as_list(argument);
    TRY(call.run.charge(list.list().size() * sizeof(Value)));
    items.insert(items.end(), list.list().begin(), list.list().end());
  }
  if (items.empty()) return nil_list();
  return Value(std::move(items));
}

Answer sort_alpha(Call& call) {
  const Value& argument = call.args[0];
  if (!is_slice(argument)) return string_list({strval(argument, call.run.host())});
  std::vector<std::string> strings = strslice(argument, call.run.host());
  TRY(call.run.step(strings.size()));
  std::ranges::sort(strings);
  return string_list(std::move(strings));
}

Answer list(Call& call) { return list_of(call, value::List(call.args.begin(), call.args.end())); }

constexpr auto kLists = std::to_array<Function>({
    {"list", "...any", list},
    {"tuple", "...any", list},
    {"append", "any, any", append},
    {"push", "any, any", append},
    {"mustAppend", "any, any", append},
    {"mustPush", "any, any", append},
    {"prepend", "any, any", prepend},
    {"mustPrepend", "any, any", prepend},
    {"first", "any", first},
    {"mustFirst", "any", first},
    {"rest", "any", rest},
    {"mustRest", "any", rest},
    {"last", "any", last},
    {"mustLast", "any", last},
    {"initial", "any", initial},
    {"mustInitial", "any", initial},
    {"reverse", "any", reverse},
    {"mustReverse", "any", reverse},
    {"compact", "any", compact},
    {"mustCompact", "any", compact},
    {"uniq", "any", uniq},
    {"mustUniq", "any", uniq},
    {"without", "any, ...any", without},
    {"mustWithout", "any, ...any", without},
    {"has", "any, any", has},
    {"mustHas", "any, any", has},
    {"slice", "any, ...any", slice},
    {"mustSlice", "any, ...any", slice},
    {"concat", "...any", concat},
    {"chunk", "int, any", chunk},
    {"mustChunk", "int, any", chunk},
    {"sortAlpha", "any", sort_alpha},
});

}  // namespace

std::span<const Function> list_functions() { return kLists; }

}  // namespace tiphys::sprig
