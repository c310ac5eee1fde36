#include "tiphys/text/glob.hpp"

#include <re2/re2.h>

#include <string>
#include <vector>

namespace tiphys::text {

namespace {

// A pattern with more alternatives than this is hostile.
constexpr std::size_t kMaxAlternatives = 1000;

base::Error bad_pattern() { return {base::Code::Invalid, "syntax error in pattern"}; }

std::size_t skip_class(std::string_view pattern, std::size_t at) {
  for (++at; at < pattern.size() && pattern[at] != ']'; ++at)
    if (pattern[at] == '\\') ++at;
  return at;
}

/// Writes out {a,b}: every pattern without braces that the pattern stands for. False: broken.
bool expand(std::string_view pattern, std::vector<std::string>& out) {
  std::size_t open = 0;
  for (; open < pattern.size() && pattern[open] != '{'; ++open) {
    if (pattern[open] == '\\')
      ++open;
    else if (pattern[open] == '[')
      open = skip_class(pattern, open);
  }
  if (open >= pattern.size()) {
    out.emplace_back(pattern);
    return out.size() <= kMaxAlternatives;
  }
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  std::size_t start = open + 1;
  std::size_t close = open;
  for (; close < pattern.size(); ++close) {
    const char c = pattern[close];
    if (c == '\\') {
      ++close;
    } else if (c == '[') {
      close = skip_class(pattern, close);
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      break;
    } else if (c == ',' && depth == 1) {
      parts.push_back(pattern.substr(start, close - start));
      start = close + 1;
    }
  }
  if (close >= pattern.size()) return false;
  parts.push_back(pattern.substr(start, close - start));
  for (const std::string_view part : parts) {
    std::string one(pattern.substr(0, open));
    one += part;
    one += pattern.substr(close + 1);
    if (!expand(one, out)) return false;
  }
  return true;
}

std::string quoted(char c) {
  return static_cast<unsigned char>(c) >= 0x80 ? std::string(1, c)
                                               : RE2::QuoteMeta(std::string(1, c));
}

/// After `[`. A class never matches a slash.
bool translate_class(std::string_view& rest, std::string& out) {
  const bool negated = rest.starts_with('^') || rest.starts_with('!');
  if (negated) rest.remove_prefix(1);
  std::string body;
  bool first = true;
  while (!rest.empty() && (first || rest.front() != ']')) {
    char c = rest.front();
    if (first && c == ']') return false;
    rest.remove_prefix(1);
    if (c == '-') {  // at an edge it stands for itself
      body += first || rest.starts_with(']') ? "\\-" : "-";
      first = false;
      continue;
    }
    first = false;
    if (c == '\\') {
      if (rest.empty()) return false;
      c = rest.front();
      rest.remove_prefix(1);
    }
    body += quoted(c);
  }
  if (rest.empty()) return false;
  rest.remove_prefix(1);
  out += negated ? "[^/" + body + "]" : "[" + body + "]";
  return true;
}

bool translate_segment(std::string_view rest, std::string& out) {
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '*') {
      out += "[^/]*";
    } else if (c == '?') {
      out += "[^/]";
    } else if (c == '[') {
      if (!translate_class(rest, out)) return false;
    } else if (c == '\\') {
      if (rest.empty()) return false;
      out += quoted(rest.front());
      rest.remove_prefix(1);
    } else {
      out += quoted(c);
    }
  }
  return true;
}

/// Segments between slashes; `**` alone in one stands for any number of them.
bool translate(std::string_view pattern, std::string& out) {
  bool after_slash = true;  // nothing is needed before the next segment
  while (true) {
    const std::size_t slash = pattern.find('/');
    const std::string_view segment = pattern.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    if (segment == "**") {
      if (last) {
        out += after_slash ? ".*" : "(?:/.*)?";
      } else {
        if (!after_slash) out += '/';
        out += "(?:[^/]*/)*";
        after_slash = true;
      }
    } else {
      if (!after_slash) out += '/';
      if (!translate_segment(segment, out)) return false;
      after_slash = false;
    }
    if (last) return true;
    pattern.remove_prefix(slash + 1);
  }
}

}  // namespace

base::Result<bool> doublestar_match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> alternatives;
  if (!expand(pattern, alternatives)) return bad_pattern();
  RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  bool matched = false;
  for (const std::string& alternative : alternatives) {
    std::string expression;
    if (!translate(alternative, expression)) return bad_pattern();
    const RE2 regex(expression, options);
    if (!regex.ok()) return bad_pattern();
    matched = matched || RE2::FullMatch(re2::StringPiece(path.data(), path.size()), regex);
  }
  return matched;
}

}  // namespace tiphys::text
