#pragma once

#include "net/byte_stream.hpp"

#include "tiphys/base/guarded.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::net {

/// Where a connection leads to: origin and proxy, and the TLS context it was made with.
using PoolKey = std::pair<std::string, const TlsContext*>;

/// Idle connections, and who may have one at a time. Any thread.
class HttpPool : public std::enable_shared_from_this<HttpPool> {
 public:
  HttpPool(IoRuntime& io, const base::Clock& clock, std::size_t max_per_origin,
           std::chrono::milliseconds idle);

  /// A permit of one request under way; given back when destroyed.
  class Permit {
   public:
    Permit() = default;
    Permit(std::shared_ptr<HttpPool> pool, PoolKey key)
        : pool_(std::move(pool)), key_(std::move(key)) {}
    Permit(Permit&& other) noexcept = default;
    Permit& operator=(Permit&&) = delete;
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    ~Permit();

   private:
    std::shared_ptr<HttpPool> pool_;
    PoolKey key_;
  };
  /// Blocks until one is free. Errors: Timeout, Canceled.
  base::Result<Permit> permit(const PoolKey& key, base::Deadline deadline,
                              const std::stop_token& stop);

  /// An idle connection that is still alive, or null.
  std::shared_ptr<ByteStream> take(const PoolKey& key);
  void give_back(const PoolKey& key, std::shared_ptr<ByteStream> stream,
                 std::shared_ptr<const TlsContext> tls);
  void close_all();

 private:
  struct Idle {
    std::shared_ptr<ByteStream> stream;
    std::shared_ptr<const TlsContext> tls;  // keeps the key's pointer from being used again
    base::SteadyTime since;
  };
  struct State {
    std::map<PoolKey, std::vector<Idle>> idle;
    std::map<PoolKey, std::size_t> under_way;
    bool sweeping = false;
    bool closed = false;
  };
  void release(const PoolKey& key);
  void sweep();
  void schedule_sweep();

  IoRuntime& io_;
  const base::Clock& clock_;
  std::size_t max_per_origin_;
  std::chrono::milliseconds idle_;
  base::Guarded<State> state_;
  std::condition_variable_any freed_;
};

}  // namespace tiphys::net
