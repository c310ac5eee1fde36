#include "tiphys/text/glob.hpp"

#include <cstdint>
#include <string>

namespace tiphys::text {

namespace {

base::Error bad_pattern() { return {base::Code::Invalid, "syntax error in pattern"}; }

struct Chunk {
  bool star = false;
  std::string_view text;
  std::string_view rest;
};

/// Leading stars, then everything up to the next star outside of a class.
Chunk scan_chunk(std::string_view pattern) {
  Chunk out;
  while (pattern.starts_with('*')) {
    out.star = true;
    pattern.remove_prefix(1);
  }
  bool in_class = false;
  std::size_t i = 0;
  for (; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size())
      ++i;
    else if (c == '[')
      in_class = true;
    else if (c == ']')
      in_class = false;
    else if (c == '*' && !in_class)
      break;
  }
  out.text = pattern.substr(0, i);
  out.rest = pattern.substr(i);
  return out;
}

/// Bytes of the rune that starts text (invalid bytes count as one rune each).
std::size_t rune_size(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t want = lead < 0xC0 ? 1U : (lead < 0xE0 ? 2U : (lead < 0xF0 ? 3U : 4U));
  for (std::size_t i = 1; i < want; ++i)
    if (i >= text.size() || (static_cast<std::uint8_t>(text[i]) & 0xC0U) != 0x80U) return 1;
  return want;
}

enum class Outcome : unsigned char { match, miss, bad };

/// One end of a class range; UTF-8 sorts as its code points do, so texts are compared.
bool class_end(std::string_view& chunk, std::string_view& out) {
  if (chunk.empty() || chunk[0] == '-' || chunk[0] == ']') return false;
  if (chunk[0] == '\\') {
    chunk.remove_prefix(1);
    if (chunk.empty()) return false;
  }
  const std::size_t size = rune_size(chunk);
  out = chunk.substr(0, size);
  chunk.remove_prefix(size);
  return !chunk.empty();
}

/// After `[`; consumes the class and one rune of name.
Outcome match_class(std::string_view& chunk, std::string_view& name, bool failed) {
  std::string_view rune;
  if (!failed) {
    rune = name.substr(0, rune_size(name));
    name.remove_prefix(rune.size());
  }
  const bool negated = chunk.starts_with('^');
  if (negated) chunk.remove_prefix(1);
  bool matched = false;
  for (int ranges = 0;; ++ranges) {
    if (chunk.starts_with(']') && ranges > 0) {
      chunk.remove_prefix(1);
      break;
    }
    std::string_view low;
    if (!class_end(chunk, low)) return Outcome::bad;
    std::string_view high = low;
    if (chunk[0] == '-') {
      chunk.remove_prefix(1);
      if (!class_end(chunk, high)) return Outcome::bad;
    }
    matched = matched || (low <= rune && rune <= high);
  }
  return matched != negated ? Outcome::match : Outcome::miss;
}

/// Matches chunk at the start of name and cuts it off. A miss still reads on: for bad patterns.
Outcome match_chunk(std::string_view chunk, std::string_view& name) {
  bool failed = false;
  while (!chunk.empty()) {
    failed = failed || name.empty();
    const char c = chunk[0];
    if (c == '[') {
      chunk.remove_prefix(1);
      const Outcome outcome = match_class(chunk, name, failed);
      if (outcome == Outcome::bad) return outcome;
      failed = failed || outcome == Outcome::miss;
      continue;
    }
    if (c == '?') {
      chunk.remove_prefix(1);
      if (failed) continue;
      failed = name[0] == '/';
      name.remove_prefix(rune_size(name));
      continue;
    }
    if (c == '\\') {
      chunk.remove_prefix(1);
      if (chunk.empty()) return Outcome::bad;
    }
    if (!failed) {
      failed = chunk[0] != name[0];
      name.remove_prefix(1);
    }
    chunk.remove_prefix(1);
  }
  return failed ? Outcome::miss : Outcome::match;
}

}  // namespace

base::Result<bool> path_match(std::string_view pattern, std::string_view name) {
  while (!pattern.empty()) {
    const Chunk chunk = scan_chunk(pattern);
    pattern = chunk.rest;
    if (chunk.star && chunk.text.empty()) return name.find('/') == std::string_view::npos;
    std::string_view rest = name;
    Outcome outcome = match_chunk(chunk.text, rest);
    if (outcome == Outcome::bad) return bad_pattern();
    bool matched = outcome == Outcome::match && (rest.empty() || !pattern.empty());
    for (std::size_t i = 0; chunk.star && !matched && i < name.size() && name[i] != '/'; ++i) {
      rest = name.substr(i + 1);
      outcome = match_chunk(chunk.text, rest);
      if (outcome == Outcome::bad) return bad_pattern();
      matched = outcome == Outcome::match && (!pattern.empty() || rest.empty());
    }
    if (!matched) return false;
    name = rest;
  }
  return name.empty();
}

}  // namespace tiphys::text
