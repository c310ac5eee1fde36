#include "sprig/pki.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace tiphys::sprig {
namespace {

base::Error broken(std::string_view what) {
  ERR_clear_error();
  return {base::Code::Internal, "OpenSSL failed: " + std::string(what)};
}
base::Error invalid(std::string text) { return {base::Code::Invalid, std::move(text)}; }

/// The 4 or 16 bytes of an address, as net.ParseIP and To4 give them.
base::Result<std::string> address_bytes(const std::string& address) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
    return invalid("error parsing ip: " + address);
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12);
  const std::string all(bytes.data(), bytes.size());
  return all.starts_with(kMapped) ? all.substr(12) : all;
}

base::Status set_serial(X509* certificate, Source& source) {
  std::array<std::uint8_t, 16> random{};
  TRY(source.fill(random));
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr), BN_free);
  if (!number || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) == nullptr)
    return broken("serial number");
  return {};
}

base::Status set_times(X509* certificate, std::int64_t now, std::int64_t days) {
  constexpr std::int64_t kDaySeconds = 86'400;
  // Go's durations wrap around; more days than they hold make no sense either way.
  constexpr std::int64_t kMostDays = 106'751;
  if (days > kMostDays || days < -kMostDays)
    return invalid("validity of " + std::to_string(days) + " days exceeds the limit of 106751");
  const std::int64_t seconds = now / 1'000'000'000;
  if (ASN1_TIME_set(X509_getm_notBefore(certificate), seconds) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate), seconds + days * kDaySeconds) == nullptr)
    return broken("validity");
  return {};
}

base::Status set_subject(X509* certificate, const std::string& common_name) {
  if (common_name.empty()) return {};
  // Go writes a PrintableString where its letters allow.
  const bool printable = std::ranges::all_of(common_name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" '()+,-./:=?").contains(c);
  });
  X509_NAME* name = X509_get_subject_name(certificate);
  if (X509_NAME_add_entry_by_txt(name, "CN", printable ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING,
                                 reinterpret_cast<const unsigned char*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) != 1)
    return broken("subject");
  return {};
}

base::Status add_text_extension(X509* certificate, int id, const char* text) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, id, text), X509_EXTENSION_free);
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return broken(text);
  return {};
}

/// RFC 7093, method 1: 160 bits of the SHA-256 of the public key's bits.
base::Status add_subject_key(X509* certificate) {
  const ASN1_BIT_STRING* bits = X509_get0_pubkey_bitstr(certificate);
  const base::Sha256 digest = base::sha256(
      {reinterpret_cast<const char*>(bits->data), static_cast<std::size_t>(bits->length)});
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> id(
      ASN1_OCTET_STRING_new(), ASN1_OCTET_STRING_free);
  if (!id || ASN1_OCTET_STRING_set(id.get(), digest.data(), 20) != 1 ||
      X509_add1_ext_i2d(certificate, NID_subject_key_identifier, id.get(), 0, X509V3_ADD_APPEND) !=
          1)
    return broken("subject key");
  return {};
}

base::Status add_authority_key(X509* certificate, X509* parent) {
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(parent);
  if (id == nullptr ||
      X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_subject_name(parent)) == 0)
    return {};
  const std::unique_ptr<AUTHORITY_KEYID, decltype(&AUTHORITY_KEYID_free)> authority(
      AUTHORITY_KEYID_new(), AUTHORITY_KEYID_free);
  if (!authority) return broken("authority key");
  authority->keyid = ASN1_OCTET_STRING_dup(id);
  if (X509_add1_ext_i2d(certificate, NID_authority_key_identifier, authority.get(), 0,
                        X509V3_ADD_APPEND) != 1)
    return broken("authority key");
  return {};
}

bool push_name(GENERAL_NAMES* names, int type, const std::string& bytes) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_STRING* text = type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
  if (name == nullptr || text == nullptr ||
      ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size())) != 1) {
    GENERAL_NAME_free(name);
    ASN1_STRING_free(text);
    return false;
  }
  GENERAL_NAME_set0_value(name, type, text);
  return sk_GENERAL_NAME_push(names, name) > 0;
}

