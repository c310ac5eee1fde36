#include "sprig/internal.hpp"
#include "sprig/text_ops.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace tiphys::sprig {
namespace {

std::string_view arg(const Call& call, std::size_t i) { return call.args[i].string(); }
std::int64_t number(const Call& call, std::size_t i) { return call.args[i].integer(); }

base::Error out_of_range(std::string_view inner) {
  return failure("runtime error: slice bounds out of range [" + std::string(inner) + "]");
}
base::Error beyond(std::int64_t end, std::size_t size) {
  if (end < 0) return out_of_range(":" + std::to_string(end));
  return failure("runtime error: slice bounds out of range [:" + std::to_string(end) +
                 "] with length " + std::to_string(size));
}

Answer from_start(Call& call, std::string_view s, std::int64_t start) {
  if (start < 0) return out_of_range(std::to_string(start) + ":");
  if (std::cmp_greater(start, s.size()))
    return out_of_range(std::to_string(start) + ":" + std::to_string(s.size()));
  return text(call, std::string(s.substr(static_cast<std::size_t>(start))));
}

Answer substring(Call& call) {
  const std::int64_t start = number(call, 0);
  const std::int64_t end = number(call, 1);
  const std::string_view s = arg(call, 2);
  if (start < 0) {
    if (end < 0 || std::cmp_greater(end, s.size())) return beyond(end, s.size());
    return text(call, std::string(s.substr(0, static_cast<std::size_t>(end))));
  }
  if (end < 0 || std::cmp_greater(end, s.size())) return from_start(call, s, start);
  if (start > end) return out_of_range(std::to_string(start) + ":" + std::to_string(end));
  return text(call, std::string(s.substr(static_cast<std::size_t>(start),
                                         static_cast<std::size_t>(end - start))));
}

Answer trunc(Call& call) {
  const std::int64_t count = number(call, 0);
  const std::string_view s = arg(call, 1);
  const auto size = static_cast<std::int64_t>(s.size());
  if (count < 0 && size + count > 0)
    return text(call, std::string(s.substr(static_cast<std::size_t>(size + count))));
  if (count >= 0 && size > count)
    return text(call, std::string(s.substr(0, static_cast<std::size_t>(count))));
  return std::move(call.args[1]);
}

/// Checks a product of sizes before anything is made.
base::Status charge_times(Call& call, std::uint64_t size, std::uint64_t times) {
  std::uint64_t total = 0;
  if (__builtin_mul_overflow(size, times, &total) ||
      total > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return failure("strings: Repeat output length overflow");
  return call.run.charge(total);
}

Answer repeat(Call& call) {
  const std::int64_t count = number(call, 0);
  const std::string_view s = arg(call, 1);
  if (count < 0) return failure("strings: negative Repeat count");
  TRY(charge_times(call, s.size(), static_cast<std::uint64_t>(count)));
  std::string out;
  if (s.empty()) return Value(std::move(out));
  out.reserve(s.size() * static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) out.append(s);
  return Value(std::move(out));
}

Answer indent_with(Call& call, std::string_view start) {
  const std::int64_t count = number(call, 0);
  const std::string_view s = arg(call, 1);
  if (count < 0) return failure("strings: negative Repeat count");
  std::uint64_t lines = 1;
  for (const char c : s) lines += c == '\n' ? 1 : 0;
  TRY(charge_times(call, static_cast<std::uint64_t>(count), lines));
  TRY(call.run.charge(s.size()));
  const auto pad = static_cast<std::size_t>(count);
  std::string out(start);
  out.reserve(start.size() + s.size() + pad * lines);
  out.append(pad, ' ');
  for (std::size_t at = 0;;) {
    const std::size_t end = s.find('\n', at);
    if (end == std::string_view::npos) return Value(std::move(out.append(s.substr(at))));
    out.append(s.substr(at, end + 1 - at)).append(pad, ' ');
    at = end + 1;
  }
}

template <class Each>
Answer joined(Call& call, Each each) {
  std::string out;
  for (const Value& item : call.args) {
    if (item.is_null()) continue;
    if (!out.empty()) out.push_back(' ');
    each(out, item);
  }
  return text(call, std::move(out));
}

Answer quote(Call& call) {
  return joined(call, [&](std::string& out, const Value& item) {
    if (item.is_string())
      gotmpl::append_quoted(out, item.string());
    else
      gotmpl::append_quoted(out, strval(item, call.run.host()));
  });
}

Answer squote(Call& call) {
  return joined(call, [&](std::string& out, const Value& item) {
    out.push_back('\'');
    gotmpl::append_v(out, item, call.run.host());
    out.push_back('\'');
  });
}

Answer cat(Call& call) {
  std::string out;
  bool first = true;
  for (const Value& item : call.args) {
    if (item.is_null()) continue;
    if (!first) out.push_back(' ');
    first = false;
    gotmpl::append_v(out, item, call.run.host());
  }
  return text(call, std::move(out));
}

Answer replace(Call& call) {
  const std::string_view from = arg(call, 0);
  const std::string_view to = arg(call, 1);
  const std::string_view s = arg(call, 2);
  // The worst case first: nothing big is made before the budget allows it.
  std::uint64_t hits = s.size() + 1;
  if (!from.empty()) {
    hits = 0;
    for (std::size_t at = s.find(from); at != std::string_view::npos;
         at = s.find(from, at + from.size()))
      ++hits;
  }
  TRY(charge_times(call, to.size(), hits));
  return text(call, replace_all(s, from, to));
}

Answer split_map(Call& call, std::int64_t limit, std::string_view s) {
  const std::vector<std::string> parts = split(s, arg(call, 0), limit);
  TRY(call.run.charge(s.size() + parts.size() * sizeof(value::Map::Entry)));
  std::vector<std::pair<std::string, std::string_view>> named;
  named.reserve(parts.size());
  for (const std::string& part : parts)
    named.emplace_back("_" + std::to_string(named.size()), part);
  std::ranges::sort(named);
  value::Map map;
  map.reserve(named.size());
  for (auto& [name, part] : named) map.set(name, Value(part));
  return Value(std::move(map)).as(GoType::string_map);
}

Answer split_list(Call& call) {
  std::vector<std::string> parts = split(arg(call, 1), arg(call, 0));
  TRY(call.run.charge(arg(call, 1).size() + parts.size() * (sizeof(Value) + 16)));
  return string_list(std::move(parts));
}

Answer join(Call& call) {
  const std::vector<std::string> parts = strslice(call.args[1], call.run.host());
  const std::string_view separator = arg(call, 0);
  TRY(charge_times(call, separator.size(), parts.size()));
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out.append(separator);
    out.append(parts[i]);
  }
  return text(call, std::move(out));
}

Answer abbrevboth(Call& call) {
  const std::int64_t left = number(call, 0);
  const std::int64_t right = number(call, 1);
  if (right < 4 || (left > 0 && right < 7)) return std::move(call.args[2]);
  return text(call, abbreviate(arg(call, 2), left, right));
}

Answer wrap_with(Call& call) {
  const std::int64_t width = number(call, 0);
  const std::string_view s = arg(call, 2);
  const auto columns = static_cast<std::uint64_t>(width < 1 ? 1 : width);
  TRY(charge_times(call, arg(call, 1).size() + 1, s.size() / columns + 1));
  return text(call, wrap(s, width, arg(call, 1), LongWords::cut));
}

/// A row whose body changes one string.
template <std::string (*change)(std::string_view)>
Answer changed(Call& call) {
  return text(call, change(arg(call, 0)));
}

Answer trim_all(Call& call) {
  return text(call, std::string(trim_runes(arg(call, 1), arg(call, 0))));
}

Answer trim_suffix(Call& call) {
  std::string_view s = arg(call, 1);
  if (!s.ends_with(arg(call, 0)) || arg(call, 0).empty()) return std::move(call.args[1]);
  s.remove_suffix(arg(call, 0).size());
  return text(call, std::string(s));
}

Answer trim_prefix(Call& call) {
  std::string_view s = arg(call, 1);
  if (!s.starts_with(arg(call, 0)) || arg(call, 0).empty()) return std::move(call.args[1]);
  s.remove_prefix(arg(call, 0).size());
  return text(call, std::string(s));
}

constexpr auto kStrings = std::to_array<Function>({
    {"hello", "", [](Call&) -> Answer { return Value("Hello!"); }},
    {"abbrev", "int, string",
     [](Call& c) -> Answer {
       if (number(c, 0) < 4) return std::move(c.args[1]);
       return text(c, abbreviate(arg(c, 1), 0, number(c, 0)));
     }},
    {"abbrevboth", "int, int, string", abbrevboth},
    {"trunc", "int, string", trunc},
    {"trim", "string",
     [](Call& c) -> Answer { return text(c, std::string(trim_space(arg(c, 0)))); }},
    {"upper", "string", changed<upper>},
    {"lower", "string", changed<lower>},
    {"title", "string", changed<title>},
    {"untitle", "string", changed<uncapitalize>},
    {"substr", "int, int, string", substring},
    {"repeat", "int, string", repeat},
    {"trimall", "string, string", trim_all},
    {"trimAll", "string, string", trim_all},
    {"trimSuffix", "string, string", trim_suffix},
    {"trimPrefix", "string, string", trim_prefix},
    {"nospace", "string", changed<delete_space>},
    {"initials", "string", changed<initials>},
    {"swapcase", "string", changed<swap_case>},
    {"snakecase", "string", [](Call& c) -> Answer { return text(c, joined_case(arg(c, 0), '_')); }},
    {"camelcase", "string", changed<pascal_case>},
    {"kebabcase", "string", [](Call& c) -> Answer { return text(c, joined_case(arg(c, 0), '-')); }},
    {"wrap", "int, string",
     [](Call& c) -> Answer { return text(c, wrap(arg(c, 1), number(c, 0), "", LongWords::keep)); }},
    {"wrapWith", "int, string, string", wrap_with},
    {"contains", "string, string",
     [](Call& c) -> Answer { return Value(arg(c, 1).contains(arg(c, 0))); }},
    {"hasPrefix", "string, string",
     [](Call& c) -> Answer { return Value(arg(c, 1).starts_with(arg(c, 0))); }},
    {"hasSuffix", "string, string",
     [](Call& c) -> Answer { return Value(arg(c, 1).ends_with(arg(c, 0))); }},
    {"quote", "...any", quote},
    {"squote", "...any", squote},
    {"cat", "...any", cat},
    {"indent", "int, string", [](Call& c) -> Answer { return indent_with(c, ""); }},
    {"nindent", "int, string", [](Call& c) -> Answer { return indent_with(c, "\n"); }},
    {"replace", "string, string, string", replace},
    {"plural", "string, string, int",
     [](Call& c) -> Answer { return std::move(c.args[number(c, 2) == 1 ? 0 : 1]); }},
    {"toString", "any",
     [](Call& c) -> Answer {
       if (c.args[0].is_string() && c.args[0].go_type() == GoType::natural)
         return std::move(c.args[0]);
       return text(c, strval(c.args[0], c.run.host()));
     }},
    {"split", "string, string", [](Call& c) { return split_map(c, -1, arg(c, 1)); }},
    {"splitn", "string, int, string",
     [](Call& c) { return split_map(c, number(c, 1), arg(c, 2)); }},
    {"splitList", "string, string", split_list},
    {"toStrings", "any",
     [](Call& c) -> Answer {
       if (c.args[0].go_type() == GoType::strings) return std::move(c.args[0]);
       return string_list(strslice(c.args[0], c.run.host()));
     }},
    {"join", "string, any", join},
});

}  // namespace

std::span<const Function> string_functions() { return kStrings; }

}  // namespace tiphys::sprig
