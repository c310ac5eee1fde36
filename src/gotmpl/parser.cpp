#include "gotmpl/parser.hpp"

#include "gotmpl/stack_guard.hpp"
#include "gotmpl/unicode.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <algorithm>

namespace tiphys::gotmpl {
namespace {

constexpr std::size_t kMaxStack = std::size_t{5} << 20U;

/// unicode.IsSpace.
bool is_space(char32_t rune) {
  return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xa0 ||
         rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 || rune == 0x2029 ||
         rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const Decoded rune = decode_rune(text);
    if (!is_space(rune.rune)) return false;
    text.remove_prefix(rune.size);
  }
  return true;
}

bool is_empty(const ListNode& list) {
  return std::all_of(list.nodes.begin(), list.nodes.end(), [](const Node* node) {
    return node->kind == NodeKind::text && is_blank(static_cast<const TextNode*>(node)->text);
  });
}

bool ends_list(const Node* node) {
  return node->kind == NodeKind::end || node->kind == NodeKind::otherwise;
}

}  // namespace

std::uint32_t ParseState::name_id(std::string_view name) {
  const auto it = std::find(variable_names.begin(), variable_names.end(), name);
  if (it == variable_names.end()) {
    variable_names.push_back(name);
    return static_cast<std::uint32_t>(variable_names.size() - 1);
  }
  return static_cast<std::uint32_t>(it - variable_names.begin());
}

Token Parser::next() {
  if (peek_count_ > 0) {
    --peek_count_;
  } else {
    tokens_[0] = state_.lexer.next();
  }
  return tokens_[static_cast<std::size_t>(peek_count_)];
}

Token Parser::next_non_space() {
  Token token = next();
  while (token.kind == TokenKind::space) token = next();
  return token;
}

Token Parser::peek() {
  if (peek_count_ > 0) return tokens_[static_cast<std::size_t>(peek_count_ - 1)];
  peek_count_ = 1;
  tokens_[0] = state_.lexer.next();
  return tokens_[0];
}

Token Parser::peek_non_space() {
  const Token token = next_non_space();
  backup();
  return token;
}

void Parser::backup2(Token first) {
  tokens_[1] = first;
  peek_count_ = 2;
}

void Parser::backup3(Token second, Token first) {
  tokens_[1] = first;
  tokens_[2] = second;
  peek_count_ = 3;
}

Token Parser::expect(TokenKind kind, std::string_view context) {
  const Token token = next_non_space();
  if (token.kind != kind) unexpected(token, context);
  return token;
}

void Parser::fail(const std::string& message) {
  throw ParseAbort{"template: " + state_.file.name + ":" + std::to_string(tokens_[0].line) + ": " +
                   message};
}

void Parser::unexpected(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::error) {
    fail("unexpected " + token_text(token) + " in " + std::string(context));
  }
  std::string extra;
  if (action_line_ != 0 && action_line_ != token.line) {
    // "unclosed action" already says action.
    extra = token.text.ends_with(" action") ? " started at " : " in action started at ";
    extra += state_.file.name + ":" + std::to_string(action_line_);
  }
  fail(std::string(token.text) + extra);
}

void Parser::guard_stack() {
  if (stack_used(state_.stack_base, stack_pointer()) > kMaxStack) {
    fail("max expression depth exceeded");
  }
}

void Parser::parse_file(std::string_view name) {
  std::vector<const Node*> nodes;
  const std::uint32_t start = peek().pos;
  while (peek().kind != TokenKind::eof) {
    if (peek().kind == TokenKind::left_delim) {
      const Token delim = next();
      if (next_non_space().kind == TokenKind::define) {
        Parser(state_).parse_definition();
        continue;
      }
      backup2(delim);
    }
    const Node* node = text_or_action();
    if (ends_list(node)) fail("unexpected " + node_text(*node));
    nodes.push_back(node);
  }
  add(name, make_list(start, nodes));
}

void Parser::parse_definition() {
  constexpr std::string_view kContext = "define clause";
  const Token token = next_non_space();
  const std::string_view name = template_name(token, kContext);
  expect(TokenKind::right_delim, kContext);
  const Items items = item_list();
  if (items.terminator->kind != NodeKind::end) {
    fail("unexpected " + node_text(*items.terminator) + " in " + std::string(kContext));
  }
  add(name, items.list);
}

