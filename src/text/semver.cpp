#include "tiphys/text/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tiphys::text {

namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kMaxVersion = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

Error invalid(std::string message) { return {Code::Invalid, std::move(message)}; }

/// strconv.ParseUint(text, 10, 64) with its messages.
Result<std::uint64_t> parse_uint(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(end - text.size(), end, number);
  if (parsed.ec == std::errc::result_out_of_range)
    return invalid(fmt::format("strconv.ParseUint: parsing \"{}\": value out of range", text));
  if (parsed.ec != std::errc() || parsed.ptr != end)
    return invalid(fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", text));
  return number;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

base::Status check_prerelease(std::string_view text) {
  for (const std::string_view part : split(text, '.')) {
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_identifier))
      return invalid("invalid prerelease string");
    if (all_digits(part) && part.size() > 1 && part[0] == '0')
      return invalid("version segment starts with 0");
  }
  return {};
}

base::Status check_metadata(std::string_view text) {
  for (const std::string_view part : split(text, '.'))
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_identifier))
      return invalid("invalid metadata string");
  return {};
}

/// Dot-separated identifiers after `mark`, as the loose regular expression takes them.
std::optional<std::string_view> identifiers(std::string_view& rest, char mark) {
  if (rest.empty() || rest[0] != mark) return std::string_view();
  std::size_t end = 1;
  while (end < rest.size() && (is_identifier(rest[end]) || rest[end] == '.')) ++end;
  const std::string_view found = rest.substr(1, end - 1);
  for (const std::string_view part : split(found, '.'))
    if (part.empty()) return std::nullopt;
  rest.remove_prefix(end);
  return found;
}

int compare_part(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty()) return -1;
  if (b.empty()) return 1;
  const auto x = parse_uint(a);
  const auto y = parse_uint(b);
  if (x.ok() && y.ok()) return *x > *y ? 1 : -1;
  if (x.ok() != y.ok()) return x.ok() ? -1 : 1;
  return a > b ? 1 : -1;
}

int compare_prerelease(std::string_view a, std::string_view b) {
  const auto left = split(a, '.');
  const auto right = split(b, '.');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const int order =
        compare_part(i < left.size() ? left[i] : "", i < right.size() ? right[i] : "");
    if (order != 0) return order;
  }
  return 0;
}

Version next(const Version& from, std::uint64_t major, std::uint64_t minor, std::uint64_t patch) {
  Version out{.major = major,
              .minor = minor,
              .patch = patch,
              .prerelease = {},
              .metadata = {},
              .original = {}};
  out.original = (from.original.starts_with('v') ? "v" : "") + out.text();
  return out;
}

}  // namespace

std::string Version::text() const {
  std::string out = fmt::format("{}.{}.{}", major, minor, patch);
  if (!prerelease.empty()) out += "-" + prerelease;
  if (!metadata.empty()) out += "+" + metadata;
  return out;
}

Version Version::inc_patch() const {
  return next(*this, major, minor, prerelease.empty() ? patch + 1 : patch);
}
Version Version::inc_minor() const { return next(*this, major, minor + 1, 0); }
Version Version::inc_major() const { return next(*this, major + 1, 0, 0); }

Result<Version> parse_version(std::string_view text) {
  if (text.size() > kMaxVersion)
    return invalid(fmt::format("version string is too long (max {} bytes)", kMaxVersion));
  Version out;
  out.original = text;
  std::string_view rest = text;
  if (rest.starts_with('v')) rest.remove_prefix(1);
  const std::array<std::uint64_t*, 3> numbers = {&out.major, &out.minor, &out.patch};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && !(rest.size() > 1 && rest[0] == '.' && is_digit(rest[1]))) break;
    if (i > 0) rest.remove_prefix(1);
    std::size_t size = 0;
    while (size < rest.size() && is_digit(rest[size])) ++size;
    if (size == 0) return invalid("invalid semantic version");
    auto number = parse_uint(rest.substr(0, size));
    if (!number.ok()) return std::move(number).context("error parsing version segment").error();
    *numbers.at(i) = *number;
    rest.remove_prefix(size);
  }
  const auto prerelease = identifiers(rest, '-');
  const auto metadata = prerelease ? identifiers(rest, '+') : std::nullopt;
  if (!metadata || !rest.empty()) return invalid("invalid semantic version");
  out.prerelease = *prerelease;
  out.metadata = *metadata;
  if (!out.prerelease.empty()) TRY(check_prerelease(out.prerelease));
  return out;
}

Result<Version> parse_strict_version(std::string_view text) {
  if (text.empty()) return invalid("version string empty");
  if (text.size() > kMaxVersion)
    return invalid(fmt::format("version string is too long (max {} bytes)", kMaxVersion));
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return invalid("invalid semantic version");
  Version out;
  out.original = text;
  std::string_view patch = text.substr(second + 1);
  if (const std::size_t plus = patch.find('+'); plus != std::string_view::npos) {
    out.metadata = patch.substr(plus + 1);
    patch = patch.substr(0, plus);
    TRY(check_metadata(out.metadata));
  }
  if (const std::size_t dash = patch.find('-'); dash != std::string_view::npos) {
    out.prerelease = patch.substr(dash + 1);
    patch = patch.substr(0, dash);
    TRY(check_prerelease(out.prerelease));
  }
  const std::array<std::string_view, 3> parts = {text.substr(0, first),
                                                 text.substr(first + 1, second - first - 1), patch};
  for (const std::string_view part : parts) {
    if (!all_digits(part)) return invalid("invalid characters in version");
    if (part.size() > 1 && part[0] == '0') return invalid("version segment starts with 0");
  }
  TRY_ASSIGN(out.major, parse_uint(parts[0]));
  TRY_ASSIGN(out.minor, parse_uint(parts[1]));
  TRY_ASSIGN(out.patch, parse_uint(parts[2]));
  return out;
}

int compare(const Version& a, const Version& b) {
  if (a.major != b.major) return a.major < b.major ? -1 : 1;
  if (a.minor != b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.patch != b.patch) return a.patch < b.patch ? -1 : 1;
  if (a.prerelease.empty() || b.prerelease.empty()) {
    if (a.prerelease.empty() && b.prerelease.empty()) return 0;
    return a.prerelease.empty() ? 1 : -1;
  }
  return compare_prerelease(a.prerelease, b.prerelease);
}

int compare_prereleases(std::string_view a, std::string_view b) { return compare_prerelease(a, b); }

}  // namespace tiphys::text
