#pragma once

#include "tiphys/text/go_date.hpp"

#include <optional>
#include <string_view>

namespace tiphys::text {

/// What a POSIX TZ text ("CET-1CEST,M3.5.0,M10.5.0/3") says of a time; nothing when it isn't one.
std::optional<TimeZone::Local> posix_local(std::string_view rule, std::int64_t unix_seconds);

}  // namespace tiphys::text
