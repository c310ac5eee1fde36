#pragma once

#include "tiphys/base/result.hpp"

#include <string>
#include <string_view>

namespace tiphys::sprig {

/// encoding/base64 and base32, standard alphabets. Errors: Invalid with Go's text ("illegal base64
/// data at input byte 4").
base::Result<std::string> decode_base64(std::string_view text);
std::string encode_base32(std::string_view bytes);
base::Result<std::string> decode_base32(std::string_view text);

}  // namespace tiphys::sprig
