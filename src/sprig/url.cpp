#include "tiphys/sprig/url.hpp"

#include "sprig/text_ops.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/address.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tiphys::sprig {
namespace {

enum class Part : std::uint8_t { path, user, host, zone, fragment };

base::Error invalid(std::string text) { return {base::Code::Invalid, std::move(text)}; }

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_alpha(char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); }

bool must_escape(char c, Part part) {
  if (is_alnum(c) || std::string_view("-_.~").contains(c)) return false;
  switch (part) {
    case Part::host:
    case Part::zone:
      return !std::string_view("!$&'()*+,;=:[]<>\"").contains(c);
    case Part::path:
      return !std::string_view("$&+,/:;=@").contains(c);
    case Part::user:
      return !std::string_view("$&+,;=").contains(c);
    case Part::fragment:
      return !std::string_view("$&+,/:;=?@!()*").contains(c);
  }
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

base::Error bad_escape(std::string_view text) {
  return invalid("invalid URL escape " + gotmpl::quote(text));
}

base::Result<std::string> unescape(std::string_view text, Part part) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad_escape(text.substr(i, 3));
      const auto byte = static_cast<char>(high * 16 + low);
      const bool percent = text.substr(i, 3) == "%25";
      if (part == Part::host && high < 8 && !percent) return bad_escape(text.substr(i, 3));
      if (part == Part::zone && !percent && byte != ' ' && must_escape(byte, Part::host))
        return bad_escape(text.substr(i, 3));
      out.push_back(byte);
      i += 2;
      continue;
    }
    if ((part == Part::host || part == Part::zone) && static_cast<unsigned char>(c) < 0x80 &&
        must_escape(c, part))
      return invalid("invalid character " + gotmpl::quote(text.substr(i, 1)) + " in host name");
    out.push_back(c);
  }
  return out;
}

std::string escape(std::string_view text, Part part) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (!must_escape(c, part)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

bool valid_port(std::string_view port) {
  return port.empty() || (port[0] == ':' && std::ranges::all_of(port.substr(1), [](char c) {
                            return c >= '0' && c <= '9';
                          }));
}
base::Error bad_port(std::string_view port) {
  return invalid("invalid port " + gotmpl::quote(port) + " after host");
}

base::Result<std::string> parse_bracketed(std::string_view host) {
  const std::size_t close = host.rfind(']');
  if (close == std::string_view::npos) return invalid("missing ']' in host");
  const std::string_view port = host.substr(close + 1);
  if (!valid_port(port)) return bad_port(port);
  const std::string_view name = host.substr(1, close - 1);
  const std::size_t zone = name.find("%25");
  TRY_ASSIGN(std::string address, unescape(name.substr(0, zone), Part::host));
  if (zone != std::string_view::npos) {
    TRY_ASSIGN(const std::string rest, unescape(name.substr(zone), Part::zone));
    address += rest;
  }
  if (const std::string problem = address_problem(address); !problem.empty())
    return invalid("invalid host: " + problem);
  if (!address.contains(':')) return invalid("invalid IP-literal");
  return "[" + address + "]" + std::string(port);
}

base::Result<std::string> parse_host(std::string_view scheme, std::string_view host) {
  const std::size_t bracket = host.rfind('[');
  if (bracket == 0) return parse_bracketed(host);
  if (bracket != std::string_view::npos) return invalid("invalid IP-literal");
  std::size_t colon = host.find(':');
  // Databases list several host:port pairs; http may not.
  if (scheme != "http" && scheme != "https") colon = host.rfind(':');
  if (colon != std::string_view::npos && !valid_port(host.substr(colon)))
    return bad_port(host.substr(colon));
  return unescape(host, Part::host);
}

base::Status parse_authority(Url& url, std::string_view authority) {
  const std::size_t at = authority.rfind('@');
  const bool has_user = at != std::string_view::npos;
  TRY_ASSIGN(url.host, parse_host(url.scheme, has_user ? authority.substr(at + 1) : authority));
  if (!has_user) return {};
  const std::string_view user = authority.substr(0, at);
  if (!std::ranges::all_of(user, [](char c) {
        return is_alnum(c) || std::string_view("-._:~!$&'()*+,;=%@").contains(c);
      }))
    return invalid("net/url: invalid userinfo");
  const std::size_t colon = user.find(':');
  Url::User parsed;
  TRY_ASSIGN(parsed.name, unescape(user.substr(0, colon), Part::user));
  if (colon != std::string_view::npos) {
    TRY_ASSIGN(parsed.password, unescape(user.substr(colon + 1), Part::user));
  }
  url.user = std::move(parsed);
  return {};
}

/// Takes the scheme off the front. Errors: an empty one.
base::Result<std::string> take_scheme(std::string_view& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_alpha(c)) continue;
    if (c == ':') {
      if (i == 0) return invalid("missing protocol scheme");
      std::string scheme = lower(text.substr(0, i));
      text.remove_prefix(i + 1);
      return scheme;
    }
    if (i == 0 || !(is_alnum(c) || c == '+' || c == '-' || c == '.')) break;
  }
  return std::string();
}

