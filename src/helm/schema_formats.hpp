#pragma once

#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

/// What is wrong with a value under a `format`, "" for nothing and for formats that aren't known.
/// Known are all formats of santhosh-tekuri/jsonschema v6 (format.go), with its words.
std::string format_finding(std::string_view format, const value::Value& value);

}  // namespace tiphys::helm
