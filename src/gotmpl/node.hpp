#pragma once

#include "gotmpl/literals.hpp"

#include "tiphys/gotmpl/function.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

struct Program;

enum class NodeKind : std::uint8_t {
  list,
  text,
  action,
  if_branch,
  with_branch,
  range_branch,
  invoke,
  break_loop,
  continue_loop,
  pipe,
  command,
  dot,
  nil,
  boolean,
  number,
  string,
  field,
  variable,
  function,
  chain,
  end,
  otherwise  // parsing only
};

/// Nodes live in the arena of their ParsedFile, refer to its text and own nothing. `pos` is the
/// byte offset that error texts are made from.
struct Node {
  NodeKind kind;
  std::uint32_t pos;
};

struct TextNode : Node {
  std::string_view text;
};

struct ListNode : Node {
  std::span<const Node* const> nodes;
};

/// true, 1.5, 'c', "text": `value` is the constant where its type isn't known from the context.
struct LiteralNode : Node {
  std::string_view source;
  const value::Value* value;  ///< null for a number that doesn't fit an int
  const Number* number;       ///< numbers only
};

struct FieldNode : Node {
  std::span<const std::string_view> names;
};

/// `slot` counts from the bottom of the template's own variables; kUndefined where the run-time
/// scope has no such variable though the parser accepts it (declared in the other branch).
struct VariableNode : Node {
  static constexpr std::uint32_t kUndefined = ~std::uint32_t{0};
  std::string_view name;
  std::uint32_t name_id;
  std::uint32_t slot;
  std::span<const std::string_view> fields;
};

struct FunctionNode : Node {
  const BoundFunction* function;
};

struct ChainNode : Node {
  const Node* operand;
  std::span<const std::string_view> fields;
};

struct CommandNode : Node {
  std::span<const Node* const> args;
};

struct PipeNode : Node {
  bool assigns;
  std::span<const VariableNode* const> variables;
  std::span<const CommandNode* const> commands;
};

struct ActionNode : Node {
  const PipeNode* pipe;
};

/// if, with and range.
struct BranchNode : Node {
  const PipeNode* pipe;
  const ListNode* body;
  const ListNode* otherwise;  ///< may be null
};

struct InvokeNode : Node {
  std::string_view name;
  const PipeNode* pipe;  ///< may be null
};

struct ParsedFile;

/// One compiled template.
struct Program {
  std::string_view name;
  const ParsedFile* file;
  const ListNode* root;
  bool empty;  ///< nothing but blanks and comments
  /// A declaration inside the arguments of and/or may not run, so slots can't be trusted and
  /// variables are searched by name as Go does.
  bool search_variables;
};

/// The node as Go prints it in error texts (canonical, not the source).
void append_node(std::string& out, const Node& node);
std::string node_text(const Node& node);

}  // namespace tiphys::gotmpl
