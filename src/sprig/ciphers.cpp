#include "sprig/base_n.hpp"
#include "sprig/internal.hpp"

#include "tiphys/base/encoding.hpp"

#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace tiphys::sprig {
namespace {

// What these take of the step budget: they cost tens of milliseconds each.
constexpr std::uint64_t kSlowSteps = 200'000;

std::string_view arg(const Call& call, std::size_t i) { return call.args[i].string(); }

base::Result<std::string> bcrypt_hash(const std::string& password, Source& source) {
  std::array<std::uint8_t, 16> random{};
  TRY(source.fill(random));
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  if (crypt_gensalt_rn("$2a$", 10, reinterpret_cast<const char*>(random.data()), random.size(),
                       salt.data(), static_cast<int>(salt.size())) == nullptr)
    return base::Error(base::Code::Internal, "bcrypt: no salt");
  const auto data = std::make_unique<crypt_data>();
  const char* hash = crypt_r(password.c_str(), salt.data(), data.get());
  if (hash == nullptr || hash[0] == '*')
    return base::Error(base::Code::Internal, "bcrypt: hashing failed");
  return std::string(hash);
}

Answer bcrypt_with(Call& call, std::string_view password, std::string prefix) {
  constexpr std::size_t kMostBytes = 72;
  if (password.size() > kMostBytes)
    return Value(prefix +
                 "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
  if (password.contains('\0')) return failure("bcrypt: password contains a NUL byte");
  TRY(call.run.step(kSlowSteps));
  return ask(call, [&](Source& source) -> Answer {
    TRY_ASSIGN(const std::string hash, bcrypt_hash(std::string(password), source));
    return Value(prefix + hash);
  });
}

Answer htpasswd(Call& call) {
  const std::string user(arg(call, 0));
  if (user.contains(':')) return Value("invalid username: " + user);
  return bcrypt_with(call, arg(call, 1), user + ":");
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

constexpr std::size_t kBlock = 16;

/// The password, cut or filled with zeros to 32 bytes.
std::array<unsigned char, 32> aes_key(std::string_view password) {
  std::array<unsigned char, 32> key{};
  std::memcpy(key.data(), password.data(), std::min(password.size(), key.size()));
  return key;
}

enum class Direction : std::uint8_t { decrypt = 0, encrypt = 1 };

/// AES-256-CBC of whole blocks, no padding of its own.
base::Result<std::string> aes_cbc(std::string_view password, std::string_view iv,
                                  std::string_view input, Direction direction) {
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  const auto key = aes_key(password);
  std::string out(input.size() + kBlock, '\0');
  int size = 0;
  int last = 0;
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  if (!context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(),
                        reinterpret_cast<const unsigned char*>(iv.data()),
                        static_cast<int>(direction)) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), bytes, &size,
                       reinterpret_cast<const unsigned char*>(input.data()),
                       static_cast<int>(input.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), bytes + size, &last) != 1)
    return base::Error(base::Code::Internal, "AES failed");
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
  return out;
}

Answer encrypt(Call& call) {
  const std::string_view plain = arg(call, 1);
  if (plain.empty()) return Value("");
  TRY(call.run.charge(plain.size() * 3));
  return ask(call, [&](Source& source) -> Answer {
    std::string iv(kBlock, '\0');
    TRY(source.fill({reinterpret_cast<std::uint8_t*>(iv.data()), iv.size()}));
    const std::size_t padding = kBlock - plain.size() % kBlock;
    const std::string padded =
        std::string(plain) + std::string(padding, static_cast<char>(padding));
    TRY_ASSIGN(const std::string sealed, aes_cbc(arg(call, 0), iv, padded, Direction::encrypt));
    return Value(base::base64_encode(iv + sealed));
  });
}

