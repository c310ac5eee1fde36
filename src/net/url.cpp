#include "tiphys/net/url.hpp"

#include <algorithm>
#include <charconv>

namespace tiphys::net {

namespace {

using base::Code;
using base::Error;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

base::Status read_host_and_port(std::string_view authority, Url& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return Error(Code::Invalid, "URL: '[' without ']' in host");
    url.host = lowered(authority.substr(1, end - 1));
    authority.remove_prefix(end + 1);
    if (!authority.empty() && !authority.starts_with(':'))
      return Error(Code::Invalid, "URL: unexpected text after ']'");
    port = authority.empty() ? authority : authority.substr(1);
  } else {
    const auto colon = authority.find(':');
    url.host = lowered(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
  }
  if (url.host.empty()) return Error(Code::Invalid, "URL: no host");
  if (url.host.find_first_of("\"<>\\^`{|}%") != std::string::npos)
    return Error(Code::Invalid, "URL: the host has a character that no host name has");
  if (port.empty()) return {};
  const char* const begin = port.data();  // NOLINT(bugprone-suspicious-stringview-data-usage)
  const char* const end = begin + port.size();
  const auto read = std::from_chars(begin, end, url.port);
  if (read.ec != std::errc() || read.ptr != end || url.port == 0)
    return Error(Code::Invalid, "URL: bad port");
  return {};
}

}  // namespace

base::Result<Url> Url::parse(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  url.scheme = lowered(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (url.scheme != "http" && url.scheme != "https")
    return Error(Code::Invalid, "URL: the scheme must be http or https");
  if (!std::ranges::all_of(text, is_visible))
    return Error(Code::Invalid, "URL: blanks, control characters and non-ASCII must be encoded");
  url.port = url.scheme == "https" ? 443 : 80;
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto slash = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, slash);
  if (authority.contains('@'))
    return Error(Code::Invalid, "URL: user and password don't belong in it");
  TRY(read_host_and_port(authority, url));
  if (slash != std::string_view::npos) {
    url.target = rest[slash] == '?' ? "/" : "";
    url.target += rest.substr(slash);
  }
  return url;
}

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (scheme == "https" ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

}  // namespace tiphys::net
