#pragma once

#include "tiphys/value/value.hpp"

#include <string>

namespace tiphys::value {

/// fmt's %#v of a tree that go-yaml v2 decoded: map[interface {}]interface {}{"a":1}.
std::string go_syntax(const Value& value);

}  // namespace tiphys::value