base::Status add_names(X509* certificate, const CertificateRequest& request) {
  if (request.dns_names.empty() && request.addresses.empty()) return {};
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(GENERAL_NAMES_new(),
                                                                            GENERAL_NAMES_free);
  for (const std::string& dns : request.dns_names) {
    if (std::ranges::any_of(dns, [](char c) { return static_cast<unsigned char>(c) > 0x7F; }))
      return invalid("error creating certificate: x509: " + gotmpl::quote(dns) +
                     " cannot be encoded as an IA5String");
    if (!push_name(names.get(), GEN_DNS, dns)) return broken("DNS name");
  }
  for (const std::string& address : request.addresses) {
    TRY_ASSIGN(const std::string bytes, address_bytes(address));
    if (!push_name(names.get(), GEN_IPADD, bytes)) return broken("address");
  }
  const int critical = request.common_name.empty() ? 1 : 0;
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), critical,
                        X509V3_ADD_APPEND) != 1)
    return broken("alternative names");
  return {};
}

base::Status add_extensions(X509* certificate, const CertificateRequest& request, X509* parent) {
  const bool authority = request.authority == Authority::yes;
  TRY(add_text_extension(certificate, NID_key_usage,
                         authority ? "critical,digitalSignature,keyEncipherment,keyCertSign"
                                   : "critical,digitalSignature,keyEncipherment"));
  TRY(add_text_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth"));
  TRY(add_text_extension(certificate, NID_basic_constraints,
                         authority ? "critical,CA:TRUE" : "critical,CA:FALSE"));
  if (authority) TRY(add_subject_key(certificate));
  if (parent != nullptr) TRY(add_authority_key(certificate, parent));
  return add_names(certificate, request);
}

base::Status sign(X509* certificate, EVP_PKEY* key) {
  const int type = EVP_PKEY_get_base_id(key);
  if (type == EVP_PKEY_DSA)
    return invalid(
        "error creating certificate: x509: certificate private key does not implement "
        "crypto.Signer");
  const EVP_MD* digest = EVP_sha256();
  if (type == EVP_PKEY_ED25519) digest = nullptr;
  if (type == EVP_PKEY_EC && EVP_PKEY_get_bits(key) > 384) digest = EVP_sha512();
  if (type == EVP_PKEY_EC && EVP_PKEY_get_bits(key) == 384) digest = EVP_sha384();
  if (X509_sign(certificate, key, digest) == 0) return broken("signature");
  return {};
}

base::Result<std::string> to_pem(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return broken("certificate to PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

base::Status check_address(const std::string& address) {
  TRY(address_bytes(address));
  return {};
}

base::Result<CertificatePair> make_certificate(const CertificateRequest& request,
                                               const PrivateKey& key, const Signer* signer,
                                               Source& source) {
  const X509Certificate made(X509_new());
  X509* certificate = made.get();
  X509* parent = signer != nullptr ? signer->certificate.get() : nullptr;
  TRY_ASSIGN(const std::int64_t now, source.now());
  if (certificate == nullptr || X509_set_version(certificate, X509_VERSION_3) != 1 ||
      X509_set_pubkey(certificate, key.get()) != 1)
    return broken("certificate");
  TRY(set_serial(certificate, source));
  TRY(set_times(certificate, now, request.days));
  TRY(set_subject(certificate, request.common_name));
  if (X509_set_issuer_name(certificate,
                           X509_get_subject_name(parent != nullptr ? parent : certificate)) != 1)
    return broken("issuer");
  TRY(add_extensions(certificate, request, parent));
  TRY(sign(certificate, signer != nullptr ? signer->key.get() : key.get()));
  CertificatePair pair;
  TRY_ASSIGN(pair.cert, to_pem(certificate));
  TRY_ASSIGN(pair.key, key_to_pem(key));
  return pair;
}

}  // namespace tiphys::sprig
