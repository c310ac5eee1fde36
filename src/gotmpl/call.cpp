#include "gotmpl/executor.hpp"
#include "gotmpl/run_state.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

namespace tiphys::gotmpl {

using value::GoType;
using value::Value;

namespace {

using ParameterKind = Parameter::Kind;

const Parameter kAnything{ParameterKind::reflect, {}};

const Parameter& parameter_at(const BoundFunction& function, std::size_t i) {
  return i < function.fixed.size() ? function.fixed[i] : function.rest;
}

bool is_native_type(const Operand& operand, std::string_view wanted) {
  if (operand.value.kind() != value::Kind::native) return false;
  const std::string_view actual = operand.value.native()->go_type();
  if (actual == wanted) return true;
  // One dereference, or the address of a field.
  if (actual.starts_with('*') && actual.substr(1) == wanted) return true;
  return operand.form == Form::addressable && wanted.starts_with('*') && wanted.substr(1) == actual;
}

bool is_assignable(const Operand& operand, const Parameter& parameter) {
  const Value& v = operand.value;
  const GoType type = v.go_type();
  const GoType base = value::base_type(type);
  switch (parameter.kind) {
    case ParameterKind::any:
    case ParameterKind::reflect:
      return true;
    case ParameterKind::string:
      return v.is_string() && type == GoType::natural;
    case ParameterKind::boolean:
      return v.is_bool();
    case ParameterKind::integer:
      return v.is_int() && type == GoType::i;
    case ParameterKind::int64:
      return v.is_int() && type == GoType::natural;
    case ParameterKind::float64:
      return v.is_float() && type == GoType::natural;
    case ParameterKind::list:
      return v.is_list() && base == GoType::natural;
    case ParameterKind::strings:
      return v.is_list() && base == GoType::strings;
    case ParameterKind::ints:
      return v.is_list() && type == GoType::ints;
    case ParameterKind::bytes:
      return v.is_string() && type == GoType::bytes;
    case ParameterKind::map:
      return v.is_map() && (base == GoType::natural || type == GoType::named);
    case ParameterKind::string_map:
      return v.is_map() && base == GoType::string_map;
    case ParameterKind::native:
      return is_native_type(operand, parameter.native);
  }
  return false;
}

}  // namespace

Operand Executor::validate(Operand operand, const Parameter& parameter) {
  if (parameter.kind == ParameterKind::reflect) return operand;
  if (!operand.is_valid()) {
    if (parameter.nillable()) return Operand::wrapped(Value());
    fail("invalid value; expected " + std::string(parameter.type_name()));
  }
  if (parameter.kind == ParameterKind::any) return operand;
  if (!operand.is_nil_interface()) {
    operand.unwrap();
    if (is_assignable(operand, parameter)) return operand;
  }
  fail("wrong type for value; expected " + std::string(parameter.type_name()) + "; got " +
       operand_type(operand, host()));
}

Operand Executor::argument(const Operand& dot, const Parameter& parameter, const Node& node) {
  at_ = &node;
  const Operand none = Operand::missing();
  switch (node.kind) {
    case NodeKind::dot:
      return validate(dot, parameter);
    case NodeKind::nil:
      if (parameter.kind == ParameterKind::reflect) return Operand::invalid();
      if (parameter.nillable()) return Operand::wrapped(Value());
      fail("cannot assign nil to " + std::string(parameter.type_name()));
    case NodeKind::field:
      return validate(
          field_chain(dot, dot, node, static_cast<const FieldNode&>(node).names, {}, none),
          parameter);
    case NodeKind::variable:
      return validate(variable(dot, static_cast<const VariableNode&>(node), {}, none), parameter);
    case NodeKind::pipe:
      return validate(pipeline(dot, static_cast<const PipeNode*>(&node)), parameter);
    case NodeKind::function: {
      const BoundFunction& function = *static_cast<const FunctionNode&>(node).function;
      return validate(call(dot, {.function = function, .name = function.name}, node, {}, none),
                      parameter);
    }
    case NodeKind::chain:
      return validate(chain(dot, static_cast<const ChainNode&>(node), {}, none), parameter);
    default:
      return literal_argument(parameter, node);
  }
}

/// A literal takes the parameter's type.
Operand Executor::literal_argument(const Parameter& parameter, const Node& node) {
  const auto& literal = static_cast<const LiteralNode&>(node);
  const Number* number = literal.number;
  const auto expected = [&](std::string_view what) {
    fail("expected " + std::string(what) + "; found " + node_text(node));
  };
  switch (parameter.kind) {
    case ParameterKind::any:
    case ParameterKind::reflect:
      return constant(node);
    case ParameterKind::string:
      if (node.kind != NodeKind::string) expected("string");
      return Operand::concrete(*literal.value);
    case ParameterKind::boolean:
      if (node.kind != NodeKind::boolean) expected("bool");
      return Operand::concrete(*literal.value);
    case ParameterKind::integer:
    case ParameterKind::int64: {
      if (number == nullptr || !number->is_int) expected("integer");
      const Value v(number->integer);
      return Operand::concrete(parameter.kind == ParameterKind::integer ? v.as(GoType::i) : v);
    }
    case ParameterKind::float64:
      if (number == nullptr || !number->is_float) expected("float");
      return Operand::concrete(Value(number->floating));
    default:
      fail("can't handle " + node_text(node) + " for arg of type " +
           std::string(parameter.type_name()));
  }
}

void Executor::check_count(const Target& target, std::size_t args, bool has_final) {
  const std::size_t given = args + (has_final ? 1 : 0);
  const std::size_t wanted = target.function.fixed.size();
  if (target.function.variadic ? given >= wanted : given == wanted) return;
  std::string text = "wrong number of args for " + std::string(target.name) + ": want ";
  if (target.function.variadic) {
    text += "at least " + std::to_string(wanted) + " got " + std::to_string(args);
  } else {
    text += std::to_string(wanted) + " got " + std::to_string(given);
  }
  fail(text);
}

Operand Executor::short_circuit(const Operand& dot, bool stop_at, std::span<const Node* const> args,
                                const Operand& final) {
  Operand result;
  for (const Node* node : args) {
    result = argument(dot, kAnything, *node);
    if (is_true(result.value) == stop_at) return result;
  }
  if (!final.is_missing()) result = validate(final, kAnything);
  return result;
}

Operand Executor::call(const Operand& dot, const Target& target, const Node& node,
                       std::span<const Node* const> args, const Operand& final) {
  const std::span<const Node* const> given = args.empty() ? args : args.subspan(1);
  const bool has_final = !final.is_missing();
  check_count(target, given.size(), has_final);
  const BoundFunction& function = target.function;
  if (function.builtin == kAnd || function.builtin == kOr) {
    return short_circuit(dot, function.builtin == kOr, given, final);
  }
  const std::size_t self = target.self != nullptr ? 1 : 0;
  const std::size_t count = given.size() + (has_final ? 1 : 0);
  const ArgumentFrame frame(run_.state_->arguments, self + count);
  if (self != 0) frame.set(0, Operand::concrete(*target.self));
  for (std::size_t i = 0; i < given.size(); ++i) {
    frame.set(self + i, argument(dot, parameter_at(function, i), *given[i]));
  }
  if (has_final) {
    frame.set(self + count - 1, validate(final, parameter_at(function, count - 1)));
  }
  if (function.builtin != 0) return call_builtin(target, node, given, frame, final);
  const std::uint64_t charged = run_.memory_;
  auto result = invoke(function, frame.values(), target.receiver);
  if (!result.ok()) {
    at_ = &node;
    abort(called(std::move(result).error(), target.name));
  }
  Value& v = *result;
  if (v.is_string() && v.string().size() > run_.memory_ - charged) {
    check(run_.charge(v.string().size() - (run_.memory_ - charged)));  // what it didn't itself
  }
  if (v.is_null()) return Operand::wrapped(Value());
  return Operand::concrete(std::move(v));
}

base::Error Executor::called(base::Error error, std::string_view name) const {
  return std::move(error).with_context("template: " + location_text() + ": executing " +
                                       quote(template_name()) + " at <" + node_text(*at_) +
                                       ">: error calling " + std::string(name));
}

Operand Executor::call_builtin(const Target& target, const Node& node,
                               std::span<const Node* const> args, const ArgumentFrame& frame,
                               const Operand& final) {
  std::string callee;
  if (target.function.builtin == kCall) {
    if (!args.empty()) {
      callee = node_text(*args[0]);
    } else {
      callee = final.value.is_string() ? std::string(final.value.string())
                                       : "<" + operand_type(final, host()) + " Value>";
    }
  }
  const Builtin& builtin = builtins()[target.function.builtin - 1U];
  auto result = builtin.body({frame.values(), frame.forms(), *this, callee});
  if (!result.ok()) {
    at_ = &node;
    abort(called(std::move(result).error(), target.name));
  }
  if (result->value.is_string()) check(run_.charge(result->value.string().size()));
  return *std::move(result);
}

base::Result<Value> Executor::invoke(const BoundFunction& function, std::span<Value> args,
                                     const NativeObject* receiver) {
  Call call{.args = args,
            .run = run_,
            .templates = templates_,
            .function = function.name,
            .template_name = template_name(),
            .receiver = receiver};
  return function.body(call);
}

}  // namespace tiphys::gotmpl
