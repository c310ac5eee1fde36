#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::sprig {

/// BurntSushi/toml's encoder: sorted keys, simple values first, tables indented below. Errors:
/// Invalid with its text ("toml: cannot encode array with nil element"); ResourceExhausted for
/// depth.
base::Result<std::string> write_toml(const value::Value& value, const gotmpl::Host* host);

/// Its decoder into map[string]interface {}: integers stay int64. Errors: Invalid with its text
/// ("toml: line 1: ..."); ResourceExhausted for depth.
base::Result<value::Value> parse_toml(std::string_view text);

}  // namespace tiphys::sprig
