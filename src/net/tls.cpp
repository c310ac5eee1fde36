#include "net/tls_impl.hpp"

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tiphys::net {

namespace {

namespace ssl = boost::asio::ssl;
using base::Code;
using base::Error;
using boost::system::error_code;

base::Status set_identity(ssl::context& context, const std::string& cert, const std::string& key,
                          const std::string& whose) {
  error_code error;
  context.use_certificate_chain(boost::asio::buffer(cert), error);
  if (error) return Error(Code::Invalid, whose + " certificate: not PEM: " + error.message());
  context.use_private_key(boost::asio::buffer(key), ssl::context::pem, error);
  if (error)
    return Error(Code::Invalid,
                 whose + " key: not an unencrypted PEM key of its certificate: " + error.message());
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    ERR_clear_error();
    return Error(Code::Invalid, whose + " key does not belong to the certificate");
  }
  return {};
}

base::Status configure(ssl::context& context, const TlsOptions& options) {
  error_code error;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(options.insecure ? ssl::verify_none : ssl::verify_peer, error);
  if (options.ca_pem.empty()) {
    context.set_default_verify_paths(error);
    if (error) return Error(Code::Invalid, "the system's certificates: " + error.message());
  } else {
    context.add_certificate_authority(boost::asio::buffer(options.ca_pem), error);
    if (error) return Error(Code::Invalid, "CA bundle: not PEM: " + error.message());
  }
  if (options.client_cert_pem.empty() != options.client_key_pem.empty())
    return Error(Code::Invalid, "a client certificate needs its key, and a key its certificate");
  if (options.client_cert_pem.empty()) return {};
  return set_identity(context, options.client_cert_pem, options.client_key_pem, "client");
}

}  // namespace

TlsContext::TlsContext() = default;
TlsContext::~TlsContext() = default;

base::Result<std::shared_ptr<const TlsContext>> TlsContext::make(const TlsOptions& options) {
  const std::shared_ptr<TlsContext> made(new TlsContext());
  made->impl_ = std::make_unique<Impl>(ssl::context::tls_client);
  made->impl_->server_name = options.server_name;
  made->impl_->insecure = options.insecure;
  TRY(configure(made->impl_->context, options));
  return std::shared_ptr<const TlsContext>(made);
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::make_server(
    const std::string& cert_pem, const std::string& key_pem) {
  const std::shared_ptr<TlsContext> made(new TlsContext());
  made->impl_ = std::make_unique<Impl>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(made->impl_->context.native_handle(), TLS1_2_VERSION);
  TRY(set_identity(made->impl_->context, cert_pem, key_pem, "server"));
  return std::shared_ptr<const TlsContext>(made);
}

base::Result<std::shared_ptr<const TlsContext>> system_tls() {
  static const auto kSystem = TlsContext::make(TlsOptions{});
  return kSystem;
}

}  // namespace tiphys::net
