#pragma once

#include "net/http_exchange.hpp"
#include "net/http_pool.hpp"

#include "tiphys/base/guarded.hpp"

#include <cstdint>
#include <memory>

namespace tiphys::net {

/// A request on its way: over a kept connection and, when that was stale, over a fresh one.
class Operation : public ExchangeSink {
 public:
  Operation(std::shared_ptr<const HttpRequest> asked, StepLimits steps)
      : request(std::move(asked)), limits(steps) {}

  /// Last of all, once; on a strand.
  virtual void on_done(base::Status status) = 0;

  base::Status may_write() override;
  /// False: canceled already, don't start.
  bool uses(const std::shared_ptr<ByteStream>& stream);
  /// Any thread. When it returns, before_write is not running and is never called again.
  void abort();

  const std::shared_ptr<const HttpRequest> request;
  const StepLimits limits;

 private:
  struct Connected {
    std::shared_ptr<ByteStream> stream;
    bool canceled = false;
  };
  base::Guarded<Connected> connected_;
};

/// What coroutines share with the client, and outlives it with them.
struct HttpShared {
  IoRuntime& io;
  std::shared_ptr<HttpPool> pool;
};

PoolKey key_of(const HttpRequest& request);

enum class Connection : std::uint8_t { kept, fresh };
/// Starts it on the io threads, over a kept connection if there is one and `from` allows it.
void launch(std::shared_ptr<HttpShared> shared, std::shared_ptr<Operation> operation,
            Connection from);

}  // namespace tiphys::net