Answer decrypt(Call& call) {
  if (arg(call, 1).empty()) return Value("");
  TRY(call.run.charge(arg(call, 1).size() * 2));
  TRY_ASSIGN(const std::string sealed, decode_base64(arg(call, 1)));
  // Go's panics: a slice out of range, then the cipher's own.
  if (sealed.size() < kBlock)
    return failure("runtime error: slice bounds out of range [:16] with capacity " +
                   std::to_string(sealed.size()));
  const std::string_view body = std::string_view(sealed).substr(kBlock);
  if (body.size() % kBlock != 0) return failure("crypto/cipher: input not full blocks");
  if (body.empty()) return failure("runtime error: index out of range [-1]");
  TRY_ASSIGN(std::string plain, aes_cbc(arg(call, 0), std::string_view(sealed).substr(0, kBlock),
                                        body, Direction::decrypt));
  const std::size_t padding = static_cast<unsigned char>(plain.back());
  if (padding > plain.size())
    return failure("runtime error: slice bounds out of range [:" +
                   std::to_string(static_cast<std::int64_t>(plain.size()) -
                                  static_cast<std::int64_t>(padding)) +
                   "]");
  plain.resize(plain.size() - padding);
  return Value(std::move(plain));
}

struct PasswordType {
  std::string_view name;
  std::string_view templates;  // separated by blanks
};
// The Master Password algorithm, version 3.
constexpr std::array<PasswordType, 6> kPasswordTypes = {{
    {"maximum", "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno"},
    {"long",
     "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno "
     "CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno "
     "CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno "
     "CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"},
    {"medium", "CvcnoCvc CvcCvcno"},
    {"short", "Cvcn"},
    {"basic", "aaanaaan aannaaan aaannaaa"},
    {"pin", "nnnn"},
}};

std::string_view characters_of(char kind) {
  switch (kind) {
    case 'V':
      return "AEIOU";
    case 'C':
      return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
      return "aeiou";
    case 'c':
      return "bcdfghjklmnpqrstvwxyz";
    case 'a':
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
      return "0123456789";
    case 'o':
      return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
  }
}

void append_uint32(std::string& out, std::uint32_t number) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>((number >> shift) & 0xFF));
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Answer derive_password(Call& call) {
  if (!call.args[0].is_int()) return failure("wrong type for value; expected uint32");
  const auto* type = std::ranges::find(kPasswordTypes, arg(call, 1), &PasswordType::name);
  if (type == kPasswordTypes.end())
    return Value("cannot find password template " + std::string(arg(call, 1)));
  TRY(call.run.step(kSlowSteps));
  constexpr std::string_view kSeed = "com.lyndir.masterpassword";
  std::string salt(kSeed);
  append_uint32(salt, static_cast<std::uint32_t>(arg(call, 3).size()));
  salt.append(arg(call, 3));
  const std::string password(arg(call, 2));
  std::array<unsigned char, 64> key{};
  constexpr std::uint64_t kMostMemory = 96ULL << 20;
  if (EVP_PBE_scrypt(password.data(), password.size(),
                     reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), 32768, 8, 2,
                     kMostMemory, key.data(), key.size()) != 1)
    return base::Error(base::Code::Internal, "scrypt failed");
  std::string message(kSeed);
  append_uint32(message, static_cast<std::uint32_t>(arg(call, 4).size()));
  message.append(arg(call, 4));
  append_uint32(message, static_cast<std::uint32_t>(call.args[0].integer()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> seed{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), seed.data(),
       nullptr);
  const auto templates = words(type->templates);
  std::string out;
  for (const char kind : templates[seed[0] % templates.size()]) {
    const std::string_view characters = characters_of(kind);
    out.push_back(characters[seed[out.size() + 1] % characters.size()]);
  }
  return Value(std::move(out));
}

constexpr auto kCiphers = std::to_array<Function>({
    {"bcrypt", "string", [](Call& c) { return bcrypt_with(c, arg(c, 0), ""); }},
    {"htpasswd", "string, string", htpasswd},
    {"encryptAES", "string, string", encrypt},
    {"decryptAES", "string, string", decrypt},
    {"derivePassword", "any, string, string, string, string", derive_password},
});

}  // namespace

std::span<const Function> cipher_functions() { return kCiphers; }

}  // namespace tiphys::sprig
