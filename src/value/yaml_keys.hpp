#pragma once

#include "value/yaml_resolve.hpp"

#include "tiphys/value/value.hpp"

#include <string_view>
#include <vector>

namespace tiphys::value {

bool yaml_key_less(std::string_view a, std::string_view b, YamlVersion version);
/// The entries in the order in which go-yaml writes them.
std::vector<const Map::Entry*> yaml_key_order(const Map& map, YamlVersion version);

}  // namespace tiphys::value
