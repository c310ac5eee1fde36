#pragma once

#include <string>

namespace tiphys::value {

enum class FloatBits : unsigned char { b32, b64 };

// Go's strconv.FormatFloat with precision -1: the fewest digits that read back as the same number.
// All write "NaN", "+Inf" and "-Inf".

/// Format 'g': with an exponent when that is below -4 or at least 6 ("1e+06", "0.5", "123456").
std::string float_g(double number, FloatBits bits = FloatBits::b64);
/// Format 'f': never an exponent.
std::string float_f(double number, FloatBits bits = FloatBits::b64);
/// Format 'e': always an exponent, of at least two digits.
std::string float_e(double number, FloatBits bits = FloatBits::b64);

}  // namespace tiphys::value
