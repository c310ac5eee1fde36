// Any text is parsed and executed under small budgets: no crash, no hang, no undefined behaviour.
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/gotmpl/template.hpp"
#include "tiphys/value/value.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using tiphys::gotmpl::Call;
using tiphys::value::GoType;
using tiphys::value::Value;

tiphys::base::Result<Value> include(Call& call) {
  std::string out;
  TRY(call.run.execute(call.templates, call.args[0].string(), call.args[1], out));
  return Value(std::move(out));
}

tiphys::base::Result<Value> tpl(Call& call) {
  tiphys::gotmpl::TemplateSet copy(call.templates);
  TRY(copy.parse("tpl", call.args[0].string()));
  std::string out;
  TRY(call.run.execute(copy, "tpl", call.args[1], out));
  return Value(std::move(out));
}

std::shared_ptr<const tiphys::gotmpl::FunctionTable> functions() {
  static constexpr auto kRows = std::to_array<tiphys::gotmpl::Function>({
      {"include", "string, any", include},
      {"tpl", "string, any", tpl},
  });
  auto table = std::make_shared<tiphys::gotmpl::FunctionTable>();
  table->add(kRows);
  return table;
}

Value sample() {
  const Value list = Value::array({Value(1.0), Value("two"), Value(), Value(true)});
  return Value::object({{"s", Value("text")},
                        {"f", Value(1.5)},
                        {"i", Value(3)},
                        {"l", list},
                        {"m", Value::object({{"a", Value("b")}, {"n", Value()}})},
                        {"b", Value("bytes").as(GoType::bytes)}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kTable = functions();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tiphys::gotmpl::TemplateSet set(kTable);
  if (!set.parse("t", text).ok()) return 0;
  const tiphys::gotmpl::Budgets budgets{.steps = 20'000,
                                        .output_bytes = 1U << 20U,
                                        .memory_bytes = 8U << 20U,
                                        .depth = 200,
                                        .stack_bytes = 2U << 20U};
  const auto missing =
      size % 2 == 0 ? tiphys::gotmpl::MissingKey::zero : tiphys::gotmpl::MissingKey::error;
  std::string first;
  std::string second;
  tiphys::gotmpl::Run run(budgets, missing);
  const bool ok = run.execute(set, "t", sample(), first).ok();
  tiphys::gotmpl::Run again(budgets, missing);
  const bool ok_again = again.execute(set, "t", sample(), second).ok();
  // The same input renders the same, but for addresses that %p prints.
  if (ok != ok_again) std::abort();
  return 0;
}
