#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/net/http_message.hpp"
#include "tiphys/net/io.hpp"
#include "tiphys/net/proxy.hpp"
#include "tiphys/net/tls.hpp"
#include "tiphys/net/url.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace tiphys::net {

struct HttpRequest {
  std::string method = "GET";
  Url url;
  Headers headers;  ///< Host, Content-Length and Connection are ours
  std::string body;
  /// For https; null: the system's certificates, verified.
  std::shared_ptr<const TlsContext> tls;
  /// Set: the way to the server.
  std::optional<Proxy> proxy;
  /// Limit of the response's body (of all pieces together where they go to a sink).
  std::size_t max_body = std::size_t{256} << 20;
  /// Longest wait for the next bytes in either direction, connecting included.
  std::chrono::milliseconds silence{30'000};
  /// Asked on the io thread right before the first byte is written; an error ends the call with it
  /// and nothing is sent (decision 12). Must not block.
  std::function<base::Status()> before_write;
  /// GET and HEAD are sent a second time when a kept connection turns out to be closed before any
  /// byte of an answer came; other methods only with this.
  bool repeatable = false;
  /// Not counted by max_per_origin: what must never wait behind other requests (a lease).
  bool unlimited = false;
};

/// Takes a piece of a body, on the calling thread; an error ends the call with that error.
using BodySink = std::function<base::Status(std::string_view piece)>;

/// What a stream tells, all on io threads, never two at once, in this order: on_head once, on_piece
/// for the body's pieces (of any status), on_end exactly once and last. on_head is left out when
/// the stream ends before an answer. Must not block or throw. An error from on_piece ends the
/// stream.
struct StreamHandlers {
  std::function<void(const HttpResponse& head)> on_head;
  BodySink on_piece;
  /// Without an error the body was complete. Canceled after cancel(), Timeout after silence.
  std::function<void(const base::Status& status)> on_end;
};

/// A long-lived answer. Dropping the handle does not end it.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  /// Ends it soon; on_end is still called. Any thread; idempotent.
  virtual void cancel() = 0;
};

/// HTTP/1.1 over pooled connections. Redirects are never followed: the caller gets the 3xx. Any
/// thread may call any method.
///
/// Errors: Unavailable (no connection, TLS, closed or malformed answer: the text says which),
/// Timeout, Canceled, ResourceExhausted (header over 64 KiB, body over max_body), Invalid (a header
/// or target that can't be sent). Every status code is a response, not an error.
class HttpClient {
 public:
  struct Options {
    std::size_t max_per_origin = 8;  ///< requests under way; streams don't count
    std::chrono::milliseconds idle{55'000};
    std::chrono::milliseconds connect{10'000};  ///< for one address, TLS included
  };

  /// io must outlive it, and clock io.
  HttpClient(IoRuntime& io, const base::Clock& clock, Options options);
  HttpClient(IoRuntime& io, const base::Clock& clock);
  /// Idle connections are closed; streams must have ended.
  ~HttpClient();

  /// Blocks until the whole answer is there. Never on an io thread (asserted).
  base::Result<HttpResponse> send(const HttpRequest& request, base::Deadline deadline,
                                  std::stop_token stop = {});
  /// The same, but the body of a 2xx goes to the sink piece by piece as it comes (bodies of other
  /// answers are kept, cut at 64 KiB). The connection waits while the sink works.
  base::Result<HttpResponse> send(const HttpRequest& request, base::Deadline deadline,
                                  const BodySink& sink, std::stop_token stop = {});

  /// Returns at once; never calls a handler before it has returned. Not limited by max_per_origin.
  /// Without a deadline it lives until the server ends it, cancel(), or silence.
  std::shared_ptr<HttpStream> start_stream(HttpRequest request, StreamHandlers handlers,
                                           std::optional<base::Deadline> deadline = std::nullopt);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tiphys::net
