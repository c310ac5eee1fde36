#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/net/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::net {

/// A forward proxy that is spoken to in plain HTTP: https goes through a CONNECT tunnel, http as
/// absolute targets.
struct Proxy {
  Url url;                    ///< scheme http, target "/"
  std::string authorization;  ///< value of Proxy-Authorization, or ""; never printed
  bool operator==(const Proxy&) const = default;

  /// "http://[user:password@]host[:port]"; without a scheme http is meant. Errors: Unimplemented
  /// for https and socks5 proxies, Invalid for anything else. No message quotes what stands before
  /// an '@'.
  static base::Result<Proxy> parse(std::string_view text);
};

/// Which server is reached through which proxy: the texts of HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
struct ProxyRules {
  std::string http;
  std::string https;
  std::string none;  ///< hosts, domains, addresses, CIDRs, each with or without a port; "*": all
  bool operator==(const ProxyRules&) const = default;

  /// As Go's golang.org/x/net/http/httpproxy, which Argo CD uses: localhost and loopback addresses
  /// never go through a proxy. nullopt: directly. Errors: as Proxy::parse.
  base::Result<std::optional<Proxy>> proxy_for(const Url& url) const;
};

}  // namespace tiphys::net
