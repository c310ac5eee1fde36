#pragma once

#include "gotmpl/builtins.hpp"
#include "gotmpl/node.hpp"
#include "gotmpl/operand.hpp"
#include "gotmpl/value_stack.hpp"

#include "tiphys/gotmpl/run.hpp"
#include "tiphys/gotmpl/template.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

class NativeObject;

/// Thrown inside one execution only; Run::execute turns it into a result.
struct Abort {
  base::Error error;
};

/// Runs one Run::execute: walks a program's nodes and writes to one string. The names, the order of
/// evaluation and the node that errors point at (`at_`) follow Go's exec.go, since error texts show
/// all three.
class Executor {
 public:
  Executor(Run& run, const TemplateSet& templates, std::string& out);

  /// Throws Abort.
  void execute(const Program& program, const value::Value& data);

  Run& run() { return run_; }
  const Host* host() const { return run_.host(); }
  const TemplateSet& templates() const { return templates_; }
  std::string_view template_name() const { return program_->name; }
  /// Calls a row with arguments that were checked already.
  base::Result<value::Value> invoke(const BoundFunction& function, std::span<value::Value> args,
                                    const NativeObject* receiver);
  /// How much a function may print before a budget is exceeded.
  std::size_t print_limit() const;
  base::Error output_exceeded() const;

 private:
  enum class Flow : std::uint8_t { normal, break_loop, continue_loop };

  [[noreturn]] void fail(const std::string& message);
  [[noreturn]] void abort(base::Error error);
  base::Error located(base::Error error) const;
  base::Error called(base::Error error, std::string_view name) const;
  std::string location_text() const;
  void check(base::Status status);
  void tick() {
    if (++run_.steps_ >= run_.next_check_) check(run_.slow_step());
  }
  void guard_depth();

  // statements
  Flow walk_list(const Operand& dot, const ListNode& list);
  Flow walk(const Operand& dot, const Node& node);
  Flow walk_branch(const Operand& dot, const BranchNode& node);
  void walk_action(const Operand& dot, const ActionNode& node);
  void walk_template(const Operand& dot, const InvokeNode& node);
  Flow walk_range(const Operand& dot, const BranchNode& node);
  bool range_over(const BranchNode& node, const value::Value& v);
  bool range_integer(const BranchNode& node, const value::Value& v);
  bool range_list(const BranchNode& node, const value::Value& v);
  bool range_bytes(const BranchNode& node, const value::Value& v);
  bool range_map(const BranchNode& node, const value::Value& v);
  bool iterate(const BranchNode& node, std::size_t inside, Operand index, const Operand& element);
  void print(const Node& node, const Operand& operand);
  void write(std::string_view text);

  // pipelines and operands
  Operand pipeline(const Operand& dot, const PipeNode* pipe);
  Operand command(const Operand& dot, const CommandNode& node, const Operand& final);
  Operand constant(const Node& node);
  Operand field_chain(const Operand& dot, Operand receiver, const Node& node,
                      std::span<const std::string_view> names, std::span<const Node* const> args,
                      const Operand& final);
  Operand chain(const Operand& dot, const ChainNode& node, std::span<const Node* const> args,
                const Operand& final);
  Operand variable(const Operand& dot, const VariableNode& node, std::span<const Node* const> args,
                   const Operand& final);
  Operand field(const Operand& dot, std::string_view name, const Node& node,
                std::span<const Node* const> args, const Operand& final, const Operand& receiver);
  Operand native_field(const NativeObject& object, std::string_view name, const Operand& receiver,
                       bool has_args);
  Operand map_entry(const value::Value& map, std::string_view name);
  bool method(const Operand& dot, std::string_view name, const Node& node,
              std::span<const Node* const> args, const Operand& final, const Operand& receiver,
              Operand& result);
  void not_a_function(std::span<const Node* const> args, const Operand& final);

  // calls
  struct Target {
    const BoundFunction& function;
    std::string_view name;
    const NativeObject* receiver = nullptr;
    const value::Value* self = nullptr;  ///< receiver of a named type's method, passed as args[0]
  };
  Operand call(const Operand& dot, const Target& target, const Node& node,
               std::span<const Node* const> args, const Operand& final);
  Operand short_circuit(const Operand& dot, bool stop_at, std::span<const Node* const> args,
                        const Operand& final);
  Operand call_builtin(const Target& target, const Node& node, std::span<const Node* const> args,
                       const ArgumentFrame& frame, const Operand& final);
  void check_count(const Target& target, std::size_t args, bool has_final);
  Operand argument(const Operand& dot, const Parameter& parameter, const Node& node);
  Operand literal_argument(const Parameter& parameter, const Node& node);
  Operand validate(Operand operand, const Parameter& parameter);
  const BoundFunction& bound_method(const Function& row);

  // variables
  std::size_t mark() const;
  void pop(std::size_t mark);
  void push(std::uint32_t name_id, Operand operand);
  std::size_t find_variable(const VariableNode& node);

  Run& run_;
  const TemplateSet& templates_;
  std::string& out_;
  std::size_t out_start_;
  const Program* program_ = nullptr;
  const Node* at_ = nullptr;
  std::size_t variables_base_ = 0;
};

}  // namespace tiphys::gotmpl
