#include "worker/channel.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

constexpr std::size_t kHeader = 9;
constexpr std::size_t kPiece = std::size_t{1} << 18U;
constexpr int kWatchMilliseconds = 20;
constexpr unsigned kByte = 8;

Error gone(std::string_view what) {
  return {Code::Unavailable, fmt::format("{}: the other process is gone", what)};
}

Error failed(std::string_view what, int number) {
  if (number == EPIPE || number == ECONNRESET) return gone(what);
  return {Code::Internal, fmt::format("{}: {}", what, std::generic_category().message(number))};
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Fd::release() { return std::exchange(fd_, -1); }

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

base::Status Channel::wait(short events, const Watch& watch) const {
  for (;;) {
    pollfd entry{.fd = fd_.get(), .events = events, .revents = 0};
    const int ready = ::poll(&entry, 1, watch ? kWatchMilliseconds : -1);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return failed("waiting for a message", errno);
    if (watch) TRY(watch());
  }
}

base::Status Channel::write_all(std::string_view bytes, const Watch& watch) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY(wait(POLLOUT, watch));
    } else if (errno != EINTR) {
      return failed("sending a message", errno);
    }
  }
  return {};
}

base::Status Channel::read_exactly(char* out, std::size_t size, const Watch& watch) {
  while (size > 0) {
    const ssize_t got = ::recv(fd_.get(), out, size, MSG_DONTWAIT);
    if (got > 0) {
      out += got;
      size -= static_cast<std::size_t>(got);
    } else if (got == 0) {
      return gone("waiting for a message");
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY(wait(POLLIN, watch));
    } else if (errno != EINTR) {
      return failed("reading a message", errno);
    }
  }
  return {};
}

base::Status Channel::send(FrameType type, std::string_view body, const Watch& watch) {
  if (body.size() > most_)
    return Error(Code::ResourceExhausted,
                 fmt::format("a message of {} bytes is over the limit of {}", body.size(), most_));
  std::string header(1, static_cast<char>(type));
  for (std::size_t i = 0, size = body.size(); i + 1 < kHeader; ++i, size >>= kByte)
    header.push_back(static_cast<char>(size & 0xFF));
  if (body.size() < kPiece) {
    header += body;
    return write_all(header, watch);
  }
  TRY(write_all(header, watch));
  return write_all(body, watch);
}

base::Result<Frame> Channel::receive(const Watch& watch) {
  std::array<char, kHeader> header{};
  TRY(read_exactly(header.data(), header.size(), watch));
  std::uint64_t size = 0;
  for (std::size_t i = kHeader; i > 1; --i)
    size = (size << kByte) | static_cast<unsigned char>(header[i - 1]);
  const auto type = static_cast<unsigned char>(header[0]);
  if (type >= kFrameTypes) return Error(Code::Invalid, "a message of an unknown kind");
  if (size > most_)
    return Error(Code::ResourceExhausted,
                 fmt::format("a message of {} bytes is over the limit of {}", size, most_));
  Frame out{.type = static_cast<FrameType>(type), .body = {}};
  while (out.body.size() < size) {
    const std::size_t at = out.body.size();
    // A vector's growth, but never beyond what was promised.
    const std::size_t piece = std::min<std::size_t>(size - at, std::max(kPiece, at));
    out.body.resize(at + piece);
    TRY(read_exactly(out.body.data() + at, piece, watch));
  }
  return out;
}

bool Channel::quiet() const {
  pollfd entry{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, 0) == 0;
}

}  // namespace tiphys::worker
