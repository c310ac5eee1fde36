#include "helm/schema_rules.hpp"

#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tiphys::helm {

using value::Kind;
using value::Value;

namespace {

std::string pointer(const std::vector<std::string>& tokens) {
  std::string out;
  for (const std::string& token : tokens)
    out += "/" + replace_all(replace_all(token, "~", "~0"), "/", "~1");
  return out;
}

void print(const Finding& finding, std::size_t indent, std::string& out) {
  // A reference with one cause adds nothing.
  const bool skipped = finding.kind == Finding::Kind::reference && finding.causes.size() == 1;
  if (!skipped) {
    if (!out.empty()) out += '\n';
    out.append(2 * indent, ' ');
    out += fmt::format("- at {}: {}", quoted(pointer(finding.where)), finding.text);
    ++indent;
  }
  for (const Finding& cause : finding.causes) print(cause, indent, out);
}

}  // namespace

std::string quoted(std::string_view text) {
  // As the library does it: over the text with its quotes, so a backslash at the end loses its
  // pair.
  const std::string out = replace_all(replace_all(gotmpl::quote(text), "\\\"", "\""), "'", "\\'");
  return "'" + out.substr(1, out.size() - 2) + "'";
}

std::string displayed(const Value& value) {
  if (value.is_string()) return quoted(value.string());
  if (value.is_list() || value.is_map()) return "value";
  // As the schema's text has it, not as %v prints a float64.
  if (value.is_float()) return value::json_float(value.floating());
  std::string out;
  gotmpl::append_v(out, value);
  return out;
}

std::string grouped(double number) {
  std::string digits = fmt::format("{}", std::fabs(number));
  if (digits.contains('e')) digits = fmt::format("{:.0f}", std::fabs(number));
  const std::size_t dot = std::min(digits.find('.'), digits.size());
  for (std::size_t at = dot; at > 3; at -= 3) digits.insert(at - 3, ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string_view schema_type(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
    case Kind::floating:
      return "number";
    case Kind::string:
      return "string";
    case Kind::list:
      return "array";
    case Kind::map:
      return "object";
    default:
      return "null";
  }
}

double number_of(const Value& value) {
  return value.is_int() ? static_cast<double>(value.integer()) : value.floating();
}

bool is_whole(const Value& value) {
  return value.is_int() || (value.is_float() && std::trunc(value.floating()) == value.floating());
}

std::string print_findings(const Finding& top) {
  std::string out;
  if (top.kind == Finding::Kind::group)
    for (const Finding& cause : top.causes) print(cause, 0, out);
  else
    print(top, 0, out);
  return out;
}

}  // namespace tiphys::helm
