#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>

namespace tiphys::sprig {

enum class Overwrite : std::uint8_t { no, yes };

/// dario.cat/mergo's Merge and MergeWithOverwrite on map[string]interface {}: changes `target`;
/// what it takes over from `source` is shared, not copied. Errors: ResourceExhausted for maps
/// nested deeper than kMostDepth.
base::Status merge(value::Value& target, const value::Value& source, Overwrite overwrite);

}  // namespace tiphys::sprig