std::string_view Parser::template_name(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::string && token.kind != TokenKind::raw_string) {
    unexpected(token, context);
  }
  auto name = unquote(token.text);
  if (!name) fail("invalid syntax");
  return state_.file.strings.emplace_back(std::move(*name));
}

void Parser::add(std::string_view name, const ListNode* root) {
  const Program program{name, &state_.file, root, is_empty(*root), search_variables_};
  const auto [it, inserted] = state_.trees.try_emplace(name, program);
  if (inserted) return;
  if (it->second.empty) {
    it->second = program;
  } else if (!program.empty) {
    fail("template: multiple definition of template " + quote(name));
  }
}

const ListNode* Parser::make_list(std::uint32_t pos, const std::vector<const Node*>& nodes) {
  return state_.file.make<ListNode>(Node{NodeKind::list, pos}, state_.file.keep(nodes));
}

Parser::Items Parser::item_list() {
  guard_stack();
  std::vector<const Node*> nodes;
  const std::uint32_t start = peek_non_space().pos;
  while (peek_non_space().kind != TokenKind::eof) {
    const Node* node = text_or_action();
    if (ends_list(node)) return {make_list(start, nodes), node};
    nodes.push_back(node);
  }
  fail("unexpected EOF");
}

const Node* Parser::text_or_action() {
  const Token token = next_non_space();
  if (token.kind == TokenKind::text) {
    return state_.file.make<TextNode>(Node{NodeKind::text, token.pos}, token.text);
  }
  if (token.kind != TokenKind::left_delim) unexpected(token, "input");
  action_line_ = token.line;
  const Node* node = action();
  action_line_ = 0;
  return node;
}

const Node* Parser::action() {
  const Token token = next_non_space();
  switch (token.kind) {
    case TokenKind::block:
      return block_control();
    case TokenKind::break_loop:
      return loop_control(token, NodeKind::break_loop, "{{break}}");
    case TokenKind::continue_loop:
      return loop_control(token, NodeKind::continue_loop, "{{continue}}");
    case TokenKind::otherwise:
      return else_control();
    case TokenKind::end:
      return state_.file.make<Node>(NodeKind::end, expect(TokenKind::right_delim, "end").pos);
    case TokenKind::if_branch:
      return branch(NodeKind::if_branch, "if");
    case TokenKind::range:
      return branch(NodeKind::range_branch, "range");
    case TokenKind::invoke:
      return template_control();
    case TokenKind::with:
      return branch(NodeKind::with_branch, "with");
    default:
      backup();
      const std::uint32_t pos = peek().pos;
      return state_.file.make<ActionNode>(Node{NodeKind::action, pos},
                                          pipeline("command", TokenKind::right_delim));
  }
}

const Node* Parser::loop_control(const Token& token, NodeKind kind, std::string_view text) {
  const Token after = next_non_space();
  if (after.kind != TokenKind::right_delim) unexpected(after, text);
  if (range_depth_ == 0) fail(std::string(text) + " outside {{range}}");
  return state_.file.make<Node>(kind, token.pos);
}

const Node* Parser::branch(NodeKind kind, std::string_view context) {
  const std::size_t vars = vars_.size();
  const std::size_t scope = scope_.size();
  const PipeNode* pipe = pipeline(context, TokenKind::right_delim);
  const std::size_t scope_after_pipe = scope_.size();
  if (kind == NodeKind::range_branch) ++range_depth_;
  const Items items = item_list();
  if (kind == NodeKind::range_branch) --range_depth_;
  // At run time the body's variables are gone when the else branch runs; Go's parser keeps them.
  scope_.resize(scope_after_pipe);
  const ListNode* otherwise = nullptr;
  if (items.terminator->kind == NodeKind::otherwise) otherwise = else_list(kind, items.terminator);
  vars_.resize(vars);
  scope_.resize(scope);
  return state_.file.make<BranchNode>(Node{kind, pipe->pos}, pipe, items.list, otherwise);
}

