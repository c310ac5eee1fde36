#include "sprig/unicode_tables.hpp"

namespace tiphys::sprig {
namespace {
#include "sprig/unicode_tables.inc"
}  // namespace

std::span<const Range> upper_ranges() { return kUpper; }
std::span<const Range> lower_ranges() { return kLower; }
std::span<const Range> title_ranges() { return kTitle; }
std::span<const Range> letter_ranges() { return kLetter; }
std::span<const Range> digit_ranges() { return kDigit; }
std::span<const Range> number_ranges() { return kNumber; }
std::span<const Range> punct_ranges() { return kPunct; }
std::span<const CaseRange> case_ranges() { return kCases; }

}  // namespace tiphys::sprig
