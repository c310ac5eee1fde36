#pragma once

#include <cstddef>

namespace tiphys::value {

/// Budgets of one parse. Passing one is ResourceExhausted, its message names the limit.
struct Limits {
  std::size_t bytes = std::size_t{64} << 20;  ///< length of the text
  std::size_t nodes = 4'000'000;              ///< values of the tree, copies of aliases included
  std::size_t depth = 100;                    ///< nested lists and maps
};

/// What a whole number without an exponent becomes. Go's encoding/json gives float64 (Helm's values
/// and fromJson), Kubernetes' decoder int64 where it fits and float64 elsewhere (API objects).
enum class Numbers : unsigned char { int64, float64 };

}  // namespace tiphys::value