const ListNode* Parser::else_list(NodeKind kind, const Node* terminator) {
  const TokenKind following = peek().kind;
  const bool else_if = kind == NodeKind::if_branch && following == TokenKind::if_branch;
  const bool else_with = kind == NodeKind::with_branch && following == TokenKind::with;
  if (else_if || else_with) {
    guard_stack();
    next();
    return make_list(terminator->pos, {branch(kind, else_if ? "if" : "with")});
  }
  const Items items = item_list();
  if (items.terminator->kind != NodeKind::end) {
    fail("expected end; found " + node_text(*items.terminator));
  }
  return items.list;
}

const Node* Parser::else_control() {
  const Token token = peek_non_space();
  if (token.kind == TokenKind::if_branch || token.kind == TokenKind::with) {
    return state_.file.make<Node>(NodeKind::otherwise, token.pos);
  }
  return state_.file.make<Node>(NodeKind::otherwise, expect(TokenKind::right_delim, "else").pos);
}

const Node* Parser::block_control() {
  constexpr std::string_view kContext = "block clause";
  const Token token = next_non_space();
  const std::string_view name = template_name(token, kContext);
  const PipeNode* pipe = pipeline(kContext, TokenKind::right_delim);
  Parser block(state_);
  const Items items = block.item_list();
  if (items.terminator->kind != NodeKind::end) {
    fail("unexpected " + node_text(*items.terminator) + " in " + std::string(kContext));
  }
  block.add(name, items.list);
  return state_.file.make<InvokeNode>(Node{NodeKind::invoke, token.pos}, name, pipe);
}

const Node* Parser::template_control() {
  constexpr std::string_view kContext = "template clause";
  const Token token = next_non_space();
  const std::string_view name = template_name(token, kContext);
  const PipeNode* pipe = nullptr;
  if (next_non_space().kind != TokenKind::right_delim) {
    backup();
    pipe = pipeline(kContext, TokenKind::right_delim);
  }
  return state_.file.make<InvokeNode>(Node{NodeKind::invoke, token.pos}, name, pipe);
}

base::Result<std::shared_ptr<const ParsedFile>> parse_file(
    std::string_view name, std::string_view text, std::shared_ptr<const FunctionTable> functions) {
  constexpr std::size_t kMaxText = std::size_t{1} << 31U;
  if (text.size() >= kMaxText) {
    return base::Error(base::Code::ResourceExhausted,
                       "template: " + std::string(name) + ": text over the limit of 2 GiB");
  }
  auto file = std::make_shared<ParsedFile>();
  file->name = name;
  file->text = text;
  file->functions = std::move(functions);
  const FunctionTable& table = *file->functions;
  ParseState state{
      .file = *file,
      .lexer = Lexer(file->text, table.find("break") != nullptr, table.find("continue") != nullptr),
      .stack_base = stack_pointer()};
  try {
    Parser(state).parse_file(file->name);
  } catch (ParseAbort& abort) {
    return base::Error(base::Code::Invalid, std::move(abort.message));
  }
  file->programs.push_back(state.trees.at(file->name));
  for (const auto& [key, program] : state.trees) {
    if (key != file->name) file->programs.push_back(program);
  }
  return std::shared_ptr<const ParsedFile>(std::move(file));
}

std::shared_ptr<const ParsedFile> renamed(const std::shared_ptr<const ParsedFile>& file,
                                          std::string_view name) {
  if (file->source().contains(file->name) || file->source().contains(name)) return nullptr;
  auto out = std::make_shared<ParsedFile>();
  out->name = name;
  out->functions = file->functions;
  out->origin = file->origin == nullptr ? file : file->origin;
  for (Program program : file->programs) {
    program.file = out.get();
    if (out->programs.empty()) program.name = out->name;
    out->programs.push_back(program);
  }
  return out;
}

std::string_view text_of(const ParsedFile& file) { return file.source(); }

std::vector<std::string_view> defined_names(const ParsedFile& file) {
  std::vector<std::string_view> names;
  names.reserve(file.programs.size());
  for (const Program& program : file.programs) names.push_back(program.name);
  return names;
}

}  // namespace tiphys::gotmpl
