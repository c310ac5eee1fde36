#pragma once

#include "sprig/natives.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/sprig/entropy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace tiphys::sprig {

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using PrivateKey = std::unique_ptr<evp_pkey_st, FreeKey>;
struct FreeCertificate {
  void operator()(x509_st* certificate) const;
};
using X509Certificate = std::unique_ptr<x509_st, FreeCertificate>;

/// A new key of OpenSSL's generators.
base::Result<PrivateKey> generate_key(KeyType type);
/// PEM under the block types that Go writes: RSA, EC and DSA in their own forms, else PKCS #8.
base::Result<std::string> key_to_pem(const PrivateKey& key);
/// Errors: Invalid with sprig's texts ("no PEM data in input", "invalid private key type X").
base::Result<PrivateKey> key_from_pem(std::string_view pem);
/// Errors: Invalid "unable to decode certificate", or `parsing` + ": x509: malformed certificate".
base::Result<X509Certificate> certificate_from_pem(std::string_view pem, std::string_view parsing);

enum class Authority : std::uint8_t { no, yes };

/// What a certificate is to say.
struct CertificateRequest {
  std::string common_name;
  std::vector<std::string> addresses;  ///< as text; checked by make_certificate
  std::vector<std::string> dns_names;
  std::int64_t days = 0;
  Authority authority = Authority::no;
};
struct Signer {
  X509Certificate certificate;
  PrivateKey key;
};

/// Makes and signs a certificate as sprig does with crypto/x509: serial of 128 random bits, valid
/// from now. Without a signer it signs itself. Errors: Invalid ("error parsing ip: x").
base::Result<CertificatePair> make_certificate(const CertificateRequest& request,
                                               const PrivateKey& key, const Signer* signer,
                                               Source& source);
/// Nothing when the text is an address.
base::Status check_address(const std::string& address);

}  // namespace tiphys::sprig
