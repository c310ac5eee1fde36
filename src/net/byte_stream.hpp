#pragma once

#include "net/io_impl.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/net/tls.hpp"
#include "tiphys/net/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace tiphys::net {

/// How long one step of a conversation may take.
struct StepLimits {
  const base::Clock* clock = nullptr;
  std::optional<base::Deadline> deadline;
  std::chrono::milliseconds silence{30'000};
  std::chrono::milliseconds connect{10'000};

  std::chrono::milliseconds within(std::chrono::milliseconds most) const {
    return deadline ? std::min(most, deadline->left(*clock)) : most;
  }
};

/// A TCP connection, with or without TLS. Everything runs on strand(), except what says otherwise.
/// Each read and write has a time limit; when it passes, the connection is closed.
class ByteStream : public std::enable_shared_from_this<ByteStream> {
 public:
  ByteStream(Strand strand, std::string peer);
  ByteStream(asio::ip::tcp::socket accepted, Strand strand, std::string peer);

  const Strand& strand() const { return strand_; }
  const std::string& peer() const { return peer_; }

  asio::awaitable<base::Status> connect(Url url, StepLimits limits);
  /// TLS over what is connected, to a server of that name.
  asio::awaitable<base::Status> start_tls(std::shared_ptr<const TlsContext> tls, std::string host,
                                          StepLimits limits);
  asio::awaitable<base::Status> accept_tls(std::shared_ptr<const TlsContext> tls,
                                           std::chrono::milliseconds limit);
  /// 0 is the end.
  asio::awaitable<base::Result<std::size_t>> read_some(asio::mutable_buffer into,
                                                       std::chrono::milliseconds limit);
  /// The limit holds for each piece that the system takes.
  asio::awaitable<base::Status> write_all(asio::const_buffer data, std::chrono::milliseconds limit);

  /// Ends whatever it is doing with Canceled. Any thread.
  void cancel();
  bool canceled() const { return canceled_; }
  /// While nothing is under way, on any thread: is the other side still there, and silent?
  bool idle_and_alive();

 private:
  asio::awaitable<base::Status> handshake(std::shared_ptr<const TlsContext> tls,
                                          asio::ssl::stream_base::handshake_type type,
                                          std::string host, std::chrono::milliseconds limit);
  void arm(std::chrono::milliseconds limit);
  void disarm();
  void close();
  base::Error error_of(boost::system::error_code code, std::string_view doing) const;

  Strand strand_;
  std::string peer_;
  asio::ip::tcp::socket socket_;
  asio::ip::tcp::resolver resolver_;
  asio::steady_timer watchdog_;
  std::shared_ptr<const TlsContext> tls_context_;
  std::unique_ptr<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  std::uint64_t armed_ = 0;
  bool timed_out_ = false;
  bool canceled_ = false;
};

}  // namespace tiphys::net
