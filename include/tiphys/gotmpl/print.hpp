#pragma once

#include "tiphys/value/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tiphys::gotmpl {

class Host;

/// Go's package fmt for values. Everything appends; nothing fails: mistakes are printed as fmt
/// does,
/// `%!d(string=x)`. `host` names the named types (%T, %#v) and may be null.

/// What an action prints: %v, with `<no value>` for null.
void append_value(std::string& out, const value::Value& value, const Host* host = nullptr);
/// %v of one operand: null prints `<nil>`.
void append_v(std::string& out, const value::Value& value, const Host* host = nullptr);

void append_sprint(std::string& out, std::span<const value::Value> args,
                   const Host* host = nullptr);
void append_sprintln(std::string& out, std::span<const value::Value> args,
                     const Host* host = nullptr);
void append_sprintf(std::string& out, std::string_view format, std::span<const value::Value> args,
                    const Host* host = nullptr);

/// reflect's name of the dynamic type, `%T`: "map[string]interface {}", "float64", "<nil>".
std::string type_name(const value::Value& value, const Host* host = nullptr);
/// reflect.Kind: "map", "slice", "ptr", "struct", "int", "invalid" for nil.
std::string_view kind_name(const value::Value& value);

/// strconv.FormatFloat(number, format, precision, bits); format one of e E f F g G b x X,
/// precision -1 = shortest.
void append_float(std::string& out, double number, char format, int precision, int bits = 64);
/// strconv.Quote / QuoteToASCII.
void append_quoted(std::string& out, std::string_view text, bool ascii_only = false);
std::string quote(std::string_view text);
/// unicode.IsPrint.
bool is_print(char32_t rune);

}  // namespace tiphys::gotmpl
