#pragma once

#include <string>
#include <string_view>

namespace tiphys::helm {

// Formats of JSON Schema. Each gives "" for a good text, else why not in the words of
// santhosh-tekuri/jsonschema v6 (format.go), which Helm validates with.

// Places, schema_addresses.cpp.
std::string hostname_problem(std::string_view text);
std::string email_problem(std::string_view text);
std::string ipv4_problem(std::string_view text);
std::string ipv6_problem(std::string_view text);
/// uri and iri.
std::string uri_problem(std::string_view text);
/// uri-reference and iri-reference.
std::string uri_reference_problem(std::string_view text);
std::string uri_template_problem(std::string_view text);

// Times, schema_times.cpp. RFC 3339, section 5.6 and appendix A.
std::string date_problem(std::string_view text);
std::string time_problem(std::string_view text);
std::string date_time_problem(std::string_view text);
std::string duration_problem(std::string_view text);
std::string period_problem(std::string_view text);

/// A problem of a part as one of the whole; "" stays "".
std::string within(std::string_view part, const std::string& problem);

}  // namespace tiphys::helm
