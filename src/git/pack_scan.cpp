#include "git/pack_scan.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string_view>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kBuffer = std::size_t{64} << 10;
constexpr unsigned kOfsDelta = 6;
constexpr unsigned kRefDelta = 7;

Error broken(std::string_view why) { return {Code::Invalid, fmt::format("damaged pack: {}", why)}; }

/// Bytes of a file, one by one or as inflated streams.
class Source {
 public:
  explicit Source(const std::string& file) : in_(file, std::ios::binary) {}

  base::Result<std::uint8_t> byte() {
    if (at_ == end_ && !fill()) return broken("it ends early");
    return buffer_[at_++];
  }

  base::Status skip(std::size_t count) {
    for (; count > 0; --count) TRY(byte_status());
    return {};
  }

  /// Inflates one zlib stream of exactly `size` bytes; gives its first bytes.
  base::Result<std::string> inflate_entry(std::uint64_t size);

 private:
  base::Status byte_status() {
    TRY_ASSIGN([[maybe_unused]] const std::uint8_t unused, byte());
    return {};
  }

  bool fill() {
    in_.read(reinterpret_cast<char*>(buffer_.data()), kBuffer);
    at_ = 0;
    end_ = static_cast<std::size_t>(in_.gcount());
    return end_ > 0;
  }

  std::ifstream in_;
  std::array<std::uint8_t, kBuffer> buffer_{};
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

base::Result<std::string> Source::inflate_entry(std::uint64_t size) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return Error(Code::Internal, "zlib can't start");
  struct End {
    z_stream* stream;
    ~End() { inflateEnd(stream); }
  } const end{&stream};
  std::array<std::uint8_t, kBuffer> out{};
  std::string head;
  std::uint64_t total = 0;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (at_ == end_ && !fill()) return broken("it ends early");
    stream.next_in = buffer_.data() + at_;
    stream.avail_in = static_cast<uInt>(end_ - at_);
    stream.next_out = out.data();
    stream.avail_out = kBuffer;
    state = inflate(&stream, Z_NO_FLUSH);
    at_ = end_ - stream.avail_in;
    const std::size_t got = kBuffer - stream.avail_out;
    if (head.size() < 20)
      head.append(out.begin(),
                  out.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(got, 20)));
    total += got;
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
      return broken("bad compressed data");
    if (total > size) return broken("an object is longer than it says");
  }
  if (total != size) return broken("an object is shorter than it says");
  return head;
}

/// The second number of a delta: how long its result is.
std::optional<std::uint64_t> delta_result(std::string_view head) {
  std::uint64_t value = 0;
  for (int number = 0; number < 2; ++number) {
    value = 0;
    unsigned shift = 0;
    bool more = true;
    while (more) {
      if (head.empty() || shift > 56) return std::nullopt;
      const auto c = static_cast<std::uint8_t>(head.front());
      head.remove_prefix(1);
      value |= std::uint64_t{c & 0x7FU} << shift;
      shift += 7;
      more = (c & 0x80U) != 0;
    }
  }
  return value;
}

Error too_large(std::uint64_t size, const PackLimits& limits) {
  return {Code::ResourceExhausted,
          fmt::format("the repository has an object of {} bytes; the limit is {}", size,
                      limits.object_bytes)};
}

base::Status scan_entry(Source& source, const PackLimits& limits) {
  TRY_ASSIGN(std::uint8_t c, source.byte());
  const unsigned type = (c >> 4U) & 7U;
  std::uint64_t size = c & 0x0FU;
  for (unsigned shift = 4; (c & 0x80U) != 0; shift += 7) {
    if (shift > 56) return broken("bad object header");
    TRY_ASSIGN(c, source.byte());
    size |= std::uint64_t{c & 0x7FU} << shift;
  }
  if (type == 0 || type == 5) return broken("unknown type of object");
  if (size > limits.object_bytes) return too_large(size, limits);
  if (type == kRefDelta) TRY(source.skip(20));
  if (type == kOfsDelta) {
    do {
      TRY_ASSIGN(c, source.byte());
    } while ((c & 0x80U) != 0);
  }
  TRY_ASSIGN(const std::string head, source.inflate_entry(size));
  if (type != kRefDelta && type != kOfsDelta) return {};
  const auto result = delta_result(head);
  if (!result) return broken("bad delta");
  if (*result > limits.object_bytes) return too_large(*result, limits);
  return {};
}

base::Result<std::uint32_t> number(Source& source) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    TRY_ASSIGN(const std::uint8_t c, source.byte());
    value = value << 8U | c;
  }
  return value;
}

}  // namespace

base::Status scan_pack(const std::string& file, const PackLimits& limits) {
  Source source(file);
  TRY_ASSIGN(const std::uint32_t magic, number(source));
  TRY_ASSIGN(const std::uint32_t version, number(source));
  TRY_ASSIGN(const std::uint32_t count, number(source));
  if (magic != 0x5041434BU || (version != 2 && version != 3)) return broken("no pack at all");
  if (count > limits.objects)
    return Error(Code::ResourceExhausted,
                 fmt::format("the pack has {} objects; the limit is {}", count, limits.objects));
  for (std::uint32_t i = 0; i < count; ++i) TRY(scan_entry(source, limits));
  return source.skip(20);
}

}  // namespace tiphys::git