base::Status parse_rest(Url& url, std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return invalid("net/url: invalid control character in URL");
  if (text == "*") {
    url.path = "*";
    return {};
  }
  TRY_ASSIGN(url.scheme, take_scheme(text));
  const std::size_t question = text.find('?');
  if (question != std::string_view::npos) {
    url.query = std::string(text.substr(question + 1));
    text = text.substr(0, question);
  }
  if (!text.starts_with('/')) {
    if (!url.scheme.empty()) {
      url.opaque = std::string(text);
      return {};
    }
    if (text.substr(0, text.find('/')).contains(':'))
      return invalid("first path segment in URL cannot contain colon");
  }
  if (text.starts_with("//") && (!url.scheme.empty() || !text.starts_with("///"))) {
    const std::size_t slash = text.find('/', 2);
    TRY(parse_authority(url, text.substr(2, slash == std::string_view::npos ? slash : slash - 2)));
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  }
  TRY_ASSIGN(url.path, unescape(text, Part::path));
  if (escape(url.path, Part::path) != text) url.raw_path = text;
  return {};
}

}  // namespace

std::string Url::User::text() const {
  std::string out = escape(name, Part::user);
  if (password) out += ":" + escape(*password, Part::user);
  return out;
}

base::Result<Url> Url::parse(std::string_view text) {
  Url url;
  const std::size_t hash = text.find('#');
  const std::string_view before = text.substr(0, hash);
  if (auto status = parse_rest(url, before); !status.ok())
    return invalid("parse " + gotmpl::quote(before) + ": " + status.error().message());
  if (hash != std::string_view::npos) {
    auto fragment = unescape(text.substr(hash + 1), Part::fragment);
    if (!fragment.ok())
      return invalid("parse " + gotmpl::quote(text) + ": " + fragment.error().message());
    url.fragment = *std::move(fragment);
  }
  return url;
}

std::string Url::hostname() const {
  std::string_view name = host;
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && valid_port(name.substr(colon)))
    name = name.substr(0, colon);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return std::string(name);
}

std::string Url::text() const {
  std::string out;
  if (!scheme.empty()) out += scheme + ":";
  if (!opaque.empty()) {
    out += opaque;
  } else {
    if (!scheme.empty() || !host.empty() || user) {
      if (!host.empty() || !path.empty() || user) out += "//";
      if (user) out += user->text() + "@";
      out += escape(host, Part::host);
    }
    const std::string escaped = path == "*" ? "*" : escape(path, Part::path);
    if (!escaped.empty() && escaped[0] != '/' && !host.empty()) out += "/";
    // "a:b" alone would read as a scheme.
    if (out.empty() && std::string_view(escaped).substr(0, escaped.find('/')).contains(':'))
      out += "./";
    out += escaped;
  }
  if (!query.empty()) out += "?" + query;
  if (!fragment.empty()) out += "#" + escape(fragment, Part::fragment);
  return out;
}

}  // namespace tiphys::sprig
