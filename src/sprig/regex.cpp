#include "tiphys/sprig/regex.hpp"

#include "sprig/internal.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <array>
#include <memory>
#include <unordered_map>

namespace tiphys::sprig {
namespace {

std::string_view arg(const Call& call, std::size_t i) { return call.args[i].string(); }

enum class Panics : std::uint8_t { no, yes };

/// regexp.Compile's error, or what MustCompile panics with.
base::Result<std::shared_ptr<const Regex>> compiled(Call& call, Panics panics) {
  auto regex = Regex::compile(arg(call, 0));
  if (regex.ok() || panics == Panics::no) return regex;
  return failure("regexp: Compile(" + backquoted(arg(call, 0)) + "): " + regex.error().message());
}

Value nil_strings() { return Value(value::List()).as(GoType::nil_strings); }

template <Panics panics>
Answer find(Call& call) {
  TRY_ASSIGN(const auto regex, compiled(call, panics));
  const auto spans = regex->find_all(arg(call, 1), 1);
  return text(call, spans.empty() ? std::string()
                                  : std::string(arg(call, 1).substr(
                                        spans[0].start, spans[0].end - spans[0].start)));
}

template <Panics panics>
Answer find_all(Call& call) {
  TRY_ASSIGN(const auto regex, compiled(call, panics));
  const std::string_view s = arg(call, 1);
  std::vector<std::string> found;
  for (const Span& span : regex->find_all(s, call.args[2].integer()))
    found.emplace_back(s.substr(span.start, span.end - span.start));
  if (found.empty()) return nil_strings();
  TRY(call.run.charge(s.size() + found.size() * sizeof(std::string)));
  return string_list(std::move(found));
}

template <Panics panics>
Answer split_by(Call& call) {
  TRY_ASSIGN(const auto regex, compiled(call, panics));
  const std::string_view s = arg(call, 1);
  const std::int64_t limit = call.args[2].integer();
  if (limit == 0) return nil_strings();
  if (!arg(call, 0).empty() && s.empty()) return string_list({""});
  std::vector<std::string> parts;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const Span& span : regex->find_all(s, limit)) {
    if (limit > 0 && std::cmp_equal(parts.size(), limit - 1)) break;
    end = span.start;
    if (span.end != 0) parts.emplace_back(s.substr(begin, end - begin));
    begin = span.end;
  }
  if (end != s.size()) parts.emplace_back(s.substr(begin));
  TRY(call.run.charge(s.size() + parts.size() * sizeof(std::string)));
  return string_list(std::move(parts));
}

template <Panics panics, Replacement kind>
Answer replaced(Call& call) {
  TRY_ASSIGN(const auto regex, compiled(call, panics));
  std::string out;
  const auto may_grow = [&](std::uint64_t bytes) { return call.run.charge(bytes); };
  TRY(regex->replace_all(arg(call, 1), arg(call, 2), kind, may_grow, out));
  return Value(std::move(out));
}

Answer match(Call& call) {
  const auto regex = Regex::compile(arg(call, 0));
  return Value(regex.ok() && (*regex)->matches(arg(call, 1)));
}

Answer must_match(Call& call) {
  TRY_ASSIGN(const auto regex, compiled(call, Panics::no));
  return Value(regex->matches(arg(call, 1)));
}

Answer quote_meta(Call& call) {
  std::string out;
  for (const char c : arg(call, 0)) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").contains(c)) out.push_back('\\');
    out.push_back(c);
  }
  return text(call, std::move(out));
}

constexpr auto kRegex = std::to_array<Function>({
    {"regexMatch", "string, string", match},
    {"mustRegexMatch", "string, string", must_match},
    {"regexFind", "string, string", find<Panics::yes>},
    {"mustRegexFind", "string, string", find<Panics::no>},
    {"regexFindAll", "string, string, int", find_all<Panics::yes>},
    {"mustRegexFindAll", "string, string, int", find_all<Panics::no>},
    {"regexReplaceAll", "string, string, string", replaced<Panics::yes, Replacement::expand>},
    {"mustRegexReplaceAll", "string, string, string", replaced<Panics::no, Replacement::expand>},
    {"regexReplaceAllLiteral", "string, string, string",
     replaced<Panics::yes, Replacement::literal>},
    {"mustRegexReplaceAllLiteral", "string, string, string",
     replaced<Panics::no, Replacement::literal>},
    {"regexSplit", "string, string, int", split_by<Panics::yes>},
    {"mustRegexSplit", "string, string, int", split_by<Panics::no>},
    {"regexQuoteMeta", "string", quote_meta},
});

}  // namespace

std::span<const Function> regex_functions() { return kRegex; }

}  // namespace tiphys::sprig
