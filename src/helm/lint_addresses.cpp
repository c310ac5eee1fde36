#include "helm/lint_addresses.hpp"

#include "helm/text.hpp"

#include "tiphys/sprig/url.hpp"

#include <re2/re2.h>

#include <string>

namespace tiphys::helm {

namespace {

/// (?:one|other)
std::string either(const std::string& one, const std::string& other) {
  return "(?:" + one + "|" + other + ")";
}
std::string maybe(const std::string& what) { return "(?:" + what + ")?"; }
std::string any(const std::string& what) { return "(?:" + what + ")*"; }

std::string email_pattern() {
  const std::string wide = R"(\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF})";
  const std::string letter = "[a-zA-Z" + wide + "]";
  const std::string alnum = "[a-zA-Z0-9" + wide + "]";
  const std::string atom = "[-a-zA-Z0-9!#$%&'*+/=?^_`{|}~" + wide + "]+";
  const std::string blanks = maybe(maybe(R"([ \t]*\r\n)") + R"([ \t]+)");
  const std::string plain = R"([\x01-\x08\x0b\x0c\x0e-\x1f\x7f!\x23-\x5b\x5d-\x7e)" + wide + "]";
  const std::string after_bracket = R"(\([\x01-\x09\x0b-\x7f])";
  // govalidator repeats the opening quote with what follows it.
  const std::string quoted = any("\"" + blanks + either(plain, after_bracket)) + blanks + "\"";
  const std::string label = alnum + maybe("[-a-zA-Z0-9._~" + wide + "]*" + alnum);
  const std::string last = letter + maybe("[-a-zA-Z0-9_~" + wide + "]*" + letter);
  return either(atom + any(R"(\.)" + atom), quoted) + "@(?:" + label + R"(\.)+)" + last + R"(\.?)";
}

std::string host_pattern() {
  const std::string octet = R"((?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5]))";
  const std::string first = R"((?:[1-9]\d?|1\d\d|2[01]\d|22[0-3]|24\d|25[0-5]))";
  const std::string ipv4 = first + "(?:\\." + octet + "){3}";
  // What is between the brackets has been read by Url::parse.
  const std::string ipv6 = R"(\[[0-9a-fA-F:.]+\]|\[fe80:[0-9a-fA-F:]*%[0-9a-zA-Z]+\])";
  const std::string alnum = "[a-zA-Z0-9]";
  const std::string labels = alnum + "[-_a-zA-Z0-9]*" + alnum + any("[-.]" + alnum + "+");
  const std::string subdomain =
      R"(www\.|)" + alnum + "+" + any("[-_.]?" + alnum) + alnum + R"(\.)" + alnum + "+";
  const std::string wide = R"([a-zA-Z\x{A1}-\x{FFFF}0-9]+)";
  const std::string name = maybe(labels + "|" + subdomain) + any(wide + "-?-?") + wide +
                           maybe(R"(\.[a-zA-Z\x{A1}-\x{FFFF}]+)");
  return "(?:" + ipv4 + "|" + ipv6 + "|" + name + ")";
}

std::string web_pattern() {
  return maybe("(?:ftp|tcp|udp|wss?|https?)://") + maybe(R"(\S+@)") + host_pattern() + R"(\.?)" +
         maybe(R"(:\d{1,5})") + maybe(R"([/?#]\S*)");
}

std::size_t count_runes(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_rune(text, at);
  return count;
}

}  // namespace

bool is_email_address(std::string_view text) {
  static const re2::RE2 kPattern(email_pattern(), re2::RE2::Quiet);
  return re2::RE2::FullMatch(text, kPattern);
}

bool is_web_address(std::string_view text) {
  constexpr std::size_t kLeastBytes = 4;
  constexpr std::size_t kMostRunes = 2082;
  static const re2::RE2 kPattern(web_pattern(), re2::RE2::Quiet);
  if (text.size() < kLeastBytes || text.starts_with('.') || count_runes(text) > kMostRunes)
    return false;
  const bool bare = text.contains(':') && !text.contains("://");
  const auto url = sprig::Url::parse(bare ? "http://" + std::string(text) : std::string(text));
  if (!url.ok() || url->host.starts_with('.')) return false;
  if (url->host.empty() && !url->path.empty() && !url->path.contains('.')) return false;
  return re2::RE2::FullMatch(text, kPattern);
}

bool is_absolute_url(std::string_view text) {
  // A request's URL has no fragment: what stands behind # is part of the path or query.
  const std::size_t hash = text.find('#');
  std::string plain(text);
  if (hash != std::string::npos) plain = replace_all(plain, "#", "%23");
  const auto url = sprig::Url::parse(plain);
  return url.ok() && !url->scheme.empty();
}

}  // namespace tiphys::helm
