#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace tiphys::sync {

/// work(0) ... work(count - 1), at most `most` at once; returns when all are done.
template <typename Work>
void for_each_parallel(std::size_t count, int most, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const auto helpers = std::min(static_cast<std::size_t>(most), count);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(take);
  take();
}

}  // namespace tiphys::sync
