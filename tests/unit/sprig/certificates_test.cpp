#include "unit/sprig/render.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace tiphys::sprig {
namespace {

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Certificate parse_certificate(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Certificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  return certificate;
}

Key parse_key(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Key key(PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  return key;
}

/// What a template that prints PEM texts separated by "|" made.
std::vector<std::string> parts_of(const std::string& text) {
  const auto out = render(text);
  EXPECT_TRUE(out.ok()) << out.error().text();
  std::vector<std::string> parts(1);
  if (!out.ok()) return parts;
  for (const char c : *out) {
    if (c == '|')
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

std::string extension(X509* certificate, int id) {
  const int at = X509_get_ext_by_NID(certificate, id, -1);
  if (at < 0) return "none";
  BIO* bio = BIO_new(BIO_s_mem());
  X509V3_EXT_print(bio, X509_get_ext(certificate, at), 0, 0);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

TEST(Certificates, SignedByAnAuthorityVerify) {
  const auto parts = parts_of(
      "{{ $ca := genCA \"my-ca\" 10 }}{{ $c := genSignedCert \"host.example\" (list \"10.0.0.1\" "
      "\"::1\") (list \"a.example\" \"*.b.example\") 5 $ca }}{{ $ca.Cert }}|{{ $c.Cert }}|{{ "
      "$c.Key }}");
  ASSERT_EQ(parts.size(), 3U);
  const Certificate authority = parse_certificate(parts[0]);
  const Certificate leaf = parse_certificate(parts[1]);
  const Key key = parse_key(parts[2]);
  ASSERT_TRUE(authority && leaf && key);
  EXPECT_EQ(X509_check_issued(authority.get(), leaf.get()), X509_V_OK);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(authority.get())), 1);
  EXPECT_EQ(X509_check_private_key(leaf.get(), key.get()), 1);
  EXPECT_EQ(extension(leaf.get(), NID_subject_alt_name),
            "DNS:a.example, DNS:*.b.example, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  EXPECT_EQ(extension(leaf.get(), NID_key_usage), "Digital Signature, Key Encipherment");
  EXPECT_EQ(extension(leaf.get(), NID_ext_key_usage),
            "TLS Web Server Authentication, TLS Web Client Authentication");
  EXPECT_EQ(extension(authority.get(), NID_key_usage),
            "Digital Signature, Key Encipherment, Certificate Sign");
  EXPECT_EQ(extension(authority.get(), NID_basic_constraints), "CA:TRUE");
  EXPECT_EQ(extension(authority.get(), NID_authority_key_identifier), "none");
  EXPECT_NE(extension(leaf.get(), NID_authority_key_identifier), "none");
  EXPECT_TRUE(parts[2].starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
}

TEST(Certificates, LiveForTheDaysAskedFor) {
  const auto parts = parts_of("{{ (genSelfSignedCert \"x\" nil nil 365).Cert }}");
  const Certificate certificate = parse_certificate(parts[0]);
  ASSERT_TRUE(certificate);
  int days = 0;
  int seconds = 0;
  ASSERT_EQ(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate.get()),
                           X509_get0_notAfter(certificate.get())),
            1);
  EXPECT_EQ(days, 365);
  EXPECT_EQ(seconds, 0);
  EXPECT_EQ(X509_get_version(certificate.get()), X509_VERSION_3);
  EXPECT_EQ(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())), 1);
}

TEST(Certificates, TakeAKeyThatIsGiven) {
  for (const char* type : {"ecdsa", "ed25519"}) {
    const auto parts =
        parts_of("{{ $k := genPrivateKey \"" + std::string(type) +
                 "\" }}{{ $ca := genCAWithKey \"ca\" 1 $k }}{{ $c := "
                 "genSignedCertWithKey \"x\" nil nil 1 $ca $k }}{{ $k }}|{{ $ca.Cert "
                 "}}|{{ $c.Cert }}|{{ $c.Key }}|{{ "
                 "(genSelfSignedCertWithKey \"s\" nil nil 1 $k).Key }}");
    ASSERT_EQ(parts.size(), 5U);
    const Certificate authority = parse_certificate(parts[1]);
    const Certificate leaf = parse_certificate(parts[2]);
    ASSERT_TRUE(authority && leaf) << type;
    EXPECT_EQ(parts[0], parts[3]);
    EXPECT_EQ(parts[0], parts[4]);
    EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(authority.get())), 1) << type;
  }
}

TEST(Certificates, BuildFromWhatTheyPrinted) {
  const auto parts = parts_of(
      "{{ $c := genCA \"x\" 1 }}{{ $d := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key) }}{{ eq "
      "$c.Cert $d.Cert }}|{{ eq $c.Key $d.Key }}");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0], "true");
  EXPECT_EQ(parts[1], "true");
}

}  // namespace
}  // namespace tiphys::sprig
