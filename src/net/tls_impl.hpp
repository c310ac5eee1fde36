#pragma once

#include "tiphys/net/tls.hpp"

#include <boost/asio/ssl/context.hpp>

namespace tiphys::net {

struct TlsContext::Impl {
  explicit Impl(boost::asio::ssl::context::method method) : context(method) {}
  mutable boost::asio::ssl::context context;
  std::string server_name;
  bool insecure = false;
};

/// The system's certificates, verified; made once.
base::Result<std::shared_ptr<const TlsContext>> system_tls();

}  // namespace tiphys::net
