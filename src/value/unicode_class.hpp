#pragma once

#include <cstdint>

namespace tiphys::value {

/// Go's unicode.IsLetter and unicode.IsDigit (categories L and Nd).
bool is_letter(std::uint32_t code);
bool is_decimal_digit(std::uint32_t code);

}  // namespace tiphys::value
