#include "sprig/internal.hpp"

#include <algorithm>
#include <array>

namespace tiphys::sprig {
namespace {

Answer fallback(Call& call) {
  if (call.args.size() < 2 || is_empty(call.args[1])) return std::move(call.args[0]);
  return std::move(call.args[1]);
}

Answer coalesce(Call& call) {
  for (Value& item : call.args)
    if (!is_empty(item)) return std::move(item);
  return Value();
}

constexpr auto kDefaults = std::to_array<Function>({
    {"default", "any, ...any", fallback},
    {"empty", "any", [](Call& c) -> Answer { return Value(is_empty(c.args[0])); }},
    {"coalesce", "...any", coalesce},
    {"all", "...any",
     [](Call& c) -> Answer { return Value(std::ranges::none_of(c.args, is_empty)); }},
    {"any", "...any",
     [](Call& c) -> Answer { return Value(!std::ranges::all_of(c.args, is_empty)); }},
    {"ternary", "any, any, bool",
     [](Call& c) -> Answer { return std::move(c.args[c.args[2].boolean() ? 0 : 1]); }},
});

}  // namespace

std::span<const Function> default_functions() { return kDefaults; }

}  // namespace tiphys::sprig
