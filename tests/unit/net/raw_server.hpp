#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace tiphys::net::testing {

/// One accepted connection, spoken to byte by byte: for what a well-behaved server never sends.
class RawConnection {
 public:
  explicit RawConnection(int fd) : fd_(fd) {}
  ~RawConnection() {
    if (fd_ >= 0) ::close(fd_);
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// Reads until the text has come, and keeps all in `seen`; false at the end.
  bool read_up_to(std::string_view text) {
    while (seen.find(text) == std::string::npos) {
      char buffer[4096];
      const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      seen.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }
  /// The same, and forgets it.
  bool read_until(std::string_view text) {
    if (!read_up_to(text)) return false;
    seen.erase(0, seen.find(text) + text.size());
    return true;
  }
  void write(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Returns when the other side has closed.
  void wait_for_close() { read_up_to("no client ever sends this"); }
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
  }

  std::string seen;

 private:
  int fd_;
};

/// Accepts on loopback and gives connection after connection to a script, on a thread of its own.
class RawServer {
 public:
  using Script = std::function<void(RawConnection& connection, int number)>;
  explicit RawServer(Script script) : script_(std::move(script)) {
    listen_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listen_, raw, sizeof address) != 0) std::abort();
    socklen_t size = sizeof address;
    ::getsockname(listen_, raw, &size);
    ::listen(listen_, 8);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~RawServer() {
    ::shutdown(listen_, SHUT_RDWR);
    {
      const std::scoped_lock lock(mutex_);
      if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);
    }
    thread_.join();
    ::close(listen_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
  }

 private:
  void set_current(int fd) {
    const std::scoped_lock lock(mutex_);
    current_ = fd;
  }
  void run() {
    for (int number = 1;; ++number) {
      const int fd = ::accept4(listen_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      RawConnection connection(::dup(fd));
      set_current(fd);
      script_(connection, number);
      set_current(-1);
      ::close(fd);
    }
  }

  Script script_;
  int listen_ = -1;
  std::mutex mutex_;
  int current_ = -1;  // the connection of the running script
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace tiphys::net::testing
