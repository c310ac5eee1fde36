#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

/// A values file: all its documents merged (4.2), or the first alone (3.21). Always a map.
base::Result<value::Value> load_values(std::string_view text, Profile profile);

/// b over a: maps recurse, everything else replaces. Neither is written to; parts are shared.
value::Value merge_maps(const value::Value& a, const value::Value& b);

/// Values.Table: the map at a dotted path, nullptr when there is none.
const value::Value* table_at(const value::Value& values, std::string_view path);
/// Values.PathValue: what stands at a dotted path unless it is a map.
const value::Value* path_value(const value::Value& values, std::string_view path);

}  // namespace tiphys::helm
