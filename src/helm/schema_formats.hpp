#pragma once

#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

/// What is wrong with a value under a `format`, "" for nothing and for formats that aren't known.
/// Checked: uri, uri-reference, hostname, email, ipv4, ipv6, date, date-time, regex, uuid.
std::string format_finding(std::string_view format, const value::Value& value);

}  // namespace tiphys::helm
