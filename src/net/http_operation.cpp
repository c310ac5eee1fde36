#include "net/http_operation.hpp"

#include "net/proxy_tunnel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace tiphys::net {

using base::Code;
using base::Error;
using base::Status;

namespace {

bool may_repeat(const HttpRequest& request) {
  return request.repeatable || request.method == "GET" || request.method == "HEAD";
}

asio::awaitable<void> run(std::shared_ptr<HttpShared> shared, std::shared_ptr<Operation> operation,
                          std::shared_ptr<ByteStream> stream, Connection connection) {
  const auto request = operation->request;
  if (connection == Connection::fresh) {
    auto connected = co_await open_connection(stream, request, operation->limits);
    if (!connected.ok()) {
      operation->on_done(std::move(connected));
      co_return;
    }
  }
  auto result = co_await exchange(stream, request, operation->limits, operation);
  const bool stale = connection == Connection::kept && result.unanswered && !result.status.ok() &&
                     result.status.error().code() == Code::Unavailable;
  if (stale && may_repeat(*request)) {
    launch(shared, operation, Connection::fresh);
    co_return;
  }
  if (result.reusable) shared->pool->give_back(key_of(*request), stream, request->tls);
  operation->on_done(std::move(result.status));
}

}  // namespace

Status Operation::may_write() {
  // The lock is held while the gate is asked: after abort() it is never asked again.
  auto connected = connected_.lock();
  if (connected->canceled) return Error(Code::Canceled, "canceled before it was sent");
  return request->before_write ? request->before_write() : Status();
}

bool Operation::uses(const std::shared_ptr<ByteStream>& stream) {
  auto connected = connected_.lock();
  connected->stream = stream;
  return !connected->canceled;
}

void Operation::abort() {
  auto connected = connected_.lock();
  connected->canceled = true;
  if (connected->stream) connected->stream->cancel();
}

PoolKey key_of(const HttpRequest& request) {
  std::string way = request.url.origin();
  if (request.proxy)
    way += " through " + request.proxy->authorization + "@" + request.proxy->url.origin();
  return {std::move(way), request.tls.get()};
}

void launch(std::shared_ptr<HttpShared> shared, std::shared_ptr<Operation> operation,
            Connection from) {
  std::shared_ptr<ByteStream> stream;
  if (from == Connection::kept) stream = shared->pool->take(key_of(*operation->request));
  const Connection connection = stream ? Connection::kept : Connection::fresh;
  if (!stream) {
    stream = std::make_shared<ByteStream>(shared->io.impl().make_strand(),
                                          operation->request->url.origin());
  }
  // Posted, so that no handler runs before the caller has its handle.
  asio::post(stream->strand(), [shared, operation, stream, connection] {
    if (!operation->uses(stream)) {
      operation->on_done(Error(Code::Canceled, "canceled before it was sent"));
      return;
    }
    asio::co_spawn(stream->strand(), run(shared, operation, stream, connection), asio::detached);
  });
}

}  // namespace tiphys::net
