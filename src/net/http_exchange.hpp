#pragma once

#include "net/byte_stream.hpp"

#include "tiphys/net/http_client.hpp"

#include <memory>
#include <string_view>

namespace tiphys::net {

/// Who takes an answer, on the connection's strand.
class ExchangeSink {
 public:
  virtual ~ExchangeSink() = default;
  /// Asked right before the first byte is written.
  virtual base::Status may_write() = 0;
  virtual void on_head(HttpResponse head) = 0;
  /// The connection is not read further until this is done.
  virtual asio::awaitable<base::Status> on_piece(std::string_view piece) = 0;
};

struct ExchangeResult {
  base::Status status;
  bool reusable = false;  ///< the connection can take another request
  /// No byte of an answer came.
  bool unanswered = true;
};

/// What must not be in a request's method, target and headers. Errors: Invalid.
base::Status check_request(const HttpRequest& request);

/// One request and its answer over a stream that is connected already.
asio::awaitable<ExchangeResult> exchange(std::shared_ptr<ByteStream> stream,
                                         std::shared_ptr<const HttpRequest> request,
                                         StepLimits limits, std::shared_ptr<ExchangeSink> sink);

}  // namespace tiphys::net
