#include "gotmpl/node.hpp"
#include "gotmpl/parsed_file.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>

namespace tiphys::gotmpl {
namespace {

void append_fields(std::string& out, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    out.push_back('.');
    out += name;
  }
}

void append_pipe(std::string& out, const PipeNode& pipe) {
  for (std::size_t i = 0; i < pipe.variables.size(); ++i) {
    if (i > 0) out += ", ";
    append_node(out, *pipe.variables[i]);
  }
  if (!pipe.variables.empty()) out += pipe.assigns ? " = " : " := ";
  for (std::size_t i = 0; i < pipe.commands.size(); ++i) {
    if (i > 0) out += " | ";
    append_node(out, *pipe.commands[i]);
  }
}

void append_operand(std::string& out, const Node& node) {
  const bool parenthesised = node.kind == NodeKind::pipe;
  if (parenthesised) out.push_back('(');
  append_node(out, node);
  if (parenthesised) out.push_back(')');
}

void append_branch(std::string& out, std::string_view keyword, const BranchNode& branch) {
  out += "{{";
  out += keyword;
  out.push_back(' ');
  append_node(out, *branch.pipe);
  out += "}}";
  append_node(out, *branch.body);
  if (branch.otherwise != nullptr) {
    out += "{{else}}";
    append_node(out, *branch.otherwise);
  }
  out += "{{end}}";
}

void append_invoke(std::string& out, const InvokeNode& invoke) {
  out += "{{template ";
  append_quoted(out, invoke.name);
  if (invoke.pipe != nullptr) {
    out.push_back(' ');
    append_node(out, *invoke.pipe);
  }
  out += "}}";
}

void append_leaf(std::string& out, const Node& node) {
  switch (node.kind) {
    case NodeKind::text:
      out += static_cast<const TextNode&>(node).text;
      break;
    case NodeKind::dot:
      out.push_back('.');
      break;
    case NodeKind::nil:
      out += "nil";
      break;
    case NodeKind::boolean:
    case NodeKind::number:
    case NodeKind::string:
      out += static_cast<const LiteralNode&>(node).source;
      break;
    case NodeKind::field:
      append_fields(out, static_cast<const FieldNode&>(node).names);
      break;
    case NodeKind::variable:
      out += static_cast<const VariableNode&>(node).name;
      append_fields(out, static_cast<const VariableNode&>(node).fields);
      break;
    case NodeKind::function:
      out += static_cast<const FunctionNode&>(node).function->name;
      break;
    case NodeKind::break_loop:
      out += "{{break}}";
      break;
    case NodeKind::continue_loop:
      out += "{{continue}}";
      break;
    case NodeKind::end:
      out += "{{end}}";
      break;
    case NodeKind::otherwise:
      out += "{{else}}";
      break;
    default:
      break;
  }
}

}  // namespace

void append_node(std::string& out, const Node& node) {
  switch (node.kind) {
    case NodeKind::list:
      for (const Node* child : static_cast<const ListNode&>(node).nodes) append_node(out, *child);
      break;
    case NodeKind::action:
      out += "{{";
      append_pipe(out, *static_cast<const ActionNode&>(node).pipe);
      out += "}}";
      break;
    case NodeKind::if_branch:
      append_branch(out, "if", static_cast<const BranchNode&>(node));
      break;
    case NodeKind::with_branch:
      append_branch(out, "with", static_cast<const BranchNode&>(node));
      break;
    case NodeKind::range_branch:
      append_branch(out, "range", static_cast<const BranchNode&>(node));
      break;
    case NodeKind::invoke:
      append_invoke(out, static_cast<const InvokeNode&>(node));
      break;
    case NodeKind::pipe:
      append_pipe(out, static_cast<const PipeNode&>(node));
      break;
    case NodeKind::command: {
      const auto& args = static_cast<const CommandNode&>(node).args;
      for (std::size_t i = 0; i < args.size(); ++i) {
        if (i > 0) out.push_back(' ');
        append_operand(out, *args[i]);
      }
      break;
    }
    case NodeKind::chain:
      append_operand(out, *static_cast<const ChainNode&>(node).operand);
      append_fields(out, static_cast<const ChainNode&>(node).fields);
      break;
    default:
      append_leaf(out, node);
  }
}

std::string node_text(const Node& node) {
  std::string out;
  append_node(out, node);
  return out;
}

std::string location(const ParsedFile& file, const Node& node) {
  const std::string_view before = std::string_view(file.source()).substr(0, node.pos);
  const auto newline = before.rfind('\n');
  const std::size_t column =
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return file.name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace tiphys::gotmpl
