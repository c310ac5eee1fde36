#include "helm/schema_formats.hpp"

#include "helm/schema_rules.hpp"
#include "helm/text.hpp"

#include "tiphys/gotmpl/print.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace tiphys::helm {

namespace {

/// The first character that is no letter, digit or one of `allowed`, as %q prints it; "" for none.
std::string quoted_rune(std::string_view text, std::string_view allowed) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t size = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    const bool letter = (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
    const bool digit = byte >= '0' && byte <= '9';
    if (!letter && !digit && allowed.find(text[at]) == std::string_view::npos) {
      const std::string_view rune = text.substr(at, size);
      return rune == "'" ? "'\\''" : fmt::format("'{}'", rune);
    }
    at += size;
  }
  return "";
}

bool is_full_match(std::string_view text, const char* pattern) {
  return re2::RE2::FullMatch(text, re2::RE2(pattern, re2::RE2::Quiet));
}

/// "" or why not, in the words of the library that Helm uses; so for all of them.
std::string hostname_problem(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > 253) return "more than 253 characters long";
  for (std::string_view const label : split(text, '.')) {
    if (label.empty() || label.size() > 63) return "label must be 1 to 63 characters long";
    if (label.starts_with('-')) return "label starts with hyphen";
    if (label.ends_with('-')) return "label ends with hyphen";
    if (!is_full_match(label, "[-a-zA-Z0-9]*"))
      return "invalid character " + quoted_rune(label, "-");
  }
  return "";
}

std::string ipv4_problem(std::string_view text) {
  const auto groups = split(text, '.');
  if (groups.size() != 4) return "expected four decimals";
  for (std::string_view const group : groups) {
    if (group.size() > 1 && group[0] == '0') return "leading zeros";
    if (!is_full_match(group, "[-+]?[0-9]{1,9}"))
      return fmt::format("strconv.Atoi: parsing {}: invalid syntax", gotmpl::quote(group));
    if (!is_full_match(group, "[+]?[0-9]{1,3}") || std::stoi(std::string(group)) > 255)
      return "decimal must be between 0 and 255";
  }
  return "";
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

std::string local_part_problem(std::string_view local) {
  if (local.size() > 64) return "local part more than 64 characters long";
  if (local.size() > 1 && local.starts_with('"')) {
    if (local.substr(1, local.size() - 2).find_first_of("\\\"") != std::string_view::npos)
      return "backslash and quote are not allowed within quoted local part";
    return "";
  }
  if (local.starts_with('.')) return "starts with dot";
  if (local.ends_with('.')) return "ends with dot";
  if (local.contains("..")) return "consecutive dots";
  constexpr std::string_view kAllowed = ".!#$%&'*+-/=?^_`{|}~";
  const std::string odd = quoted_rune(local, kAllowed);
  return odd.empty() ? "" : "invalid character " + odd;
}

std::string email_problem(std::string_view text) {
  if (text.size() > 254) return "more than 255 characters long";
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return "missing @";
  if (std::string problem = local_part_problem(text.substr(0, at)); !problem.empty())
    return problem;
  const std::string_view domain = text.substr(at + 1);
  if (domain.starts_with("[IPv6:") && domain.ends_with(']'))
    return is_ipv6(domain.substr(6, domain.size() - 7)) ? "" : "invalid ipv6 address";
  if (domain.starts_with('[') && domain.ends_with(']') && domain.size() > 1) {
    const std::string problem = ipv4_problem(domain.substr(1, domain.size() - 2));
    return problem.empty() ? "" : "invalid ipv4 address: " + problem;
  }
  const std::string problem = hostname_problem(domain);
  return problem.empty() ? "" : "invalid domain: " + problem;
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

std::string date_time_problem(std::string_view text) {
  if (text.size() < 20) return "less than 20 characters long";
  if (text[10] != 't' && text[10] != 'T') return "11th character must be t or T";
  return is_date_time(text) ? "" : "invalid date-time";
}

template <bool (*ok)(std::string_view)>
std::string problem_of(std::string_view text, const char* why) {
  return ok(text) ? "" : why;
}

struct Format {
  std::string_view name;
  std::string (*problem)(std::string_view);
};
constexpr std::array<Format, 9> kFormats = {{
    {"hostname", hostname_problem},
    {"ipv4", ipv4_problem},
    {"ipv6",
     [](std::string_view text) {
       return problem_of<is_ipv6>(text, text.contains(':') ? "invalid address" : "missing colon");
     }},
    {"email", email_problem},
    {"uri", [](std::string_view text) { return problem_of<is_uri>(text, "relative url"); }},
    {"uri-reference",
     [](std::string_view text) { return problem_of<is_uri_reference>(text, "invalid url"); }},
    {"date", [](std::string_view text) { return problem_of<is_date>(text, "invalid date"); }},
    {"date-time", date_time_problem},
    {"regex",
     [](std::string_view text) {
       return problem_of<is_regex>(text, "invalid regular expression");
     }},
}};

}  // namespace

std::string format_finding(std::string_view format, const value::Value& value) {
  if (format.empty() || !value.is_string()) return {};
  const auto found = std::ranges::find(kFormats, format, &Format::name);
  if (found == kFormats.end()) return {};
  const std::string problem = found->problem(value.string());
  if (problem.empty()) return {};
  return fmt::format("{} is not valid {}: {}", quoted(value.string()), format, problem);
}

}  // namespace tiphys::helm
