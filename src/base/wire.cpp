#include "tiphys/base/wire.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace tiphys::base {

namespace {
constexpr std::size_t kNumber = 8;
constexpr unsigned kByte = 8;
}  // namespace

void WireWriter::number(std::uint64_t number) {
  for (std::size_t i = 0; i < kNumber; ++i) {
    bytes_.push_back(static_cast<char>(number & 0xFF));
    number >>= kByte;
  }
}

void WireWriter::text(std::string_view text) {
  number(text.size());
  bytes_ += text;
}

std::uint64_t WireReader::number() {
  if (failed_ || rest_.size() < kNumber) {
    failed_ = true;
    return 0;
  }
  std::uint64_t out = 0;
  for (std::size_t i = kNumber; i > 0; --i)
    out = (out << kByte) | static_cast<unsigned char>(rest_[i - 1]);
  rest_.remove_prefix(kNumber);
  return out;
}

std::string_view WireReader::view() {
  const std::uint64_t size = number();
  if (failed_ || size > rest_.size()) {
    failed_ = true;
    return {};
  }
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

bool WireReader::flag() {
  if (failed_ || rest_.empty() || static_cast<unsigned char>(rest_.front()) > 1) {
    failed_ = true;
    return false;
  }
  const bool out = rest_.front() != '\0';
  rest_.remove_prefix(1);
  return out;
}

std::size_t WireReader::count() {
  const std::uint64_t out = number();
  if (out > rest_.size()) failed_ = true;
  return failed_ ? 0 : out;
}

std::uint64_t WireReader::number_below(std::uint64_t end) {
  const std::uint64_t out = number();
  if (out >= end) failed_ = true;
  return failed_ ? 0 : out;
}

Status WireReader::finish() const {
  if (!failed_ && rest_.empty()) return {};
  return Error(Code::Invalid, fmt::format("a message of {} bytes is malformed at byte {}", size_,
                                          size_ - rest_.size()));
}

void write_error(WireWriter& out, const Error& error) {
  out.number(static_cast<std::uint64_t>(error.code()));
  out.text(error.message());
  out.number(error.frames().size());
  for (const std::string& frame : error.frames()) out.text(frame);
  out.flag(error.where().has_value());
  if (error.where()) {
    out.text(error.where()->file);
    out.number(static_cast<std::uint64_t>(error.where()->line));
    out.number(static_cast<std::uint64_t>(error.where()->column));
  }
  out.flag(error.retry_after().has_value());
  if (error.retry_after()) out.number(static_cast<std::uint64_t>(error.retry_after()->count()));
}

Error read_error(WireReader& in) {
  constexpr auto kCodes = static_cast<std::uint64_t>(Code::Internal) + 1;
  constexpr std::uint64_t kMost = 1ULL << 31U;
  const auto code = static_cast<Code>(in.number_below(kCodes));
  Error out(code, in.text());
  const std::size_t frames = in.count();
  for (std::size_t i = 0; i < frames; ++i) out = Error(std::move(out).with_context(in.text()));
  if (in.flag()) {
    Location where;
    where.file = in.text();
    where.line = static_cast<int>(in.number_below(kMost));
    where.column = static_cast<int>(in.number_below(kMost));
    out = Error(std::move(out).at(std::move(where)));
  }
  if (in.flag())
    out = Error(std::move(out).after(std::chrono::milliseconds(in.number_below(kMost))));
  return out;
}

}  // namespace tiphys::base
