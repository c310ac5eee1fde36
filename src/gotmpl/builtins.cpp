#include "gotmpl/builtins.hpp"

#include "gotmpl/compare.hpp"
#include "gotmpl/escape.hpp"
#include "gotmpl/executor.hpp"
#include "gotmpl/indexing.hpp"
#include "gotmpl/printer.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <array>

namespace tiphys::gotmpl {

using value::GoType;
using value::Value;

namespace {

using Answer = base::Result<Operand>;

base::Error wrong(std::string message) { return {base::Code::Invalid, std::move(message)}; }

Answer text_result(std::string text) { return Operand::concrete(Value(std::move(text))); }
Answer truth_result(const base::Result<bool>& result) {
  if (!result.ok()) return result.error();
  return Operand::concrete(Value(*result));
}

/// A Printer stops in the middle of what is too long: nobody may go on with half a text.
Answer printed_result(const BuiltinCall& call, std::string text) {
  if (text.size() > call.executor.print_limit()) return call.executor.output_exceeded();
  return text_result(std::move(text));
}

Answer print(const BuiltinCall& call) {
  std::string out;
  Printer(out, call.executor.host(), call.executor.print_limit()).print(call.values);
  return printed_result(call, std::move(out));
}

Answer println(const BuiltinCall& call) {
  std::string out;
  Printer(out, call.executor.host(), call.executor.print_limit()).println(call.values);
  return printed_result(call, std::move(out));
}

Answer printf(const BuiltinCall& call) {
  std::string out;
  Printer(out, call.executor.host(), call.executor.print_limit())
      .printf(call.values[0].string(), call.values.subspan(1));
  return printed_result(call, std::move(out));
}

/// What html, js and urlquery escape: print, but of what an action would show.
std::string printed(const BuiltinCall& call) {
  std::vector<Value> shown;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const bool follow = call.values[i].is_null() || native_object(call.values[i]) != nullptr;
    if (!follow) {
      shown.push_back(call.values[i]);
      continue;
    }
    std::string text;
    append_printable(text, call.operand(i), call.executor.host(), call.executor.print_limit());
    shown.emplace_back(std::move(text));
  }
  std::string out;
  Printer(out, call.executor.host(), call.executor.print_limit()).print(shown);
  return out;
}

Answer html(const BuiltinCall& call) { return printed_result(call, escape_html(printed(call))); }
Answer js(const BuiltinCall& call) { return printed_result(call, escape_js(printed(call))); }
Answer urlquery(const BuiltinCall& call) {
  return printed_result(call, escape_query(printed(call)));
}

Answer negate(const BuiltinCall& call) {
  return Operand::concrete(Value(!is_true(call.values[0])));
}

Answer length(const BuiltinCall& call) {
  const Operand item = call.operand(0);
  if (item.is_nil_interface()) return wrong("len of nil pointer");
  if (!item.is_valid()) return wrong("reflect: call of reflect.Value.Type on zero Value");
  const Value v = plain(item.value);
  std::size_t size = 0;
  if (v.is_string()) {
    size = v.string().size();
  } else if (v.is_list()) {
    size = v.list().size();
  } else if (v.is_map()) {
    size = v.map().size();
  } else {
    return wrong("len of type " + type_name(item.value, call.executor.host()));
  }
  return Operand::concrete(Value(static_cast<std::int64_t>(size)).as(GoType::i));
}

Answer call_function(const BuiltinCall& call) {
  const Operand target = call.operand(0);
  if (target.value.is_null()) return wrong("call of nil");
  const NativeObject* object = native_object(target.value);
  const Function* row = nullptr;
  if (object != nullptr && object->shape() == NativeObject::Shape::function) {
    row = object->method("");
  }
  if (row == nullptr) {
    return wrong("non-function " + std::string(call.callee) + " of type " +
                 type_name(target.value, call.executor.host()));
  }
  return call_value(call, *object, *row);
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"and", kAnd, "reflect.Value, ...reflect.Value", nullptr},
    {"or", kOr, "reflect.Value, ...reflect.Value", nullptr},
    {"call", kCall, "reflect.Value, ...reflect.Value", call_function},
    {"html", 4, "...any", html},
    {"index", 5, "reflect.Value, ...reflect.Value", index_items},
    {"slice", 6, "reflect.Value, ...reflect.Value", slice_item},
    {"js", 7, "...any", js},
    {"len", 8, "reflect.Value", length},
    {"not", 9, "reflect.Value", negate},
    {"print", 10, "...any", print},
    {"printf", 11, "string, ...any", printf},
    {"println", 12, "...any", println},
    {"urlquery", 13, "...any", urlquery},
    {"eq", 14, "reflect.Value, ...reflect.Value",
     [](const BuiltinCall& call) { return truth_result(equal(call)); }},
    {"ge", 15, "reflect.Value, reflect.Value",
     [](const BuiltinCall& call) { return truth_result(greater_or_equal(call)); }},
    {"gt", 16, "reflect.Value, reflect.Value",
     [](const BuiltinCall& call) { return truth_result(greater(call)); }},
    {"le", 17, "reflect.Value, reflect.Value",
     [](const BuiltinCall& call) { return truth_result(less_or_equal(call)); }},
    {"lt", 18, "reflect.Value, reflect.Value",
     [](const BuiltinCall& call) { return truth_result(less(call)); }},
    {"ne", 19, "reflect.Value, reflect.Value",
     [](const BuiltinCall& call) { return truth_result(not_equal(call)); }},
});

}  // namespace

std::span<const Builtin> builtins() { return kBuiltins; }

}  // namespace tiphys::gotmpl
