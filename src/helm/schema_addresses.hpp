#pragma once

#include <string>
#include <string_view>

namespace tiphys::helm {

// Formats of JSON Schema that name a place. Each gives "" for a good text, else why not in the
// words of santhosh-tekuri/jsonschema v6 (format.go), which Helm validates with.

std::string hostname_problem(std::string_view text);
std::string email_problem(std::string_view text);
std::string ipv4_problem(std::string_view text);
std::string ipv6_problem(std::string_view text);
/// uri and iri.
std::string uri_problem(std::string_view text);
/// uri-reference and iri-reference.
std::string uri_reference_problem(std::string_view text);
std::string uri_template_problem(std::string_view text);

}  // namespace tiphys::helm
