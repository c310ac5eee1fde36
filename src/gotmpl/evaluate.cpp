#include "gotmpl/executor.hpp"
#include "gotmpl/run_state.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

namespace tiphys::gotmpl {

using value::GoType;
using value::Value;

namespace {

bool has_arguments(std::span<const Node* const> args, const Operand& final) {
  return args.size() > 1 || !final.is_missing();
}

bool is_exported(std::string_view name) {
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
}

}  // namespace

Operand Executor::pipeline(const Operand& dot, const PipeNode* pipe) {
  if (pipe == nullptr) return Operand::invalid();
  at_ = pipe;
  Operand result = Operand::missing();
  for (const CommandNode* node : pipe->commands) {
    result = command(dot, *node, result);
    result.unwrap();
  }
  for (const VariableNode* node : pipe->variables) {
    if (pipe->assigns) {
      const std::size_t at = find_variable(*node);
      run_.state_->variables[at].operand = result;
    } else {
      push(node->name_id, result);
    }
  }
  return result;
}

void Executor::not_a_function(std::span<const Node* const> args, const Operand& final) {
  if (has_arguments(args, final)) {
    std::string text = "can't give argument to non-function ";
    append_node(text, *args[0]);
    fail(text);
  }
}

Operand Executor::command(const Operand& dot, const CommandNode& node, const Operand& final) {
  const Node& first = *node.args[0];
  switch (first.kind) {
    case NodeKind::field:
      at_ = &first;
      return field_chain(dot, dot, first, static_cast<const FieldNode&>(first).names, node.args,
                         final);
    case NodeKind::chain:
      return chain(dot, static_cast<const ChainNode&>(first), node.args, final);
    case NodeKind::function: {
      at_ = &first;
      const BoundFunction& function = *static_cast<const FunctionNode&>(first).function;
      return call(dot, {.function = function, .name = function.name}, node, node.args, final);
    }
    case NodeKind::pipe:
      not_a_function(node.args, final);
      return pipeline(dot, static_cast<const PipeNode*>(&first));
    case NodeKind::variable:
      return variable(dot, static_cast<const VariableNode&>(first), node.args, final);
    default:
      break;
  }
  at_ = &first;
  not_a_function(node.args, final);
  if (first.kind == NodeKind::dot) return dot;
  if (first.kind == NodeKind::nil) fail("nil is not a command");
  return constant(first);
}

Operand Executor::constant(const Node& node) {
  const auto& literal = static_cast<const LiteralNode&>(node);
  at_ = &node;
  if (literal.value == nullptr) fail(std::string(literal.source) + " overflows int");
  return Operand::concrete(*literal.value);
}

Operand Executor::chain(const Operand& dot, const ChainNode& node,
                        std::span<const Node* const> args, const Operand& final) {
  at_ = &node;
  const Node& inner = *node.operand;
  Operand receiver;
  at_ = &inner;
  if (inner.kind == NodeKind::pipe) {
    receiver = pipeline(dot, static_cast<const PipeNode*>(&inner));
  } else {
    const BoundFunction& function = *static_cast<const FunctionNode&>(inner).function;
    receiver =
        call(dot, {.function = function, .name = function.name}, inner, {}, Operand::missing());
  }
  return field_chain(dot, std::move(receiver), node, node.fields, args, final);
}

Operand Executor::variable(const Operand& dot, const VariableNode& node,
                           std::span<const Node* const> args, const Operand& final) {
  at_ = &node;
  const Operand& held = run_.state_->variables[find_variable(node)].operand;
  if (node.fields.empty()) {
    not_a_function(args, final);
    return held;
  }
  return field_chain(dot, held, node, node.fields, args, final);
}

Operand Executor::field_chain(const Operand& dot, Operand receiver, const Node& node,
                              std::span<const std::string_view> names,
                              std::span<const Node* const> args, const Operand& final) {
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    receiver = field(dot, names[i], node, {}, Operand::missing(), receiver);
  }
  return field(dot, names.back(), node, args, final, receiver);
}

Operand Executor::field(const Operand& dot, std::string_view name, const Node& node,
                        std::span<const Node* const> args, const Operand& final,
                        const Operand& receiver) {
  if (!receiver.is_valid()) {
    if (run_.missing_ == MissingKey::error) fail("nil data; no entry for key " + quote(name));
    return Operand::invalid();
  }
  if (receiver.is_nil_interface()) fail("nil pointer evaluating interface {}." + std::string(name));
  const Value& v = receiver.value;
  if (v.is_map() && v.go_type() != GoType::named) {
    if (has_arguments(args, final)) fail(std::string(name) + " is not a method but has arguments");
    return map_entry(v, name);
  }
  Operand result;
  if (method(dot, name, node, args, final, receiver, result)) return result;
  const Value inner = plain(v);
  if (inner.is_map()) {
    if (has_arguments(args, final)) fail(std::string(name) + " is not a method but has arguments");
    return map_entry(inner, name);
  }
  if (const NativeObject* object = native_object(v)) {
    return native_field(*object, name, receiver, has_arguments(args, final));
  }
  fail("can't evaluate field " + std::string(name) + " in type " + operand_type(receiver, host()));
}

Operand Executor::native_field(const NativeObject& object, std::string_view name,
                               const Operand& receiver, bool has_args) {
  const bool pointer = object.shape() == NativeObject::Shape::pointer;
  if (pointer && !object.truth()) {
    fail("nil pointer evaluating " + operand_type(receiver, host()) + "." + std::string(name));
  }
  if (auto found = object.field(name)) {
    if (!is_exported(name)) {
      fail(std::string(name) + " is an unexported field of struct type " +
           operand_type(receiver, host()));
    }
    if (has_args) fail(std::string(name) + " has arguments but cannot be invoked as function");
    if (found->is_null()) return Operand::wrapped(Value());
    return {std::move(*found),
            pointer || receiver.form == Form::addressable ? Form::addressable : Form::concrete};
  }
  fail("can't evaluate field " + std::string(name) + " in type " + operand_type(receiver, host()));
}

Operand Executor::map_entry(const Value& map, std::string_view name) {
  if (const Value* found = map.map().find(name)) return element_of(map, *found);
  if (run_.missing_ == MissingKey::error) fail("map has no entry for key " + quote(name));
  return run_.missing_ == MissingKey::zero ? zero_element(map) : Operand::invalid();
}

bool Executor::method(const Operand& dot, std::string_view name, const Node& node,
                      std::span<const Node* const> args, const Operand& final,
                      const Operand& receiver, Operand& result) {
  const Value& v = receiver.value;
  if (const NativeObject* object = native_object(v)) {
    const Function* row = object->method(name);
    if (row == nullptr) return false;
    result = call(dot, {.function = bound_method(*row), .name = name, .receiver = object}, node,
                  args, final);
    return true;
  }
  if (v.go_type() != GoType::named || host() == nullptr) return false;
  const Function* row = host()->named_method(v, name);
  if (row == nullptr) return false;
  result = call(dot, {.function = bound_method(*row), .name = name, .self = &v}, node, args, final);
  return true;
}

const BoundFunction& Executor::bound_method(const Function& row) {
  auto& methods = run_.state_->methods;
  auto it = methods.find(&row);
  if (it == methods.end()) it = methods.emplace(&row, BoundFunction::bind(row)).first;
  return it->second;
}

}  // namespace tiphys::gotmpl
