#pragma once

#include "source/lookups.hpp"

#include "tiphys/base/guarded.hpp"
#include "tiphys/helm/transcript.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tiphys::source {

/// What is kept of a render.
struct CachedRender {
  std::string objects;            ///< compact JSON
  std::string digest;             ///< as in RenderedSource
  helm::Transcript transcript;    ///< without lookups
  std::vector<KeptLookup> asked;  ///< it serves only while these are answered the same
};

/// Renders by the key of what they were rendered from; the least recently used go first. Any
/// thread.
class RenderCache {
 public:
  RenderCache(std::size_t max_bytes, std::function<void()> evicted)
      : max_bytes_(max_bytes), evicted_(std::move(evicted)) {}

  /// null when there is none.
  std::shared_ptr<const CachedRender> find(const std::string& key);
  /// In place of what had the key. What is larger than the whole cache isn't kept.
  void put(const std::string& key, CachedRender render);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CachedRender> render;
  };
  struct State {
    std::list<Entry> entries;  ///< the most recently used first
    std::unordered_map<std::string, std::list<Entry>::iterator> index;
    std::size_t bytes = 0;
  };
  static std::size_t cost(const Entry& entry);
  static void drop(State& state, std::list<Entry>::iterator entry);

  std::size_t max_bytes_;
  std::function<void()> evicted_;
  base::Guarded<State> state_;
};

}  // namespace tiphys::source
