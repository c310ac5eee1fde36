#pragma once

#include "tiphys/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tiphys::worker {

/// A file descriptor that is closed at the end. Moves only.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  int get() const { return fd_; }
  int release();
  void reset();

 private:
  int fd_;
};

/// hello, job and answer go down; ready, begun (the job was read), ask and result come up.
enum class FrameType : std::uint8_t { hello, ready, job, begun, ask, answer, result };
inline constexpr std::uint8_t kFrameTypes = 7;

struct Frame {
  FrameType type = FrameType::hello;
  std::string body;
};

/// Asked every 20 ms while nothing comes; an error ends the wait.
using Watch = std::function<base::Status()>;

/// Frames over a socket: a byte of type, eight of length, the body. One thread at a time.
class Channel {
 public:
  /// `most`: bytes of one body, either way.
  Channel(Fd fd, std::uint64_t most) : fd_(std::move(fd)), most_(most) {}

  /// Errors: Unavailable (the other side is gone), ResourceExhausted (too long), and the watch's.
  base::Status send(FrameType type, std::string_view body, const Watch& watch = nullptr);
  /// Errors: as send, and Invalid for what is no frame. Memory follows the bytes that came, not the
  /// length that was promised.
  base::Result<Frame> receive(const Watch& watch = nullptr);

  /// Nothing came and the other side is still there.
  bool quiet() const;
  void limit(std::uint64_t most) { most_ = most; }

 private:
  base::Status wait(short events, const Watch& watch) const;
  base::Status write_all(std::string_view bytes, const Watch& watch);
  base::Status read_exactly(char* out, std::size_t size, const Watch& watch);

  Fd fd_;
  std::uint64_t most_;
};

}  // namespace tiphys::worker
