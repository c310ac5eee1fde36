#include "net/byte_stream.hpp"

#include "net/tls_impl.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <vector>

namespace tiphys::net {

namespace {

using asio::ip::tcp;
using base::Code;
using base::Error;
using boost::system::error_code;
using std::chrono::milliseconds;

/// A token that gives the error code instead of throwing.
auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

bool is_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

ByteStream::ByteStream(Strand strand, std::string peer)
    : strand_(std::move(strand)),
      peer_(std::move(peer)),
      socket_(strand_),
      resolver_(strand_),
      watchdog_(strand_) {}

ByteStream::ByteStream(tcp::socket accepted, Strand strand, std::string peer)
    : strand_(std::move(strand)),
      peer_(std::move(peer)),
      socket_(std::move(accepted)),
      resolver_(strand_),
      watchdog_(strand_) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
}

void ByteStream::arm(milliseconds limit) {
  ++armed_;
  watchdog_.expires_after(limit);
  watchdog_.async_wait([weak = weak_from_this(), mine = armed_](error_code error) {
    if (error) return;
    const auto self = weak.lock();
    if (!self || self->armed_ != mine) return;
    self->timed_out_ = true;
    self->close();
  });
}

void ByteStream::disarm() {
  ++armed_;
  watchdog_.cancel();
}

void ByteStream::close() {
  error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

void ByteStream::cancel() {
  asio::post(strand_, [self = shared_from_this()] {
    self->canceled_ = true;
    self->close();
  });
}

bool ByteStream::idle_and_alive() {
  if (!socket_.is_open()) return false;
  char byte = 0;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Error ByteStream::error_of(error_code code, std::string_view doing) const {
  const std::string what = std::string(doing) + " " + peer_;
  if (canceled_) return {Code::Canceled, what + ": canceled"};
  if (timed_out_) return {Code::Timeout, what + ": timed out"};
  if (tls_ && code.category() == asio::error::get_ssl_category()) {
    const long verdict = SSL_get_verify_result(tls_->native_handle());
    if (verdict != X509_V_OK)
      return {Code::Unavailable,
              what + ": certificate not accepted: " + X509_verify_cert_error_string(verdict)};
  }
  return {Code::Unavailable, what + ": " + code.message()};
}

asio::awaitable<base::Status> ByteStream::connect(Url url, StepLimits limits) {
  std::vector<tcp::endpoint> endpoints;
  error_code error;
  if (const auto address = asio::ip::make_address(url.host, error); !error) {
    endpoints.emplace_back(address, url.port);
  } else {
    arm(limits.within(limits.connect));
    const std::string port = std::to_string(url.port);
    const auto found = co_await resolver_.async_resolve(
        url.host, port, tcp::resolver::numeric_service, into(error));
    disarm();
    if (error || canceled_ || timed_out_) co_return error_of(error, "looking up");
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  for (const auto& endpoint : endpoints) {
    timed_out_ = false;
    error_code ignored;
    socket_.close(ignored);
    arm(limits.within(limits.connect));
    co_await socket_.async_connect(endpoint, into(error));
    disarm();
    if (!error || canceled_) break;
  }
  if (error || canceled_ || timed_out_) co_return error_of(error, "connecting to");
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
  co_return base::Status();
}

asio::awaitable<base::Status> ByteStream::handshake(std::shared_ptr<const TlsContext> tls,
                                                    asio::ssl::stream_base::handshake_type type,
                                                    std::string host, milliseconds limit) {
  tls_context_ = std::move(tls);
  const auto& impl = tls_context_->impl();
  tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, impl.context);
  error_code error;
  if (type == asio::ssl::stream_base::client) {
    const std::string& name = impl.server_name.empty() ? host : impl.server_name;
    if (!is_address(name)) {
      std::string copy = name;
      SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               copy.data());
    }
    if (!impl.insecure) {
      const asio::ssl::host_name_verification verification(name);
      tls_->set_verify_callback(verification, error);
    }
  }
  arm(limit);
  co_await tls_->async_handshake(type, into(error));
  disarm();
  if (error || canceled_ || timed_out_) co_return error_of(error, "TLS handshake with");
  co_return base::Status();
}

asio::awaitable<base::Status> ByteStream::start_tls(std::shared_ptr<const TlsContext> tls,
                                                    std::string host, StepLimits limits) {
  auto shaken = co_await handshake(std::move(tls), asio::ssl::stream_base::client, std::move(host),
                                   limits.within(limits.connect));
  co_return shaken;
}

asio::awaitable<base::Status> ByteStream::accept_tls(std::shared_ptr<const TlsContext> tls,
                                                     milliseconds limit) {
  auto shaken = co_await handshake(std::move(tls), asio::ssl::stream_base::server, peer_, limit);
  co_return shaken;
}

asio::awaitable<base::Result<std::size_t>> ByteStream::read_some(asio::mutable_buffer buffer,
                                                                 milliseconds limit) {
  error_code error;
  std::size_t got = 0;
  arm(limit);
  if (tls_) {
    got = co_await tls_->async_read_some(buffer, into(error));
  } else {
    got = co_await socket_.async_read_some(buffer, into(error));
  }
  disarm();
  if (canceled_ || timed_out_) co_return error_of(error, "reading from");
  if (error == asio::error::eof) co_return std::size_t{0};
  if (error) co_return error_of(error, "reading from");
  co_return got;
}

asio::awaitable<base::Status> ByteStream::write_all(asio::const_buffer data, milliseconds limit) {
  while (data.size() > 0) {
    if (canceled_ || timed_out_) co_return error_of({}, "writing to");
    error_code error;
    std::size_t wrote = 0;
    arm(limit);
    if (tls_) {
      wrote = co_await tls_->async_write_some(data, into(error));
    } else {
      wrote = co_await socket_.async_write_some(data, into(error));
    }
    disarm();
    if (error) co_return error_of(error, "writing to");
    data += wrote;
  }
  co_return base::Status();
}

}  // namespace tiphys::net
