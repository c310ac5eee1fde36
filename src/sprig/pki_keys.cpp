#include "sprig/pki.hpp"

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>

namespace tiphys::sprig {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

base::Error invalid(std::string text) {
  ERR_clear_error();
  return {base::Code::Invalid, std::move(text)};
}
base::Error broken(std::string_view what) {
  ERR_clear_error();
  return {base::Code::Internal, "OpenSSL failed: " + std::string(what)};
}

base::Result<PrivateKey> generate_dsa() {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> parameters(
      EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* raw = nullptr;
  if (!parameters || EVP_PKEY_paramgen_init(parameters.get()) != 1 ||
      EVP_PKEY_CTX_set_dsa_paramgen_bits(parameters.get(), 2048) != 1 ||
      EVP_PKEY_CTX_set_dsa_paramgen_q_bits(parameters.get(), 256) != 1 ||
      EVP_PKEY_paramgen(parameters.get(), &raw) != 1)
    return broken("DSA parameters");
  const PrivateKey group(raw);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(
      EVP_PKEY_CTX_new(group.get(), nullptr), EVP_PKEY_CTX_free);
  raw = nullptr;
  if (!maker || EVP_PKEY_keygen_init(maker.get()) != 1 || EVP_PKEY_generate(maker.get(), &raw) != 1)
    return broken("DSA key");
  return PrivateKey(raw);
}

struct PemBlock {
  std::string type;
  std::string bytes;
};

/// The first PEM block, nothing when there is none.
base::Result<PemBlock> first_block(std::string_view pem, const char* none) {
  const std::size_t begin = pem.find("-----BEGIN");
  if (begin == std::string_view::npos) return invalid(none);
  pem.remove_prefix(begin);
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (!bio || PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) return invalid(none);
  PemBlock block{name,
                 std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size))};
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return block;
}

PrivateKey decode(int type, const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  return PrivateKey(d2i_PrivateKey(type, nullptr, &bytes, static_cast<long>(der.size())));
}

PrivateKey decode_pkcs8(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  PKCS8_PRIV_KEY_INFO* info =
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &bytes, static_cast<long>(der.size()));
  PrivateKey key(info != nullptr ? EVP_PKCS82PKEY(info) : nullptr);
  PKCS8_PRIV_KEY_INFO_free(info);
  return key;
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void FreeCertificate::operator()(x509_st* certificate) const { X509_free(certificate); }

base::Result<PrivateKey> generate_key(KeyType type) {
  EVP_PKEY* key = nullptr;
  switch (type) {
    case KeyType::rsa2048:
      key = EVP_RSA_gen(2048);
      break;
    case KeyType::rsa4096:
      key = EVP_RSA_gen(4096);
      break;
    case KeyType::ecdsa_p256:
      key = EVP_EC_gen("P-256");
      break;
    case KeyType::ed25519:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
    case KeyType::dsa:
      return generate_dsa();
  }
  if (key == nullptr) return broken("key");
  return PrivateKey(key);
}

base::Result<std::string> key_to_pem(const PrivateKey& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const int type = EVP_PKEY_get_base_id(key.get());
  const bool own_form = type == EVP_PKEY_RSA || type == EVP_PKEY_EC || type == EVP_PKEY_DSA;
  const int done = own_form ? PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(), nullptr,
                                                                   nullptr, 0, nullptr, nullptr)
                            : PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr,
                                                            0, nullptr, nullptr);
  if (done != 1) return broken("key to PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

base::Result<PrivateKey> key_from_pem(std::string_view pem) {
  TRY_ASSIGN(const PemBlock block, first_block(pem, "no PEM data in input"));
  constexpr std::string_view kSuffix = " PRIVATE KEY";
  if (block.type == "PRIVATE KEY") {
    PrivateKey key = decode_pkcs8(block.bytes);
    if (!key) return invalid("decoding PEM as PKCS#8: asn1: structure error: malformed key");
    return key;
  }
  if (!block.type.ends_with(kSuffix))
    return invalid("no private key data in PEM block of type " + block.type);
  const std::string kind = block.type.substr(0, block.type.size() - kSuffix.size());
  const int type = kind == "RSA"   ? EVP_PKEY_RSA
                   : kind == "EC"  ? EVP_PKEY_EC
                   : kind == "DSA" ? EVP_PKEY_DSA
                                   : EVP_PKEY_NONE;
  if (type == EVP_PKEY_NONE) return invalid("invalid private key type " + block.type);
  PrivateKey key = decode(type, block.bytes);
  if (!key)
    return invalid("parsing " + kind +
                   " private key from PEM: asn1: structure error: malformed key");
  return key;
}

base::Result<X509Certificate> certificate_from_pem(std::string_view pem, std::string_view parsing) {
  TRY_ASSIGN(const PemBlock block, first_block(pem, "unable to decode certificate"));
  const auto* bytes = reinterpret_cast<const unsigned char*>(block.bytes.data());
  X509Certificate certificate(d2i_X509(nullptr, &bytes, static_cast<long>(block.bytes.size())));
  if (!certificate) return invalid(std::string(parsing) + ": x509: malformed certificate");
  return certificate;
}

}  // namespace tiphys::sprig
