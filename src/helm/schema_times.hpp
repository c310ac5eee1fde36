#pragma once

#include <string>
#include <string_view>

namespace tiphys::helm {

// Formats of JSON Schema that name a time, as schema_addresses.hpp says. RFC 3339, section 5.6 and
// appendix A.

std::string date_problem(std::string_view text);
std::string time_problem(std::string_view text);
std::string date_time_problem(std::string_view text);
std::string duration_problem(std::string_view text);
std::string period_problem(std::string_view text);

}  // namespace tiphys::helm
