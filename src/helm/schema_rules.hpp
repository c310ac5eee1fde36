#pragma once

#include "tiphys/value/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Which draft of JSON Schema a document is written in; it decides what keywords mean.
enum class Draft : std::uint8_t { d4 = 4, d6 = 6, d7 = 7, d2019 = 19, d2020 = 20 };

/// One finding, with those that caused it.
struct Finding {
  enum class Kind : std::uint8_t { plain, group, reference };
  Kind kind = Kind::plain;
  std::string text;
  std::vector<std::string> where;  ///< path inside the values
  std::vector<Finding> causes;
};

/// 'text' as the findings quote it.
std::string quoted(std::string_view text);
/// A scalar as the findings show it; "value" for maps and lists.
std::string displayed(const value::Value& value);
/// A number with the thousands' commas of the English printer.
std::string grouped(double number);
/// "object", "array", "string", "number", "boolean", "null".
std::string_view schema_type(const value::Value& value);
bool is_whole(const value::Value& value);
double number_of(const value::Value& value);

/// Lines as Helm prints them, each with its newline but the last.
std::string print_findings(const Finding& top);

}  // namespace tiphys::helm
