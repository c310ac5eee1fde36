#pragma once

#include "tiphys/base/guarded.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

namespace tiphys::source {

/// Rendered objects as compact JSON by the digest of what they were rendered from; the least
/// recently used go first. Any thread.
class RenderCache {
 public:
  RenderCache(std::size_t max_bytes, std::function<void()> evicted)
      : max_bytes_(max_bytes), evicted_(std::move(evicted)) {}

  /// null when there is none.
  std::shared_ptr<const std::string> find(const std::string& digest);
  /// What is larger than the whole cache isn't kept.
  void put(const std::string& digest, std::string json);

 private:
  struct Entry {
    std::string digest;
    std::shared_ptr<const std::string> json;
  };
  struct State {
    std::list<Entry> entries;  ///< the most recently used first
    std::unordered_map<std::string, std::list<Entry>::iterator> index;
    std::size_t bytes = 0;
  };
  static std::size_t cost(const Entry& entry) { return entry.json->size() + 256; }

  std::size_t max_bytes_;
  std::function<void()> evicted_;
  base::Guarded<State> state_;
};

}  // namespace tiphys::source
