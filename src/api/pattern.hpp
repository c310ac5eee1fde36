#pragma once

#include <string_view>

namespace tiphys::api {

/// Does a pattern of a project start with "!"?
inline bool denies(std::string_view pattern) { return pattern.starts_with('!'); }

/// gobwas/glob as Argo CD calls it: a pattern that doesn't compile matches nothing, and "*" alone
/// matches all, separators included.
bool plain_match(std::string_view pattern, std::string_view text, std::string_view separators);
/// plain_match, with "!" before a pattern to negate it.
bool glob_match(std::string_view pattern, std::string_view text, std::string_view separators);

}  // namespace tiphys::api
