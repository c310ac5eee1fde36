#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/net/http_message.hpp"
#include "tiphys/net/io.hpp"
#include "tiphys/net/tls.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::net {

struct ServerRequest {
  std::string method;
  std::string path;   ///< as sent, without the query
  std::string query;  ///< without the '?'
  Headers headers;
  std::string body;
  std::string peer;  ///< address of the other side

  std::string_view header(std::string_view name) const { return net::header(headers, name); }
};

/// Writes the body of a streamed answer, piece by piece. Blocks while the client is slow.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;
  /// Errors: Unavailable (client gone), Timeout (slow), Canceled (the server stops).
  virtual base::Status write(std::string_view piece) = 0;
};

struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;
  /// Set: called instead of sending `body`, on a handler thread, until it returns; chunked.
  std::function<void(ResponseWriter&)> stream;

  static ServerResponse text(int status, std::string body);
};

/// One row of the table. path matches exactly, or as a prefix when it ends in "/*".
struct Endpoint {
  std::string method;
  std::string path;
  /// Runs on a handler thread and may block. Must not throw.
  std::function<ServerResponse(const ServerRequest&)> handler;
};

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: any free one
  std::shared_ptr<const TlsContext> tls;
  std::size_t max_connections = 256;  ///< those over it are closed at once
  std::size_t max_header = 16 << 10;
  std::size_t max_body = 1 << 20;
  std::chrono::milliseconds read_timeout{15'000};  ///< a whole request, once begun
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds write_timeout{15'000};  ///< one piece
  int handler_threads = 2;
};

/// A small HTTP/1.1 server: a table of endpoints. 404 for no row, 405 for no such method, 413, 431
/// and 400 for what breaks a limit or the protocol.
class HttpServer {
 public:
  /// Listens when it returns. io must outlive it. Errors: Unavailable naming address and port.
  static base::Result<std::unique_ptr<HttpServer>> start(IoRuntime& io, ServerOptions options,
                                                         std::vector<Endpoint> endpoints);
  ~HttpServer();

  std::uint16_t port() const;
  /// No new connections; waits up to `grace` for running handlers' answers, then cuts what is left.
  /// Idempotent. Not on an io or handler thread.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(5'000));

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace tiphys::net
