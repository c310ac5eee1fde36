#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tiphys::value {

namespace {

using base::Result;

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool only_comments(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    if (!line.empty() && line.front() != '#') return false;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

}  // namespace

Result<std::vector<YamlDocument>> split_documents(std::string_view text) {
  std::vector<YamlDocument> documents;
  std::size_t start = 0;
  int start_line = 1;
  int line_number = 1;
  const auto add = [&](std::size_t end) {
    const std::string_view document = text.substr(start, end - start);
    documents.push_back({.text = document, .line = start_line, .empty = only_comments(document)});
  };
  for (std::size_t at = 0; at < text.size(); ++line_number) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t next = newline == std::string_view::npos ? text.size() : newline + 1;
    const std::string_view line = text.substr(at, next - at);
    if (line.starts_with("---")) {
      const std::string_view rest = trim(line.substr(3));
      if (!rest.empty() && rest.front() != '#')
        return base::Error(base::Code::Invalid,
                           fmt::format("invalid Yaml document separator: {}", rest))
            .at({.file = "", .line = line_number, .column = 4});
      if (at != 0) add(at);  // a separator on the first line opens the first document
      start = next;
      start_line = line_number + 1;
    }
    at = next;
  }
  if (start < text.size() || (!text.empty() && documents.empty())) add(text.size());
  return documents;
}

Result<std::vector<Value>> parse_yaml_stream(std::string_view text, const YamlOptions& options) {
  TRY_ASSIGN(const std::vector<YamlDocument> documents, split_documents(text));
  std::vector<Value> values;
  for (const YamlDocument& document : documents) {
    if (document.empty) continue;
    TRY_ASSIGN(Value value, parse_yaml(document.text, options)
                                .context(fmt::format("document at line {}", document.line)));
    if (!value.is_null()) values.push_back(std::move(value));
  }
  return values;
}

}  // namespace tiphys::value
