#pragma once

#include "tiphys/base/result.hpp"

#include <memory>
#include <string>

namespace tiphys::net {

struct TlsOptions {
  std::string ca_pem;           ///< whom to trust; empty: the system's certificates
  std::string client_cert_pem;  ///< with client_key_pem: who we are; chain after the leaf
  std::string client_key_pem;
  std::string server_name;  ///< SNI and the name to verify, instead of the URL's host
  bool insecure = false;    ///< certificates are not verified at all
  bool operator==(const TlsOptions&) const = default;
};

/// TLS 1.2 or later as the options say; immutable, shared by connections. Connections are pooled by
/// context: two contexts never share one.
class TlsContext {
 public:
  /// Errors: Invalid naming what could not be read (never quoting a key).
  static base::Result<std::shared_ptr<const TlsContext>> make(const TlsOptions& options);
  /// For a server. Errors: as make().
  static base::Result<std::shared_ptr<const TlsContext>> make_server(const std::string& cert_pem,
                                                                     const std::string& key_pem);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  struct Impl;
  Impl& impl() const { return *impl_; }

 private:
  TlsContext();
  std::unique_ptr<Impl> impl_;
};

}  // namespace tiphys::net
