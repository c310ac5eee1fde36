#pragma once

#include <string_view>

namespace tiphys::cli {

/// What `tiphys template --help` and `tiphys lint --help` print.
extern const std::string_view kTemplateUsage;
extern const std::string_view kLintUsage;

}  // namespace tiphys::cli
