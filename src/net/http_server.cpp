#include "tiphys/net/http_server.hpp"

#include "net/http_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <future>

namespace tiphys::net {

using asio::ip::tcp;
using base::Code;
using base::Error;
using boost::system::error_code;

namespace {

/// Before accepting again after an error.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

struct HttpServer::Impl {
  Impl(IoRuntime& runtime, std::shared_ptr<ServerShared> state)
      : io(runtime),
        shared(std::move(state)),
        strand(io.impl().make_strand()),
        acceptor(strand),
        pause(strand) {}

  base::Status listen();
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self);
  void start_session(tcp::socket socket, const Strand& on);

  IoRuntime& io;
  std::shared_ptr<ServerShared> shared;
  Strand strand;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::uint16_t port = 0;
};

base::Status HttpServer::Impl::listen() {
  const auto& options = shared->options;
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  const tcp::endpoint endpoint(address, options.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return Error(Code::Unavailable, "listening on " + options.address + ":" +
                                        std::to_string(options.port) + ": " + error.message());
  port = acceptor.local_endpoint().port();
  return {};
}

void HttpServer::Impl::start_session(tcp::socket socket, const Strand& on) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  const auto stream =
      std::make_shared<ByteStream>(std::move(socket), on, remote.address().to_string());
  const auto session = std::make_shared<HttpSession>(shared, stream);
  {
    auto sessions = shared->sessions.lock();
    if (shared->stopping || sessions->all.size() >= shared->options.max_connections) return;
    sessions->all.insert(session);
  }
  asio::co_spawn(on, HttpSession::run(session), asio::detached);
}

asio::awaitable<void> HttpServer::Impl::accept(std::shared_ptr<Impl> self) {
  while (!self->shared->stopping) {
    error_code error;
    const Strand on = self->io.impl().make_strand();
    auto socket =
        co_await self->acceptor.async_accept(on, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      tcp::socket accepted(std::move(socket));
      self->start_session(std::move(accepted), on);
      continue;
    }
    if (self->shared->stopping) co_return;
    // Out of descriptors, most likely: they come back when connections end.
    self->pause.expires_after(kAcceptPause);
    co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

base::Result<std::unique_ptr<HttpServer>> HttpServer::start(IoRuntime& io, ServerOptions options,
                                                            std::vector<Endpoint> endpoints) {
  const auto shared = std::make_shared<ServerShared>();
  const int threads = std::max(1, options.handler_threads);
  shared->options = std::move(options);
  shared->endpoints = std::move(endpoints);
  const auto impl = std::make_shared<Impl>(io, shared);
  TRY(impl->listen());
  shared->handlers = std::make_unique<asio::thread_pool>(static_cast<std::size_t>(threads));
  asio::co_spawn(impl->strand, Impl::accept(impl), asio::detached);
  return std::unique_ptr<HttpServer>(new HttpServer(impl));
}

std::uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::stop(std::chrono::milliseconds grace) {
  assert(!IoRuntime::on_io_thread());
  auto& shared = *impl_->shared;
  if (shared.stopping.exchange(true)) return;
  std::promise<void> closed;
  asio::post(impl_->strand, [impl = impl_, &closed] {
    error_code ignored;
    impl->acceptor.close(ignored);
    impl->pause.cancel();
    closed.set_value();
  });
  closed.get_future().wait();
  const auto gone = [&](auto& sessions) { return sessions->all.empty(); };
  auto sessions = shared.sessions.lock();
  for (const auto& session : sessions->all) session->close_if_idle();
  shared.changed.wait_for(sessions.handle(), grace, [&] { return gone(sessions); });
  for (const auto& session : sessions->all) session->cut();
  shared.changed.wait(sessions.handle(), [&] { return gone(sessions); });
  sessions.handle().unlock();
  shared.handlers->join();
}

}  // namespace tiphys::net
