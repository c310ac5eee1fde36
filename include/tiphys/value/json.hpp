#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/limits.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::value {

/// Parses one JSON document with Go's rules: the last of duplicate keys wins, invalid UTF-8 and
/// lone surrogates become U+FFFD, nothing but blanks may follow. Errors: Invalid with Go's message
/// ("invalid character 'x' looking for beginning of value") and the position; ResourceExhausted.
base::Result<Value> parse_json(std::string_view text, Numbers numbers = Numbers::int64,
                               const Limits& limits = {});

/// `no` is Encoder.SetEscapeHTML(false): < > & stay as they are.
enum class EscapeHtml : unsigned char { yes, no };

/// Go's json.Marshal: sorted keys, no blanks, U+2028 and U+2029 escaped, []byte as base64, natives
/// through Native::tree(). Errors: Invalid with Go's message for NaN, infinities, natives without a
/// tree.
base::Result<std::string> write_json(const Value& value, EscapeHtml escape = EscapeHtml::yes);
/// The same, appended to out (which holds garbage at its end after an error).
base::Status append_json(std::string& out, const Value& value, EscapeHtml escape = EscapeHtml::yes);
/// Go's json.MarshalIndent(value, "", indent): "{}" and "[]" stay compact.
base::Result<std::string> write_json_pretty(const Value& value, std::string_view indent = "  ",
                                            EscapeHtml escape = EscapeHtml::yes);

/// A float64 as encoding/json writes it: shortest digits, exponent if exp < -6 || exp >= 21.
std::string json_float(double number);
/// A string with quotes as encoding/json writes it.
void append_json_string(std::string& out, std::string_view text,
                        EscapeHtml escape = EscapeHtml::yes);

}  // namespace tiphys::value
