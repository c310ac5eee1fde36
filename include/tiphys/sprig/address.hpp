#pragma once

#include <string>
#include <string_view>

namespace tiphys::sprig {

/// Go's netip.ParseAddr: "" for an address, else its error (`ParseAddr("x"): unable to parse IP`).
std::string address_problem(std::string_view text);

}  // namespace tiphys::sprig
