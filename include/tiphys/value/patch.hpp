#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::value {

/// The reference tokens of an RFC 6901 pointer, unescaped ("/a~1b/0" -> "a/b", "0"). "" is the
/// whole document. Errors: Invalid when it isn't empty and doesn't start with '/', or has a bad
/// escape.
base::Result<std::vector<std::string>> parse_pointer(std::string_view pointer);
/// token with ~ and / escaped.
std::string escape_pointer_token(std::string_view token);

/// What the pointer names, or nullptr: also for a malformed pointer. Views into tree.
const Value* pointer_get(const Value& tree, std::string_view pointer);
/// Sets it. A missing last map key is added, index == size or "-" appends to a list; missing
/// parents are NotFound. Writes through shared maps: deep_copy first.
base::Status pointer_set(Value& tree, std::string_view pointer, Value value);
/// Removes a map key or a list element. Errors: Invalid (bad pointer), NotFound (nothing there).
base::Status pointer_remove(Value& tree, std::string_view pointer);

/// RFC 7386: target with patch merged in. Neither argument is changed; parts are shared.
Value apply_merge_patch(const Value& target, const Value& patch);
/// The RFC 7386 patch that turns `from` into `to`; an empty map when they are equal. A null inside
/// of `to` cannot be expressed (it means remove).
Value create_merge_patch(const Value& from, const Value& to);

}  // namespace tiphys::value
