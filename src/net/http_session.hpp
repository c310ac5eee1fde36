#pragma once

#include "net/byte_stream.hpp"
#include "net/http_parser.hpp"

#include "tiphys/base/guarded.hpp"
#include "tiphys/net/http_server.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <set>
#include <vector>

namespace tiphys::net {

class HttpSession;

/// What the sessions of one server share.
struct ServerShared {
  ServerOptions options;
  std::vector<Endpoint> endpoints;
  std::unique_ptr<asio::thread_pool> handlers;
  std::atomic<bool> stopping = false;

  struct Sessions {
    std::set<std::shared_ptr<HttpSession>> all;
  };
  base::Guarded<Sessions> sessions;
  std::condition_variable changed;  ///< a session ended
};

/// The answer of the table: a row's handler, or 404, 405.
ServerResponse answer(const std::vector<Endpoint>& endpoints, const ServerRequest& request);

/// One connection of a client: requests one after another.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(std::shared_ptr<ServerShared> server, std::shared_ptr<ByteStream> stream);

  /// Ends itself and leaves server->sessions.
  static asio::awaitable<void> run(std::shared_ptr<HttpSession> self);
  /// Cut it if it waits for a request. Any thread.
  void close_if_idle();
  void cut() { stream_->cancel(); }

 private:
  asio::awaitable<void> serve();
  /// False: the connection is over.
  asio::awaitable<bool> serve_one();
  asio::awaitable<base::Status> read(std::shared_ptr<HttpParser> parser);
  asio::awaitable<bool> refuse(base::Error error);
  asio::awaitable<ServerResponse> handle(std::shared_ptr<const ServerRequest> request);
  asio::awaitable<bool> write(std::shared_ptr<const ServerRequest> request, ServerResponse response,
                              bool keep_alive);
  asio::awaitable<bool> write_streamed(ServerResponse response, std::string head);
  asio::awaitable<base::Status> write_text(std::string text);

  std::shared_ptr<ServerShared> server_;
  std::shared_ptr<ByteStream> stream_;
  std::string pending_;
  std::atomic<bool> busy_ = false;
};

}  // namespace tiphys::net
