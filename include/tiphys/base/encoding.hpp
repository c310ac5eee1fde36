#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::base {

/// 32 bytes of SHA-256.
using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
/// Lower-case hexadecimal of SHA-256, 64 characters.
std::string sha256_hex(std::string_view bytes);

/// Feeds a SHA-256 piece by piece. Not thread safe.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void update(std::string_view bytes);
  /// The digest of all that was fed; the stream must not be used afterwards.
  Sha256 finish();

 private:
  void* context_;
};

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);
/// nullopt for an odd length or a character that is no hex digit.
std::optional<std::string> from_hex(std::string_view text);

/// RFC 4648 section 4 with padding.
std::string base64_encode(std::string_view bytes);
/// Standard alphabet with padding, CR and LF skipped as Go's base64.StdEncoding; nullopt when it
/// isn't base64.
std::optional<std::string> base64_decode(std::string_view text);
/// RFC 4648 section 5 without padding (JWT).
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace tiphys::base
