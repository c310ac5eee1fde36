#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/helm/render.hpp"

#include <string_view>

namespace tiphys::helm {

/// What Helm prints for a template that doesn't parse: "parse error at (file:line): why".
base::Error parse_error(std::string_view file, const base::Error& error);

/// What Helm prints for a template that fails: required's and fail's messages alone; else Go's
/// chain, which 4.2 takes apart into one block of lines an error where every link has its form.
base::Error exec_error(const base::Error& error, Profile profile);

/// Without the marks around the messages of required and fail.
std::string without_marks(std::string_view text);

}  // namespace tiphys::helm
