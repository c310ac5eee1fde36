#include "net/http_pool.hpp"

#include <algorithm>

namespace tiphys::net {

using base::Code;
using base::Error;

HttpPool::HttpPool(IoRuntime& io, const base::Clock& clock, std::size_t max_per_origin,
                   std::chrono::milliseconds idle)
    : io_(io), clock_(clock), max_per_origin_(max_per_origin), idle_(idle) {}

HttpPool::Permit::~Permit() {
  if (pool_) pool_->release(key_);
}

base::Result<HttpPool::Permit> HttpPool::permit(const PoolKey& key, base::Deadline deadline,
                                                const std::stop_token& stop) {
  auto state = state_.lock();
  const bool got = freed_.wait_for(state.handle(), stop, deadline.left(clock_),
                                   [&] { return state->under_way[key] < max_per_origin_; });
  if (!got) {
    if (stop.stop_requested()) return Error(Code::Canceled, "waiting for a connection: canceled");
    return Error(Code::Timeout, "waiting for one of " + std::to_string(max_per_origin_) +
                                    " connections to " + key.first + ": timed out");
  }
  ++state->under_way[key];
  return Permit(shared_from_this(), key);
}

void HttpPool::release(const PoolKey& key) {
  {
    auto state = state_.lock();
    const auto found = state->under_way.find(key);
    if (--found->second == 0) state->under_way.erase(found);
  }
  freed_.notify_all();
}

std::shared_ptr<ByteStream> HttpPool::take(const PoolKey& key) {
  auto state = state_.lock();
  const auto found = state->idle.find(key);
  if (found == state->idle.end()) return nullptr;
  auto& list = found->second;
  while (!list.empty()) {
    const Idle last = std::move(list.back());
    list.pop_back();
    if (clock_.now() - last.since < idle_ && last.stream->idle_and_alive()) return last.stream;
  }
  return nullptr;
}

void HttpPool::give_back(const PoolKey& key, std::shared_ptr<ByteStream> stream,
                         std::shared_ptr<const TlsContext> tls) {
  auto state = state_.lock();
  if (state->closed) return;
  state->idle[key].push_back({std::move(stream), std::move(tls), clock_.now()});
  if (std::exchange(state->sweeping, true)) return;
  schedule_sweep();
}

void HttpPool::schedule_sweep() {
  io_.after(idle_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->sweep();
  });
}

void HttpPool::sweep() {
  auto state = state_.lock();
  const auto now = clock_.now();
  for (auto& [key, list] : state->idle)
    std::erase_if(list, [&](const Idle& idle) { return now - idle.since >= idle_; });
  std::erase_if(state->idle, [](const auto& entry) { return entry.second.empty(); });
  state->sweeping = !state->idle.empty();
  if (state->sweeping) schedule_sweep();
}

void HttpPool::close_all() {
  auto state = state_.lock();
  state->closed = true;
  state->idle.clear();
}

}  // namespace tiphys::net
