#include "sprig/base_n.hpp"
#include "sprig/internal.hpp"
#include "sprig/natives.hpp"
#include "sprig/pki.hpp"

#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/print.hpp"

#include <array>
#include <optional>

namespace tiphys::sprig {
namespace {

// A key pair costs about as much as a few thousand templates.
constexpr std::uint64_t kKeySteps = 500'000;

class CertificateObject final : public gotmpl::NativeObject {
 public:
  explicit CertificateObject(CertificatePair pair) : pair(std::move(pair)) {}
  std::string_view go_type() const override { return "sprig.certificate"; }
  std::vector<std::pair<std::string_view, Value>> fields() const override {
    return {{"Cert", Value(pair.cert)}, {"Key", Value(pair.key)}};
  }
  std::optional<std::vector<std::pair<std::string, Value>>> json_fields() const override {
    return {{{"Cert", Value(pair.cert)}, {"Key", Value(pair.key)}}};
  }

  CertificatePair pair;
};

std::string_view arg(const Call& call, std::size_t i) { return call.args[i].string(); }

/// []interface {} of strings; `what` names the list in the error.
base::Result<std::vector<std::string>> strings(Call& call, const Value& list,
                                               std::string_view what) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) {
    if (!item.is_string()) {
      std::string shown;
      gotmpl::append_v(shown, item, call.run.host());
      return failure("error " + std::string(what) + ": " + shown + " is not a string");
    }
    out.emplace_back(item.string());
  }
  return out;
}

base::Result<CertificateRequest> leaf_request(Call& call) {
  CertificateRequest request;
  request.common_name = std::string(arg(call, 0));
  TRY_ASSIGN(request.addresses, strings(call, call.args[1], "parsing ip"));
  for (const std::string& address : request.addresses) TRY(check_address(address));
  TRY_ASSIGN(request.dns_names, strings(call, call.args[2], "processing alternate dns name"));
  request.days = call.args[3].integer();
  return request;
}

base::Result<Signer> signer_of(const Value& value) {
  const CertificatePair* pair = as_certificate(value);
  if (pair == nullptr) return nil_dereference();
  Signer signer;
  TRY_ASSIGN(
      signer.certificate,
      certificate_from_pem(pair->cert, "error parsing certificate: decodedSignerCert.Bytes"));
  auto key = key_from_pem(pair->key);
  if (!key.ok()) return failure("error parsing private key: " + key.error().message());
  signer.key = *std::move(key);
  return signer;
}

/// The key of a PEM argument, or a new one.
base::Result<PrivateKey> chosen_key(const std::optional<std::string>& pem, Source& source) {
  std::string text;
  if (pem) {
    text = *pem;
  } else {
    TRY_ASSIGN(text, source.private_key(KeyType::rsa2048));
  }
  auto key = key_from_pem(text);
  if (!key.ok()) return failure("parsing private key: " + key.error().message());
  return key;
}

Answer pair_answer(const Answer& answer) {
  if (!answer.ok()) return answer;
  return certificate_value(std::string((*answer)["Cert"].text()),
                           std::string((*answer)["Key"].text()));
}

Answer generate(Call& call, const CertificateRequest& request, const Signer* signer,
                const std::optional<std::string>& pem) {
  TRY(call.run.step(kKeySteps));
  return pair_answer(ask(call, [&](Source& source) -> Answer {
    TRY_ASSIGN(const PrivateKey key, chosen_key(pem, source));
    TRY_ASSIGN(const CertificatePair pair, make_certificate(request, key, signer, source));
    return Value::object({{"Cert", pair.cert}, {"Key", pair.key}});
  }));
}

std::optional<std::string> pem_argument(const Call& call, std::size_t i) {
  return i < call.args.size() ? std::optional(std::string(arg(call, i))) : std::nullopt;
}

Answer authority(Call& call) {
  CertificateRequest request;
  request.common_name = std::string(arg(call, 0));
  request.days = call.args[1].integer();
  request.authority = Authority::yes;
  return generate(call, request, nullptr, pem_argument(call, 2));
}

Answer self_signed(Call& call) {
  TRY_ASSIGN(const CertificateRequest request, leaf_request(call));
  return generate(call, request, nullptr, pem_argument(call, 4));
}

Answer signed_by(Call& call) {
  TRY_ASSIGN(const Signer signer, signer_of(call.args[4]));
  TRY_ASSIGN(const CertificateRequest request, leaf_request(call));
  return generate(call, request, &signer, pem_argument(call, 5));
}

Answer private_key(Call& call) {
  const std::string_view name = arg(call, 0);
  KeyType type = KeyType::rsa4096;
  if (name == "dsa")
    type = KeyType::dsa;
  else if (name == "ecdsa")
    type = KeyType::ecdsa_p256;
  else if (name == "ed25519")
    type = KeyType::ed25519;
  else if (!name.empty() && name != "rsa")
    return Value("Unknown type " + std::string(name));
  TRY(call.run.step(kKeySteps));
  return ask(call, [type](Source& source) -> Answer {
    TRY_ASSIGN(std::string pem, source.private_key(type));
    return Value(std::move(pem));
  });
}

Answer custom(Call& call) {
  auto cert = decode_base64(arg(call, 0));
  if (!cert.ok()) return failure("unable to decode base64 certificate");
  auto key = decode_base64(arg(call, 1));
  if (!key.ok()) return failure("unable to decode base64 private key");
  TRY(certificate_from_pem(*cert, "error parsing certificate: decodedCert.Bytes"));
  if (const auto parsed = key_from_pem(*key); !parsed.ok())
    return failure("error parsing private key: " + parsed.error().message());
  return certificate_value(*std::move(cert), *std::move(key));
}

constexpr auto kCertificates = std::to_array<Function>({
    {"genPrivateKey", "string", private_key},
    {"genCA", "string, int", authority},
    {"genCAWithKey", "string, int, string", authority},
    {"genSelfSignedCert", "string, []any, []any, int", self_signed},
    {"genSelfSignedCertWithKey", "string, []any, []any, int, string", self_signed},
    {"genSignedCert", "string, []any, []any, int, sprig.certificate", signed_by},
    {"genSignedCertWithKey", "string, []any, []any, int, sprig.certificate, string", signed_by},
    {"buildCustomCert", "string, string", custom},
});

}  // namespace

Value certificate_value(std::string cert, std::string key) {
  return Value(std::make_shared<CertificateObject>(
      CertificatePair{.cert = std::move(cert), .key = std::move(key)}));
}

const CertificatePair* as_certificate(const Value& value) {
  const auto* object = dynamic_cast<const CertificateObject*>(gotmpl::native_object(value));
  return object != nullptr ? &object->pair : nullptr;
}

std::span<const Function> certificate_functions() { return kCertificates; }

}  // namespace tiphys::sprig
