#include "git/pkt_line.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tiphys::git {

using base::Code;
using base::Error;

std::string pkt(std::string_view data) { return fmt::format("{:04x}{}", data.size() + 4, data); }

std::string_view chomp(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

/// How many bytes the first whole line took; 0 when it isn't whole yet.
base::Result<std::size_t> PktReader::take_one(std::string_view bytes) const {
  if (bytes.size() < 4) return std::size_t{0};
  unsigned length = 0;
  const std::string digits(bytes.substr(0, 4));
  const char* const last = digits.c_str() + digits.size();
  const auto [end, failure] = std::from_chars(digits.c_str(), last, length, 16);
  if (failure != std::errc() || end != last || length == 3 || length > 65520)
    return Error(Code::Invalid, "the server's answer isn't git's protocol (bad line length)");
  if (length <= 2) {
    static constexpr PktKind kKinds[] = {PktKind::flush, PktKind::delimiter, PktKind::response_end};
    TRY(handler_({kKinds[length], {}}));
    return std::size_t{4};
  }
  if (bytes.size() < length) return std::size_t{0};
  TRY(handler_({PktKind::data, bytes.substr(4, length - 4)}));
  return std::size_t{length};
}

base::Status PktReader::feed(std::string_view piece) {
  rest_.append(piece);
  std::size_t used = 0;
  while (true) {
    TRY_ASSIGN(const std::size_t n, take_one(std::string_view(rest_).substr(used)));
    if (n == 0) break;
    used += n;
  }
  rest_.erase(0, used);
  return {};
}

base::Status PktReader::finish() const {
  if (rest_.empty()) return {};
  return Error(Code::Unavailable, "the server's answer ended early");
}

}  // namespace tiphys::git
