#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/helm/chart.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

/// Loaded charts by content, the least recently used dropped first. What a chart's templates were
/// parsed to stays with it, so a render of a cached chart neither reads YAML of the chart nor
/// parses a template. Any thread may call; two that miss at once both load.
class ChartCache {
 public:
  /// At most this many bytes of chart files; a parsed chart takes about three times its files.
  explicit ChartCache(std::size_t max_bytes = std::size_t{64} << 20) : max_bytes_(max_bytes) {}

  /// load_files, or what it gave before for files of the same names and bytes. Errors aren't kept.
  base::Result<std::shared_ptr<const Chart>> load(const std::vector<File>& files, Profile profile,
                                                  const LoadLimits& limits = {});

  /// By a key that the caller knows to stand for content, profile and limits (a tree's id).
  std::shared_ptr<const Chart> find(const std::string& key);
  void put(const std::string& key, std::shared_ptr<const Chart> chart);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::size_t charts = 0;
    std::size_t bytes = 0;
  };
  Counts counts() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Chart> chart;
    std::size_t bytes = 0;
  };
  struct State {
    std::list<Entry> entries;  ///< the last used first
    std::map<std::string_view, std::list<Entry>::iterator> by_key;
    Counts counts;
  };

  std::size_t max_bytes_;
  base::Guarded<State> state_;
};

}  // namespace tiphys::helm
