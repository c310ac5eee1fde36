#include "source/render_cache.hpp"

namespace tiphys::source {

std::size_t RenderCache::cost(const Entry& entry) {
  constexpr std::size_t kOverhead = 256;
  std::size_t bytes = kOverhead + entry.render->objects.size();
  for (const helm::TranscriptEntry& call : entry.render->transcript)
    bytes += sizeof call + call.arguments.size() + call.answer.size() + call.template_name.size();
  return bytes + entry.render->asked.size() * kOverhead;
}

void RenderCache::drop(State& state, std::list<Entry>::iterator entry) {
  state.bytes -= cost(*entry);
  state.index.erase(entry->key);
  state.entries.erase(entry);
}

std::shared_ptr<const CachedRender> RenderCache::find(const std::string& key) {
  auto state = state_.lock();
  const auto it = state->index.find(key);
  if (it == state->index.end()) return nullptr;
  state->entries.splice(state->entries.begin(), state->entries, it->second);
  return it->second->render;
}

void RenderCache::put(const std::string& key, CachedRender render) {
  Entry fresh{.key = key, .render = std::make_shared<const CachedRender>(std::move(render))};
  auto state = state_.lock();
  if (const auto known = state->index.find(key); known != state->index.end())
    drop(*state, known->second);
  if (cost(fresh) > max_bytes_) return;
  state->bytes += cost(fresh);
  state->entries.push_front(std::move(fresh));
  state->index.emplace(key, state->entries.begin());
  while (state->bytes > max_bytes_) {
    drop(*state, std::prev(state->entries.end()));
    if (evicted_) evicted_();
  }
}

}  // namespace tiphys::source
