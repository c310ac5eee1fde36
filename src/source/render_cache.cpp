#include "source/render_cache.hpp"

namespace tiphys::source {

std::shared_ptr<const std::string> RenderCache::find(const std::string& digest) {
  auto state = state_.lock();
  const auto it = state->index.find(digest);
  if (it == state->index.end()) return nullptr;
  state->entries.splice(state->entries.begin(), state->entries, it->second);
  return it->second->json;
}

void RenderCache::put(const std::string& digest, std::string json) {
  Entry fresh{.digest = digest, .json = std::make_shared<const std::string>(std::move(json))};
  if (cost(fresh) > max_bytes_) return;
  auto state = state_.lock();
  if (state->index.contains(digest)) return;
  state->bytes += cost(fresh);
  state->entries.push_front(std::move(fresh));
  state->index.emplace(digest, state->entries.begin());
  while (state->bytes > max_bytes_) {
    const Entry& last = state->entries.back();
    state->bytes -= cost(last);
    state->index.erase(last.digest);
    state->entries.pop_back();
    if (evicted_) evicted_();
  }
}

}  // namespace tiphys::source
