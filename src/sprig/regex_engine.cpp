#include "sprig/runes.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tiphys::sprig {
namespace {

std::string_view error_name(re2::RE2::ErrorCode code) {
  using re2::RE2;
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "regexp/syntax: internal error";
  }
}

/// Go also knows (?<name>...), this RE2 only (?P<name>...).
std::string with_named_groups(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      out.append(pattern.substr(i++, 2));
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (!in_class && pattern.substr(i).starts_with("(?<") && i + 3 < pattern.size() &&
        pattern[i + 3] != '=' && pattern[i + 3] != '!') {
      out.append("(?P<");
      i += 2;
      continue;
    }
    out.push_back(c);
  }
  return out;
}

/// The part of an expression that the error shows: RE2 leaves it out where bytes are no UTF-8.
std::string shown(const re2::RE2& regex, std::string_view pattern) {
  if (regex.error_code() != re2::RE2::ErrorBadUTF8) return regex.error_arg();
  while (!pattern.empty()) {
    const Rune rune = decode_rune(pattern);
    if (rune.code == kRuneError && rune.size == 1) break;
    pattern.remove_prefix(rune.size);
  }
  return std::string(pattern);
}

base::Result<std::shared_ptr<const Regex>> make(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_unique<re2::RE2>(with_named_groups(pattern), options);
  if (!regex->ok())
    return base::Error(base::Code::Invalid,
                       "error parsing regexp: " + std::string(error_name(regex->error_code())) +
                           ": `" + shown(*regex, pattern) + "`");
  return std::shared_ptr<const Regex>(std::make_shared<Regex>(std::move(regex)));
}

/// How far the search goes on after a match that ended where it was searched from.
std::size_t width_at(std::string_view text, std::size_t at) {
  return at < text.size() ? decode_rune(text.substr(at)).size : 0;
}

/// One `$` reference: its name and how much of the template it took.
struct Reference {
  std::string_view name;
  std::size_t size = 0;  ///< 0: not a reference
};

Reference reference_at(std::string_view rest) {
  const bool brace = rest.size() > 1 && rest[1] == '{';
  const std::size_t start = brace ? 2 : 1;
  std::size_t end = start;
  while (end < rest.size()) {
    const Rune rune = decode_rune(rest.substr(end));
    if (!is_letter(rune.code) && !is_digit(rune.code) && rune.code != '_') break;
    end += rune.size;
  }
  if (end == start) return {};
  if (brace && (end >= rest.size() || rest[end] != '}')) return {};
  return {rest.substr(start, end - start), end + (brace ? 1 : 0)};
}

/// The number of a group reference, -1 for a name.
int group_number(std::string_view name) {
  int number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9' || number >= 100'000'000) return -1;
    number = number * 10 + (c - '0');
  }
  return name[0] == '0' && name.size() > 1 ? -1 : number;
}

using Groups = std::vector<re2::StringPiece>;

void append_group(std::string& out, std::string_view name, const Groups& groups,
                  const re2::RE2& regex) {
  int number = group_number(name);
  if (number < 0) {
    const auto& names = regex.NamedCapturingGroups();
    const auto found = names.find(std::string(name));
    if (found == names.end()) return;
    number = found->second;
  }
  if (std::cmp_greater_equal(number, groups.size())) return;
  const re2::StringPiece group = groups[static_cast<std::size_t>(number)];
  if (group.data() != nullptr) out.append(group.data(), group.size());
}

void expand(std::string& out, std::string_view replacement, const Groups& groups,
            const re2::RE2& regex) {
  while (!replacement.empty()) {
    const std::size_t dollar = replacement.find('$');
    out.append(replacement.substr(0, dollar));
    if (dollar == std::string_view::npos) return;
    replacement.remove_prefix(dollar);
    if (replacement.size() > 1 && replacement[1] == '$') {
      out.push_back('$');
      replacement.remove_prefix(2);
      continue;
    }
    const Reference reference = reference_at(replacement);
    if (reference.size == 0) {
      out.push_back('$');
      replacement.remove_prefix(1);
      continue;
    }
    append_group(out, reference.name, groups, regex);
    replacement.remove_prefix(reference.size);
  }
}

}  // namespace

std::string backquoted(std::string_view text) {
  const bool plain = std::ranges::all_of(to_runes(text), [](char32_t rune) {
    return rune != kRuneError && rune != 0xFEFF && rune != '`' && rune != 0x7F &&
           (rune >= ' ' || rune == '\t');
  });
  if (plain) return "`" + std::string(text) + "`";
  return gotmpl::quote(text);
}

Regex::Regex(std::unique_ptr<re2::RE2> regex) : regex_(std::move(regex)) {}
Regex::~Regex() = default;

base::Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern) {
  // Charts ask for the same few expressions again and again; a full table is simply emptied.
  constexpr std::size_t kMostKept = 256;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Regex>> known;
  if (const auto found = known.find(std::string(pattern)); found != known.end())
    return found->second;
  TRY_ASSIGN(auto regex, make(pattern));
  if (known.size() >= kMostKept) known.clear();
  known.emplace(pattern, regex);
  return regex;
}

std::vector<Span> Regex::find_all(std::string_view text, std::int64_t limit) const {
  std::vector<Span> spans;
  const re2::StringPiece whole(text.data(), text.size());
  std::size_t at = 0;
  std::size_t last_end = std::string_view::npos;
  while ((limit < 0 || std::cmp_less(spans.size(), limit)) && at <= text.size()) {
    re2::StringPiece found;
    if (!regex_->Match(whole, at, text.size(), re2::RE2::UNANCHORED, &found, 1)) break;
    const auto start = static_cast<std::size_t>(found.data() - text.data());
    const std::size_t end = start + found.size();
    bool accept = true;
    if (end == at) {
      // An empty match right after the last one doesn't count.
      accept = start != last_end;
      const std::size_t width = width_at(text, at);
      at = width > 0 ? at + width : text.size() + 1;
    } else {
      at = end;
    }
    last_end = end;
    if (accept) spans.push_back({start, end});
  }
  return spans;
}

base::Status Regex::replace_all(std::string_view text, std::string_view replacement,
                                Replacement kind,
                                const std::function<base::Status(std::uint64_t)>& may_grow,
                                std::string& out) const {
  const re2::StringPiece whole(text.data(), text.size());
  Groups groups(static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) + 1);
  std::size_t copied = 0;
  std::size_t at = 0;
  TRY(may_grow(text.size()));
  while (at <= text.size()) {
    if (!regex_->Match(whole, at, text.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size())))
      break;
    const auto start = static_cast<std::size_t>(groups[0].data() - text.data());
    const std::size_t end = start + groups[0].size();
    out.append(text.substr(copied, start - copied));
    if (end > copied || start == 0) {
      const std::size_t before = out.size();
      if (kind == Replacement::literal)
        out.append(replacement);
      else
        expand(out, replacement, groups, *regex_);
      TRY(may_grow(out.size() - before));
    }
    copied = end;
    const std::size_t width = width_at(text, at);
    if (at + width > end)
      at += width;
    else if (at + 1 > end)
      ++at;
    else
      at = end;
  }
  out.append(text.substr(copied));
  return {};
}

}  // namespace tiphys::sprig
