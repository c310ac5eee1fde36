#include "unit/gotmpl/test_functions.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/gotmpl/run.hpp"

#include <array>
#include <limits>
#include <string>

namespace tiphys::gotmpl::testing {
namespace {

using value::GoType;
using value::Value;
using Answer = base::Result<Value>;

base::Error wrong(std::string message) { return {base::Code::Invalid, std::move(message)}; }

Value go_int(std::size_t n) { return Value(static_cast<std::int64_t>(n)).as(GoType::i); }

Answer upper(Call& call) {
  std::string text(call.args[0].string());
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (std::size_t i = 0; (i = text.find("\xc3\xa9", i)) != std::string::npos;)
    text[i + 1] = '\x89';
  // The one invalid byte of the sample.
  if (const auto bad = text.find('\xff'); bad != std::string::npos) text.replace(bad, 1, "\uFFFD");
  return Value(std::move(text));
}

Answer repeat(Call& call) {
  const std::int64_t count = call.args[0].integer();
  const std::string_view text = call.args[1].string();
  if (count < 0) return wrong("strings: negative Repeat count");
  const auto times = static_cast<std::uint64_t>(count);
  if (!text.empty() && times > std::numeric_limits<std::int64_t>::max() / text.size()) {
    return wrong("strings: Repeat output length overflow");
  }
  TRY(call.run.charge(times * text.size()));
  std::string out;
  for (std::uint64_t i = 0; i < times && !text.empty(); ++i) out += text;
  return Value(std::move(out));
}

Answer cat(Call& call) {
  std::string out;
  append_sprint(out, call.args, call.run.host());
  return Value(std::move(out));
}

Answer join(Call& call) {
  std::string out;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (i > 1) out += call.args[0].string();
    out += call.args[i].string();
  }
  return Value(std::move(out));
}

Answer divide(Call& call) {
  if (call.args[1].integer() == 0) return wrong("runtime error: integer divide by zero");
  return Value(call.args[0].integer() / call.args[1].integer()).as(GoType::i);
}

Answer first(Call& call) {
  const auto& list = call.args[0].items();
  if (list.empty()) return wrong("runtime error: index out of range [0] with length 0");
  return list[0];
}

constexpr auto kRows = std::to_array<Function>({
    {"upper", "string", upper},
    {"repeat", "int, string", repeat},
    {"cat", "...any", cat},
    {"join", "string, ...string", join},
    {"half", "float64", [](Call& c) -> Answer { return Value(c.args[0].floating() / 2); }},
    {"big", "int64", [](Call& c) -> Answer { return c.args[0]; }},
    {"flag", "bool", [](Call& c) -> Answer { return Value(!c.args[0].boolean()); }},
    {"keysof", "map[string]any", [](Call& c) -> Answer { return go_int(c.args[0].size()); }},
    {"items", "[]any", [](Call& c) -> Answer { return go_int(c.args[0].size()); }},
    {"strs", "[]string", [](Call& c) -> Answer { return go_int(c.args[0].size()); }},
    {"ints", "[]int", [](Call& c) -> Answer { return go_int(c.args[0].size()); }},
    {"labels", "map[string]string", [](Call& c) -> Answer { return go_int(c.args[0].size()); }},
    {"raw", "[]uint8", [](Call& c) -> Answer { return go_int(c.args[0].text().size()); }},
    {"id", "any", [](Call& c) -> Answer { return c.args[0]; }},
    {"null", "", [](Call&) -> Answer { return Value(); }},
    {"one", "", [](Call&) -> Answer { return go_int(1); }},
    {"divide", "int, int", divide},
    {"refuse", "string",
     [](Call& c) -> Answer { return wrong("refused: " + std::string(c.args[0].string())); }},
    {"typeof", "any", [](Call& c) -> Answer { return Value(type_name(c.args[0], c.run.host())); }},
    {"first", "[]any", first},
    {"newdict", "", [](Call&) -> Answer { return Value::object({{"k", Value("v")}}); }},
});

}  // namespace

std::shared_ptr<const FunctionTable> test_functions() {
  auto table = std::make_shared<FunctionTable>();
  table->add(kRows);
  return table;
}

}  // namespace tiphys::gotmpl::testing
