#pragma once

#include <string_view>

namespace tiphys::helm {

/// govalidator's IsEmail: a dotted or quoted local part, then a domain of two labels or more.
bool is_email_address(std::string_view text);
/// govalidator's IsURL: a scheme is optional (of six), a host isn't.
bool is_web_address(std::string_view text);
/// govalidator's IsRequestURL: any absolute URL that Go parses.
bool is_absolute_url(std::string_view text);

}  // namespace tiphys::helm
