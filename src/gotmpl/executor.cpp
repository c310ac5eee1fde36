#include "gotmpl/executor.hpp"

#include "gotmpl/parsed_file.hpp"
#include "gotmpl/printer.hpp"
#include "gotmpl/run_state.hpp"
#include "gotmpl/stack_guard.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

namespace tiphys::gotmpl {

using value::GoType;
using value::Kind;
using value::Value;

Executor::Executor(Run& run, const TemplateSet& templates, std::string& out)
    : run_(run), templates_(templates), out_(out), out_start_(out.size()) {}

void Executor::execute(const Program& program, const Value& data) {
  program_ = &program;
  at_ = program.root;
  guard_depth();
  variables_base_ = mark();
  const Operand dot = Operand::of(data);
  push(0, dot);
  walk_list(dot, *program.root);
}

base::Error Executor::located(base::Error error) const {
  constexpr std::size_t kMaxContext = 200;  // a loop's node is its whole body
  std::string context = node_text(*at_);
  if (error.code() != base::Code::Invalid && context.size() > kMaxContext) {
    context = context.substr(0, kMaxContext) + "...";
  }
  return std::move(error).with_context("template: " + location_text() + ": executing " +
                                       quote(program_->name) + " at <" + context + ">");
}

std::string Executor::location_text() const { return location(*program_->file, *at_); }

void Executor::abort(base::Error error) { throw Abort{std::move(error)}; }

void Executor::fail(const std::string& message) {
  abort(located(base::Error(base::Code::Invalid, message)));
}

void Executor::check(base::Status status) {
  if (!status.ok()) abort(located(std::move(status).error()));
}

void Executor::guard_depth() {
  // Running out of stack is what an endless recursion does; Go counts to its limit instead.
  const bool deep = run_.depth_ >= run_.budgets_.depth;
  if (deep || stack_used(run_.stack_base_, stack_pointer()) > run_.budgets_.stack_bytes) {
    check(base::Error(
        base::Code::ResourceExhausted,
        "exceeded maximum template depth (" + std::to_string(run_.budgets_.depth) + ")"));
  }
  ++run_.depth_;
}

std::size_t Executor::print_limit() const {
  return static_cast<std::size_t>(run_.budgets_.output_bytes);
}

base::Error Executor::output_exceeded() const {
  return run_.exceeded("output", run_.budgets_.output_bytes);
}

void Executor::write(std::string_view text) {
  out_ += text;
  if (out_.size() - out_start_ > run_.budgets_.output_bytes) check(output_exceeded());
}

Executor::Flow Executor::walk_list(const Operand& dot, const ListNode& list) {
  at_ = &list;
  for (const Node* node : list.nodes) {
    const Flow flow = walk(dot, *node);
    if (flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

Executor::Flow Executor::walk(const Operand& dot, const Node& node) {
  at_ = &node;
  tick();
  switch (node.kind) {
    case NodeKind::text:
      write(static_cast<const TextNode&>(node).text);
      return Flow::normal;
    case NodeKind::action:
      walk_action(dot, static_cast<const ActionNode&>(node));
      return Flow::normal;
    case NodeKind::if_branch:
    case NodeKind::with_branch:
      return walk_branch(dot, static_cast<const BranchNode&>(node));
    case NodeKind::range_branch:
      return walk_range(dot, static_cast<const BranchNode&>(node));
    case NodeKind::invoke:
      walk_template(dot, static_cast<const InvokeNode&>(node));
      return Flow::normal;
    case NodeKind::break_loop:
      return Flow::break_loop;
    case NodeKind::continue_loop:
      return Flow::continue_loop;
    default:
      fail("unknown node: " + node_text(node));
  }
}

void Executor::walk_action(const Operand& dot, const ActionNode& node) {
  const Operand result = pipeline(dot, node.pipe);
  if (node.pipe->variables.empty()) print(node, result);
}

Executor::Flow Executor::walk_branch(const Operand& dot, const BranchNode& node) {
  const std::size_t before = mark();
  const Operand condition = pipeline(dot, node.pipe);
  Flow flow = Flow::normal;
  if (is_true(condition.value)) {
    flow = walk_list(node.kind == NodeKind::with_branch ? condition : dot, *node.body);
  } else if (node.otherwise != nullptr) {
    flow = walk_list(dot, *node.otherwise);
  }
  pop(before);
  return flow;
}

void Executor::walk_template(const Operand& dot, const InvokeNode& node) {
  const Program* program = templates_.lookup(node.name);
  if (program == nullptr) fail("template " + quote(node.name) + " not defined");
  guard_depth();
  const Operand argument = pipeline(dot, node.pipe);
  const Program* const caller = program_;
  const Node* const at = at_;
  const std::size_t base = variables_base_;
  program_ = program;
  variables_base_ = mark();
  push(0, argument);
  walk_list(argument, *program->root);
  pop(variables_base_);
  variables_base_ = base;
  program_ = caller;
  at_ = at;
  --run_.depth_;
}

/// What fmt.Fprint gets: Go follows a pointer first and takes the address of a field for String().
void Executor::print(const Node& node, const Operand& operand) {
  at_ = &node;
  const Value& v = operand.value;
  if (v.kind() == Kind::string && v.go_type() != GoType::bytes) return write(v.string());
  const std::size_t limit = out_start_ + print_limit();
  if (v.is_null()) {
    out_ += "<no value>";
  } else if (const NativeObject* object = native_object(v)) {
    if (object->shape() == NativeObject::Shape::function) {
      fail("can't print " + node_text(node) + " of type " + type_name(v, host()));
    }
    append_printable(out_, operand, host(), limit);
  } else if (v.is_list() || v.is_map()) {
    Printer(out_, host(), limit).argument(v, 'v');
  } else {
    append_v(out_, v, host());
  }
  write({});
}

void Executor::push(std::uint32_t name_id, Operand operand) {
  run_.state_->variables.push_back(Variable{name_id, std::move(operand)});
}

std::size_t Executor::mark() const { return run_.state_->variables.size(); }

void Executor::pop(std::size_t mark) { run_.state_->variables.resize(mark); }

std::size_t Executor::find_variable(const VariableNode& node) {
  if (!program_->search_variables) {
    if (node.slot != VariableNode::kUndefined) return variables_base_ + node.slot;
  } else {
    const auto& variables = run_.state_->variables;
    for (std::size_t i = variables.size(); i-- > variables_base_;) {
      if (variables[i].name_id == node.name_id) return i;
    }
  }
  fail("undefined variable: " + std::string(node.name));
}

}  // namespace tiphys::gotmpl
