#pragma once

#include "value/yaml_resolve.hpp"

#include "tiphys/value/value.hpp"
#include "tiphys/value/yaml.hpp"

#include <optional>
#include <string_view>

namespace tiphys::value {

/// Reads the YAML that people and templates mostly write, many times faster than libyaml: block
/// maps and lists, plain, quoted and block scalars, comments, flow collections on one line.
/// nullopt: something else stands there (anchors, tags, directives, documents, odd indentation,
/// mistakes, anything over a limit), which is for libyaml to read or to refuse. What it gives is
/// what libyaml's way gives (tests/fuzz/yaml_plain_fuzz.cpp).
std::optional<Value> parse_plain_yaml(std::string_view text, const YamlOptions& options);

/// The same by libyaml, whatever it is: what parse_yaml does with all else.
base::Result<Value> compose_yaml(std::string_view text, const YamlOptions& options);

/// What is left of a scalar after a trip through JSON; nullopt for infinities and NaN.
std::optional<Value> scalar_value(const Resolved& resolved, std::string_view text, Numbers numbers);

}  // namespace tiphys::value
