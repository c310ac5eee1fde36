#pragma once

#include <string>
#include <string_view>

namespace tiphys::gotmpl {

/// template.HTMLEscapeString, JSEscapeString and url.QueryEscape.
std::string escape_html(std::string_view text);
std::string escape_js(std::string_view text);
std::string escape_query(std::string_view text);

}  // namespace tiphys::gotmpl
