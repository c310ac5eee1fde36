#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace tiphys::sprig {

struct Range {
  std::uint32_t low;
  std::uint32_t high;
};

/// A row of Go's unicode.CaseRanges: what is added to a rune for upper, lower and title case.
/// A delta above 0x10FFFF marks alternating Upper Lower Upper Lower.
struct CaseRange {
  std::uint32_t low;
  std::uint32_t high;
  std::array<std::int32_t, 3> delta;
};

std::span<const Range> upper_ranges();
std::span<const Range> lower_ranges();
std::span<const Range> title_ranges();
std::span<const Range> letter_ranges();
std::span<const Range> digit_ranges();
std::span<const Range> number_ranges();
std::span<const Range> punct_ranges();
std::span<const CaseRange> case_ranges();

}  // namespace tiphys::sprig
