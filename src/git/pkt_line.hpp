#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tiphys::git {

enum class PktKind : std::uint8_t { data, flush, delimiter, response_end };

/// One pkt-line of git's protocol (gitprotocol-common). `data` is a view that lives for the call.
struct Pkt {
  PktKind kind = PktKind::data;
  std::string_view data;
};

/// "0009text\n"-style framing. Data over 65516 bytes must not be given.
std::string pkt(std::string_view data);
inline constexpr std::string_view kFlushPkt = "0000";
inline constexpr std::string_view kDelimiterPkt = "0001";

/// Cuts a byte stream that comes in pieces into pkt-lines. Errors: Invalid for a length that is
/// no hexadecimal number or is impossible, and at finish() for a stream that ends inside a line.
class PktReader {
 public:
  using Handler = std::function<base::Status(const Pkt&)>;
  explicit PktReader(Handler handler) : handler_(std::move(handler)) {}

  base::Status feed(std::string_view piece);
  base::Status finish() const;

 private:
  base::Result<std::size_t> take_one(std::string_view bytes) const;

  Handler handler_;
  std::string rest_;
};

/// The text of a line: without its trailing newline.
std::string_view chomp(std::string_view line);

}  // namespace tiphys::git
