#include "helm/schema_formats.hpp"

#include "helm/schema_rules.hpp"
#include "helm/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace tiphys::helm {

namespace {

bool is_full_match(std::string_view text, const char* pattern) {
  return re2::RE2::FullMatch(text, re2::RE2(pattern, re2::RE2::Quiet));
}

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  return std::ranges::all_of(split(text, '.'), [](std::string_view label) {
    return label.size() <= 63 && is_full_match(label, "[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?");
  });
}

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at <= 64 && text.size() <= 254 &&
         is_hostname(text.substr(at + 1));
}

bool is_uri_reference(std::string_view text) {
  return is_full_match(text, "[^\\s\\\\<>{}|^`\"]*") &&
         !is_full_match(text, ".*%([^0-9A-Fa-f].*|.[^0-9A-Fa-f].*|.?)");
}

bool is_uri(std::string_view text) {
  return is_uri_reference(text) && is_full_match(text, "[a-zA-Z][-+.a-zA-Z0-9]*:.*");
}

bool is_date(std::string_view text) {
  return is_full_match(text, "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && is_date(text.substr(0, 10)) &&
         is_full_match(text.substr(10),
                       "[Tt]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?"
                       "([Zz]|[-+]([01]\\d|2[0-3]):[0-5]\\d)");
}

bool is_regex(std::string_view text) { return re2::RE2(text, re2::RE2::Quiet).ok(); }

struct Format {
  std::string_view name;
  bool (*ok)(std::string_view);
  std::string_view why;
};
constexpr std::array<Format, 9> kFormats = {{
    {"hostname", is_hostname, "invalid hostname"},
    {"ipv4", is_ipv4, "expected four decimals"},
    {"ipv6", is_ipv6, "invalid address"},
    {"email", is_email, "invalid address"},
    {"uri", is_uri, "relative url"},
    {"uri-reference", is_uri_reference, "invalid url"},
    {"date", is_date, "invalid date"},
    {"date-time", is_date_time, "invalid date-time"},
    {"regex", is_regex, "invalid regular expression"},
}};

}  // namespace

std::string format_finding(std::string_view format, const value::Value& value) {
  if (format.empty() || !value.is_string()) return {};
  const auto found = std::ranges::find(kFormats, format, &Format::name);
  if (found == kFormats.end() || found->ok(value.string())) return {};
  return fmt::format("{} is not valid {}: {}", quoted(value.string()), format, found->why);
}

}  // namespace tiphys::helm
