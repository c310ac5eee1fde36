#include "tiphys/net/proxy.hpp"

#include "tiphys/base/encoding.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace tiphys::net {

namespace {

using base::Code;
using base::Error;

/// An address as 16 bytes, IPv4 mapped.
using Address = std::array<unsigned char, 16>;
constexpr std::size_t kMapped = 12;  ///< bytes before an IPv4 address in it

std::optional<Address> parse_address(const std::string& text) {
  Address out{};
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  if (inet_pton(AF_INET, text.c_str(), out.data() + kMapped) != 1) return std::nullopt;
  out[10] = out[11] = 0xFF;
  return out;
}

bool is_mapped(const Address& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](auto byte) { return byte == 0; }) &&
         address[10] == 0xFF && address[11] == 0xFF;
}

bool is_loopback(const Address& address) {
  if (is_mapped(address)) return address[kMapped] == 127;
  Address one{};
  one.back() = 1;
  return address == one;
}

/// The first `bits` bits are those of the net.
bool same_net(const Address& address, const Address& net, std::size_t bits) {
  for (std::size_t i = 0; i < bits; ++i) {
    const unsigned mask = 0x80U >> (i % 8U);
    if ((address.at(i / 8) & mask) != (net.at(i / 8) & mask)) return false;
  }
  return true;
}

std::string lowered(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      if (const auto byte = base::from_hex(text.substr(i + 1, 2))) {
        out += *byte;
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

/// "a:80" -> {"a", "80"}; "[::1]:80" -> {"::1", "80"}; "a", "::1" -> {as it is, ""}.
std::pair<std::string, std::string> split_port(const std::string& text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string::npos) return {text, ""};
    const bool port = end + 1 < text.size() && text[end + 1] == ':';
    return {text.substr(1, end - 1), port ? text.substr(end + 2) : ""};
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos)
    return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// Does an entry with a '/' hold the address? nullopt: it is no CIDR.
std::optional<bool> in_cidr(const std::string& entry, const std::optional<Address>& address) {
  const auto slash = entry.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto net = parse_address(entry.substr(0, slash));
  std::size_t bits = 0;
  const char* const end = entry.data() + entry.size();
  const auto read = std::from_chars(entry.data() + slash + 1, end, bits);
  if (!net || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  const bool v4 = is_mapped(*net);
  if (bits > (v4 ? 32U : 128U)) return std::nullopt;
  return address && is_mapped(*address) == v4 && same_net(*address, *net, v4 ? bits + 96 : bits);
}

bool entry_matches(const std::string& entry, const std::string& host,
                   const std::optional<Address>& address, const std::string& port) {
  if (entry == "*") return true;
  if (const auto inside = in_cidr(entry, address)) return *inside;
  auto [name, only_port] = split_port(entry);
  if (name.empty() || (!only_port.empty() && only_port != port)) return false;
  if (const auto one = parse_address(name)) return address == one;
  if (address) return false;
  if (name.starts_with("*.")) name.erase(0, 1);
  if (name.starts_with('.')) return host.ends_with(name);
  return host == name || host.ends_with("." + name);
}

bool goes_directly(const Url& url, const std::string& none) {
  const auto address = parse_address(url.host);
  if (url.host == "localhost" || (address && is_loopback(*address))) return true;
  const std::string port = std::to_string(url.port);
  std::string_view rest = none;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string entry = lowered(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (!entry.empty() && entry_matches(entry, url.host, address, port)) return true;
  }
  return false;
}

}  // namespace

base::Result<Proxy> Proxy::parse(std::string_view text) {
  std::string whole(text);
  if (!text.contains("://")) whole = "http://" + whole;
  const auto scheme_end = whole.find("://");
  const std::string scheme = lowered(whole.substr(0, scheme_end));
  if (scheme != "http") {
    if (scheme == "https" || scheme.starts_with("socks"))
      return Error(Code::Unimplemented, "not supported: proxy with " + scheme);
    return Error(Code::Invalid, "proxy: the scheme must be http");
  }
  Proxy proxy;
  const auto begin = scheme_end + 3;
  const auto end = std::min(whole.find_first_of("/?#", begin), whole.size());
  if (const auto at = whole.rfind('@', end); at != std::string::npos && at >= begin) {
    const std::string_view user = std::string_view(whole).substr(begin, at - begin);
    const auto colon = user.find(':');
    const auto password =
        colon == std::string_view::npos ? std::string_view() : user.substr(colon + 1);
    proxy.authorization = "Basic " + base::base64_encode(percent_decode(user.substr(0, colon)) +
                                                         ":" + percent_decode(password));
    whole.erase(begin, at + 1 - begin);
  }
  TRY_ASSIGN(proxy.url, Url::parse(whole).context("proxy"));
  proxy.url.target = "/";
  return proxy;
}

base::Result<std::optional<Proxy>> ProxyRules::proxy_for(const Url& url) const {
  const std::string& text = url.scheme == "https" ? https : http;
  if (text.empty() || goes_directly(url, none)) return std::optional<Proxy>();
  TRY_ASSIGN(auto proxy, Proxy::parse(text));
  return std::optional<Proxy>(std::move(proxy));
}

}  // namespace tiphys::net
