#pragma once

#include "tiphys/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace tiphys::text {

/// Go's time.ParseDuration: "300ms", "-1.5h", "2h45m". Errors: Invalid with Go's message
/// (`time: invalid duration "x"`).
base::Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Go's Duration.String: "1h15m30.918s", "0s", "1.5µs".
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace tiphys::text
