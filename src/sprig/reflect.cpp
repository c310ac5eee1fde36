#include "sprig/internal.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <array>

namespace tiphys::sprig {
namespace {

std::string type_of(const Call& call, std::size_t i) {
  return gotmpl::type_name(call.args[i], call.run.host());
}

Answer deep_equal_row(Call& call) {
  TRY_ASSIGN(const bool same, deep_equal(call.args[0], call.args[1]));
  return Value(same);
}

constexpr auto kReflect = std::to_array<Function>({
    {"typeOf", "any", [](Call& c) -> Answer { return Value(type_of(c, 0)); }},
    {"typeIs", "string, any",
     [](Call& c) -> Answer { return Value(c.args[0].string() == type_of(c, 1)); }},
    {"typeIsLike", "string, any",
     [](Call& c) -> Answer {
       const std::string type = type_of(c, 1);
       const std::string_view wanted = c.args[0].string();
       return Value(wanted == type || "*" + std::string(wanted) == type);
     }},
    {"kindOf", "any", [](Call& c) -> Answer { return Value(gotmpl::kind_name(c.args[0])); }},
    {"kindIs", "string, any",
     [](Call& c) -> Answer { return Value(c.args[0].string() == gotmpl::kind_name(c.args[1])); }},
    {"deepEqual", "any, any", deep_equal_row},
});

}  // namespace

std::span<const Function> reflect_functions() { return kReflect; }

}  // namespace tiphys::sprig
