#include "gotmpl/complex.hpp"
#include "gotmpl/parser.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>

namespace tiphys::gotmpl {
namespace {

constexpr int kMaxParentheses = 10000;

bool starts_operand(TokenKind kind) {
  switch (kind) {
    case TokenKind::boolean:
    case TokenKind::char_constant:
    case TokenKind::complex:
    case TokenKind::dot:
    case TokenKind::field:
    case TokenKind::identifier:
    case TokenKind::number:
    case TokenKind::nil:
    case TokenKind::raw_string:
    case TokenKind::string:
    case TokenKind::variable:
    case TokenKind::left_paren:
      return true;
    default:
      return false;
  }
}

bool is_constant(NodeKind kind) {
  return kind == NodeKind::boolean || kind == NodeKind::dot || kind == NodeKind::nil ||
         kind == NodeKind::number || kind == NodeKind::string;
}

/// The Go value of a number whose type nothing dictates; nullopt when it overflows int.
std::optional<value::Value> ideal_constant(const Number& number, std::string_view text) {
  const bool character = text[0] == '\'';
  const bool hex_int = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
                       text.find_first_of("pP") == std::string_view::npos;
  if (number.is_float && !hex_int && !character &&
      text.find_first_of(".eEpP") != std::string_view::npos) {
    return value::Value(number.floating);
  }
  if (number.is_int) return value::Value(number.integer).as(value::GoType::i);
  return std::nullopt;
}

}  // namespace

const PipeNode* Parser::pipeline(std::string_view context, TokenKind end) {
  const std::uint32_t pos = peek_non_space().pos;
  std::vector<VariableNode*> variables;
  Scratch<const CommandNode*> commands;
  bool assigns = false;
  while (declaration(context, variables, assigns)) {
  }
  for (;;) {
    const Token token = next_non_space();
    if (token.kind == end) break;
    if (!starts_operand(token.kind)) unexpected(token, context);
    backup();
    commands.items().push_back(command());
  }
  check_pipeline(commands.span(), context);
  declare(variables, assigns, context);
  const std::vector<const VariableNode*> kept(variables.begin(), variables.end());
  return state_.file.make<PipeNode>(Node{NodeKind::pipe, pos}, assigns, state_.file.keep(kept),
                                    state_.file.keep(commands.span()));
}

/// One variable before := or =; true when another one may follow.
bool Parser::declaration(std::string_view context, std::vector<VariableNode*>& variables,
                         bool& assigns) {
  const Token token = peek_non_space();
  if (token.kind != TokenKind::variable) return false;
  next();
  // A blank is a token: "$x foo" needs it back to tell an argument from a declaration.
  const Token after = peek();
  const Token following = peek_non_space();
  if (following.kind == TokenKind::assign || following.kind == TokenKind::declare) {
    assigns = following.kind == TokenKind::assign;
    next_non_space();
    variables.push_back(variable(token, VariableNode::kUndefined));
    vars_.push_back(token.text);
    return false;
  }
  if (following.kind == TokenKind::character && following.text == ",") {
    next_non_space();
    variables.push_back(variable(token, VariableNode::kUndefined));
    vars_.push_back(token.text);
    if (context == "range" && variables.size() < 2) {
      const TokenKind kind = peek_non_space().kind;
      if (kind == TokenKind::variable || kind == TokenKind::right_delim ||
          kind == TokenKind::right_paren) {
        return true;
      }
      fail("range can only initialize variables");
    }
    fail("too many declarations in " + std::string(context));
  }
  if (after.kind == TokenKind::space) {
    backup3(token, after);
  } else {
    backup2(token);
  }
  return false;
}

/// The run-time effect of a pipeline's variables, after its commands ran.
void Parser::declare(const std::vector<VariableNode*>& variables, bool assigns,
                     std::string_view context) {
  for (VariableNode* node : variables) {
    if (assigns) {
      node->slot = slot_of(node->name_id);
      continue;
    }
    // Arguments of and/or may never run.
    if (context == "parenthesized pipeline") search_variables_ = true;
    node->slot = static_cast<std::uint32_t>(scope_.size());
    scope_.push_back(node->name_id);
  }
}

void Parser::check_pipeline(std::span<const CommandNode* const> commands,
                            std::string_view context) {
  if (commands.empty()) fail("missing value for " + std::string(context));
  for (std::size_t i = 1; i < commands.size(); ++i) {
    if (is_constant(commands[i]->args[0]->kind)) {
      fail("non executable command in pipeline stage " + std::to_string(i + 1));
    }
  }
}

const CommandNode* Parser::command() {
  const std::uint32_t pos = peek_non_space().pos;
  Scratch<const Node*> args;
  for (;;) {
    peek_non_space();
    if (const Node* node = operand()) args.items().push_back(node);
    const Token token = next();
    if (token.kind == TokenKind::space) continue;
    if (token.kind == TokenKind::right_delim || token.kind == TokenKind::right_paren) {
      backup();
    } else if (token.kind != TokenKind::pipe) {
      unexpected(token, "operand");
    }
    break;
  }
  if (args.items().empty()) fail("empty command");
  return state_.file.make<CommandNode>(Node{NodeKind::command, pos}, state_.file.keep(args.span()));
}

const Node* Parser::operand() {
  const Node* node = term();
  if (node == nullptr || peek().kind != TokenKind::field) return node;
  const std::uint32_t pos = peek().pos;
  Scratch<std::string_view> fields;
  if (node->kind == NodeKind::field) {
    const auto& names = static_cast<const FieldNode*>(node)->names;
    fields.items().assign(names.begin(), names.end());
  }
  while (peek().kind == TokenKind::field) fields.items().push_back(next().text.substr(1));
  if (node->kind == NodeKind::field) {
    return state_.file.make<FieldNode>(Node{NodeKind::field, pos}, state_.file.keep(fields.span()));
  }
  if (node->kind == NodeKind::variable) {
    auto* copy = state_.file.make<VariableNode>(*static_cast<const VariableNode*>(node));
    copy->pos = pos;
    copy->fields = state_.file.keep(fields.span());
    return copy;
  }
  if (is_constant(node->kind)) fail("unexpected . after term " + quote(node_text(*node)));
  return state_.file.make<ChainNode>(Node{NodeKind::chain, pos}, node,
                                     state_.file.keep(fields.span()));
}

const Node* Parser::term() {
  const Token token = next_non_space();
  switch (token.kind) {
    case TokenKind::identifier:
      return function(token);
    case TokenKind::dot:
      return state_.file.make<Node>(NodeKind::dot, token.pos);
    case TokenKind::nil:
      return state_.file.make<Node>(NodeKind::nil, token.pos);
    case TokenKind::variable:
      return use_variable(token);
    case TokenKind::field: {
      const std::string_view name = token.text.substr(1);
      return state_.file.make<FieldNode>(
          Node{NodeKind::field, token.pos},
          state_.file.keep(std::span<const std::string_view>(&name, 1)));
    }
    case TokenKind::boolean:
    case TokenKind::char_constant:
    case TokenKind::complex:
    case TokenKind::number:
      return literal(token);
    case TokenKind::left_paren:
      return parenthesised();
    case TokenKind::string:
    case TokenKind::raw_string:
      return string_literal(token);
    default:
      backup();
      return nullptr;
  }
}

const Node* Parser::function(const Token& token) {
  const BoundFunction* found = state_.file.functions->find(token.text);
  if (found == nullptr) fail("function " + quote(token.text) + " not defined");
  return state_.file.make<FunctionNode>(Node{NodeKind::function, token.pos}, found);
}

const Node* Parser::parenthesised() {
  if (paren_depth_ >= kMaxParentheses) fail("max expression depth exceeded");
  guard_stack();
  ++paren_depth_;
  const Node* node = pipeline("parenthesized pipeline", TokenKind::right_paren);
  --paren_depth_;
  return node;
}

const Node* Parser::literal(const Token& token) {
  if (token.kind == TokenKind::boolean) {
    const value::Value* constant = &state_.file.values.emplace_back(token.text == "true");
    return state_.file.make<LiteralNode>(Node{NodeKind::boolean, token.pos}, token.text, constant,
                                         nullptr);
  }
  NumberToken form = NumberToken::number;
  if (token.kind == TokenKind::complex) form = NumberToken::complex;
  if (token.kind == TokenKind::char_constant) form = NumberToken::character;
  std::string error;
  const auto number = parse_number(token.text, form, error);
  if (!number) fail(error);
  const value::Value* constant = nullptr;
  if (number->is_complex) {
    constant = &state_.file.values.emplace_back(complex_value(number->complex));
  } else if (auto ideal = ideal_constant(*number, token.text)) {
    constant = &state_.file.values.emplace_back(std::move(*ideal));
  }
  return state_.file.make<LiteralNode>(Node{NodeKind::number, token.pos}, token.text, constant,
                                       state_.file.make<Number>(*number));
}

const Node* Parser::string_literal(const Token& token) {
  auto text = unquote(token.text);
  if (!text) fail("invalid syntax");
  const value::Value* constant = &state_.file.values.emplace_back(std::move(*text));
  return state_.file.make<LiteralNode>(Node{NodeKind::string, token.pos}, token.text, constant,
                                       nullptr);
}

VariableNode* Parser::variable(const Token& token, std::uint32_t slot) {
  return state_.file.make<VariableNode>(Node{NodeKind::variable, token.pos}, token.text,
                                        state_.name_id(token.text), slot,
                                        std::span<const std::string_view>());
}

const Node* Parser::use_variable(const Token& token) {
  if (std::find(vars_.begin(), vars_.end(), token.text) == vars_.end()) {
    fail("undefined variable " + quote(token.text));
  }
  return variable(token, slot_of(state_.name_id(token.text)));
}

std::uint32_t Parser::slot_of(std::uint32_t name_id) const {
  for (std::size_t i = scope_.size(); i-- > 0;) {
    if (scope_[i] == name_id) return static_cast<std::uint32_t>(i);
  }
  return VariableNode::kUndefined;
}

}  // namespace tiphys::gotmpl
