#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tiphys::helm {

/// Helm's strvals: each writes `key=value,...` into the map `into`. What stands before an error
/// stays written. Errors: Invalid with Helm's text, without the "failed parsing" frame.

base::Status set_values(std::string_view text, value::Value& into, Profile profile);
base::Status set_strings(std::string_view text, value::Value& into, Profile profile);
base::Status set_json(std::string_view text, value::Value& into);
base::Status set_literal(std::string_view text, value::Value& into);

using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;
base::Status set_file(std::string_view text, value::Value& into, const ReadFile& read);

}  // namespace tiphys::helm
