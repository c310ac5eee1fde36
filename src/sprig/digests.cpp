#include "sprig/base_n.hpp"
#include "sprig/internal.hpp"

#include "tiphys/base/encoding.hpp"

#include <openssl/sha.h>

#include <array>

namespace tiphys::sprig {
namespace {

std::string_view arg(const Call& call) { return call.args[0].string(); }

using Digest = unsigned char* (*)(const unsigned char*, std::size_t, unsigned char*);

template <std::size_t size, Digest digest>
Answer hashed(Call& call) {
  std::array<unsigned char, size> out{};
  const std::string bytes(arg(call));
  const std::string_view view = bytes;
  digest(reinterpret_cast<const unsigned char*>(view.data()), view.size(), out.data());
  return Value(base::to_hex({reinterpret_cast<const char*>(out.data()), out.size()}));
}

Answer adler32(Call& call) {
  constexpr std::uint32_t kPrime = 65521;
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : arg(call)) {
    a = (a + static_cast<unsigned char>(c)) % kPrime;
    b = (b + a) % kPrime;
  }
  return Value(std::to_string((b << 16) | a));
}

/// Sprig prints the error of a bad text instead of failing.
Answer shown(Call& call, base::Result<std::string> decoded) {
  if (!decoded.ok()) return Value(decoded.error().message());
  return text(call, *std::move(decoded));
}

constexpr auto kDigests = std::to_array<Function>({
    {"sha1sum", "string", hashed<SHA_DIGEST_LENGTH, SHA1>},
    {"sha256sum", "string", [](Call& c) -> Answer { return Value(base::sha256_hex(arg(c))); }},
    {"sha512sum", "string", hashed<SHA512_DIGEST_LENGTH, SHA512>},
    {"adler32sum", "string", adler32},
    {"b64enc", "string", [](Call& c) { return text(c, base::base64_encode(arg(c))); }},
    {"b64dec", "string", [](Call& c) { return shown(c, decode_base64(arg(c))); }},
    {"b32enc", "string", [](Call& c) { return text(c, encode_base32(arg(c))); }},
    {"b32dec", "string", [](Call& c) { return shown(c, decode_base32(arg(c))); }},
});

}  // namespace

std::span<const Function> digest_functions() { return kDigests; }

}  // namespace tiphys::sprig
