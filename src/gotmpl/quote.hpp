#pragma once

#include <string>
#include <string_view>

namespace tiphys::gotmpl {

/// One rune as it stands inside a Go string or character literal.
void append_escaped_rune(std::string& out, char32_t rune, char quote, bool ascii_only);
/// strconv.CanBackquote.
bool can_backquote(std::string_view text);

}  // namespace tiphys::gotmpl
