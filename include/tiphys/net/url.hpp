#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::net {

/// An absolute http or https URL, taken apart. Without userinfo: credentials travel in headers.
struct Url {
  std::string scheme = "https";  ///< "http" or "https"
  std::string host;              ///< without the brackets of an IPv6 address; lower case
  std::uint16_t port = 443;
  std::string target = "/";  ///< path and query, percent-encoded as it is sent

  /// Errors: Invalid (scheme, userinfo, port, blanks or control characters), without quoting what
  /// stands before an '@'.
  static base::Result<Url> parse(std::string_view text);

  /// "example.org", "[::1]:8080": the Host header; the port only if it isn't the scheme's own.
  std::string authority() const;
  /// "https://example.org:8443", for messages.
  std::string origin() const { return scheme + "://" + authority(); }
  bool operator==(const Url&) const = default;
};

/// RFC 3986: all but unreserved characters percent-encoded.
std::string percent_encode(std::string_view text);

}  // namespace tiphys::net
