#pragma once

#include "gotmpl/lexer.hpp"
#include "gotmpl/parsed_file.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::gotmpl {

/// Thrown inside the parser only; parse_file() turns it into an Error.
struct ParseAbort {
  std::string message;
};

/// What all trees of one text share: the input, the templates found so far, interned variable
/// names.
struct ParseState {
  ParsedFile& file;
  Lexer lexer;
  const char* stack_base;
  std::unordered_map<std::string_view, Program> trees{};
  std::vector<std::string_view> variable_names{"$"};

  std::uint32_t name_id(std::string_view name);
};

/// Recursive descent over one template's body, after Go's parse.Tree.
class Parser {
 public:
  explicit Parser(ParseState& state) : state_(state) {}

  /// The whole text: its own body becomes the template `name`.
  void parse_file(std::string_view name);

 private:
  // tokens
  Token next();
  Token next_non_space();
  Token peek();
  Token peek_non_space();
  void backup() { ++peek_count_; }
  void backup2(Token first);
  void backup3(Token second, Token first);
  Token expect(TokenKind kind, std::string_view context);
  [[noreturn]] void fail(const std::string& message);
  [[noreturn]] void unexpected(const Token& token, std::string_view context);
  void guard_stack();

  // templates
  void parse_definition();
  void add(std::string_view name, const ListNode* root);
  std::string_view template_name(const Token& token, std::string_view context);

  // statements
  struct Items {
    const ListNode* list;
    const Node* terminator;
  };
  Items item_list();
  const Node* text_or_action();
  const Node* action();
  const Node* loop_control(const Token& token, NodeKind kind, std::string_view text);
  const Node* branch(NodeKind kind, std::string_view context);
  const ListNode* else_list(NodeKind kind, const Node* terminator);
  const Node* else_control();
  const Node* block_control();
  const Node* template_control();
  const ListNode* make_list(std::uint32_t pos, const std::vector<const Node*>& nodes);

  // pipelines
  const PipeNode* pipeline(std::string_view context, TokenKind end);
  bool declaration(std::string_view context, std::vector<VariableNode*>& variables, bool& assigns);
  void declare(const std::vector<VariableNode*>& variables, bool assigns, std::string_view context);
  void check_pipeline(std::span<const CommandNode* const> commands, std::string_view context);
  const CommandNode* command();
  const Node* operand();
  const Node* term();
  const Node* literal(const Token& token);
  const Node* string_literal(const Token& token);
  const Node* parenthesised();
  const Node* function(const Token& token);

  // variables
  VariableNode* variable(const Token& token, std::uint32_t slot);
  const Node* use_variable(const Token& token);
  std::uint32_t slot_of(std::uint32_t name_id) const;

  ParseState& state_;
  std::array<Token, 3> tokens_{};
  int peek_count_ = 0;
  std::vector<std::string_view> vars_{"$"};  ///< what the parser lets a template mention
  std::vector<std::uint32_t> scope_{0};      ///< the run-time stack of names at this point
  bool search_variables_ = false;
  std::uint32_t action_line_ = 0;
  int range_depth_ = 0;
  int paren_depth_ = 0;
};

}  // namespace tiphys::gotmpl
