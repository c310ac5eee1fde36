#include "tiphys/value/patch.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace tiphys::value {

namespace {

using base::Code;
using base::Error;

/// An array index without sign or leading zeros.
std::optional<std::size_t> index_of(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token[0] == '0')) return std::nullopt;
  std::size_t index = 0;
  const char* const end = token.data() + token.size();
  const auto parsed = std::from_chars(end - token.size(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return index;
}

const Value* child(const Value& parent, const std::string& token) {
  if (parent.is_map()) return parent.map().find(token);
  if (!parent.is_list()) return nullptr;
  const auto index = index_of(token);
  return index && *index < parent.list().size() ? &parent.list()[*index] : nullptr;
}

Error not_found(std::string_view pointer) {
  return {Code::NotFound, fmt::format("JSON pointer {} names nothing", pointer)};
}

/// The parent of what the tokens name.
Value* parent_of(Value& tree, const std::vector<std::string>& tokens) {
  Value* here = &tree;
  for (std::size_t i = 0; i + 1 < tokens.size() && here != nullptr; ++i)
    here = const_cast<Value*>(child(*here, tokens[i]));  // NOLINT: tree itself is not const
  return here;
}

}  // namespace

base::Result<std::vector<std::string>> parse_pointer(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (pointer.empty()) return tokens;
  if (pointer.front() != '/')
    return Error(Code::Invalid, fmt::format("JSON pointer {} does not start with /", pointer));
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      tokens.emplace_back();
    } else if (c != '~') {
      tokens.back() += c;
    } else {
      const char escape = i + 1 < pointer.size() ? pointer[++i] : '\0';
      if (escape != '0' && escape != '1')
        return Error(Code::Invalid,
                     fmt::format("JSON pointer {} has a ~ without 0 or 1 behind it", pointer));
      tokens.back() += escape == '0' ? '~' : '/';
    }
  }
  return tokens;
}

std::string escape_pointer_token(std::string_view token) {
  std::string out;
  for (const char c : token) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

const Value* pointer_get(const Value& tree, std::string_view pointer) {
  const auto tokens = parse_pointer(pointer);
  if (!tokens.ok()) return nullptr;
  const Value* here = &tree;
  for (const std::string& token : *tokens) {
    here = child(*here, token);
    if (here == nullptr) return nullptr;
  }
  return here;
}

base::Status pointer_set(Value& tree, std::string_view pointer, Value value) {
  TRY_ASSIGN(const std::vector<std::string> tokens, parse_pointer(pointer));
  if (tokens.empty()) {
    tree = std::move(value);
    return {};
  }
  Value* const parent = parent_of(tree, tokens);
  if (parent != nullptr && parent->is_map()) {
    parent->map().set(tokens.back(), std::move(value));
    return {};
  }
  if (parent == nullptr || !parent->is_list()) return not_found(pointer);
  List& list = parent->list();
  const auto index = tokens.back() == "-" ? list.size() : index_of(tokens.back());
  if (!index || *index > list.size()) return not_found(pointer);
  if (*index == list.size())
    list.push_back(std::move(value));
  else
    list[*index] = std::move(value);
  return {};
}

base::Status pointer_remove(Value& tree, std::string_view pointer) {
  TRY_ASSIGN(const std::vector<std::string> tokens, parse_pointer(pointer));
  if (tokens.empty())
    return Error(Code::Invalid, "JSON pointer names the whole document, which can't be removed");
  Value* const parent = parent_of(tree, tokens);
  if (parent == nullptr) return not_found(pointer);
  if (parent->is_map()) {
    if (!parent->map().erase(tokens.back())) return not_found(pointer);
    return {};
  }
  if (!parent->is_list()) return not_found(pointer);
  const auto index = index_of(tokens.back());
  if (!index || *index >= parent->list().size()) return not_found(pointer);
  parent->list().erase(parent->list().begin() + static_cast<std::ptrdiff_t>(*index));
  return {};
}

}  // namespace tiphys::value
