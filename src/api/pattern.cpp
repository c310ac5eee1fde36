#include "api/pattern.hpp"

#include "tiphys/text/glob.hpp"

namespace tiphys::api {

namespace {

bool compiled_match(std::string_view pattern, std::string_view text, std::string_view separators) {
  const auto glob = text::Glob::compile(pattern, separators);
  return glob.ok() && glob->match(text);
}

}  // namespace

bool plain_match(std::string_view pattern, std::string_view text, std::string_view separators) {
  return pattern == "*" || compiled_match(pattern, text, separators);
}

bool glob_match(std::string_view pattern, std::string_view text, std::string_view separators) {
  if (denies(pattern)) return !compiled_match(pattern.substr(1), text, separators);
  return plain_match(pattern, text, separators);
}

}  // namespace tiphys::api
