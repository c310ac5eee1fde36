#include "helm/ignore.hpp"

#include "helm/text.hpp"

#include "tiphys/text/glob.hpp"

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

bool IgnoreRules::Rule::matches(std::string_view path) const {
  const auto matched = text::path_match(pattern, whole_path ? path : base_name(path));
  return matched.ok() && *matched;
}

Status IgnoreRules::add(std::string_view line) {
  line = trim_space(line);
  if (line.empty() || line.front() == '#') return {};
  if (line.contains("**")) return Error(Code::Invalid, "double-star (**) syntax is not supported");
  TRY(text::path_match(line, "abc"));
  Rule rule;
  if (line.starts_with('!')) {
    rule.negate = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.directories_only = true;
    line.remove_suffix(1);
  }
  if (line.starts_with('/')) {
    rule.whole_path = true;
    line.remove_prefix(1);
  } else {
    rule.whole_path = line.contains('/');
  }
  rule.pattern = line;
  rules_.push_back(std::move(rule));
  return {};
}

Result<IgnoreRules> IgnoreRules::parse(std::string_view text) {
  IgnoreRules rules;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    TRY(rules.add(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  TRY(rules.add("templates/.?*"));
  return rules;
}

bool IgnoreRules::ignores(std::string_view path, EntryKind kind) const {
  for (const Rule& rule : rules_) {
    const bool wrong_kind = rule.directories_only && kind == EntryKind::file;
    if (rule.negate) {
      if (wrong_kind || !rule.matches(path)) return true;
    } else if (!wrong_kind && rule.matches(path)) {
      return true;
    }
  }
  return false;
}

}  // namespace tiphys::helm
