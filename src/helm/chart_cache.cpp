#include "tiphys/helm/chart_cache.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/helm/render.hpp"

#include <fmt/format.h>

#include <utility>

namespace tiphys::helm {
namespace {

std::size_t size_of(const Chart& chart) {
  std::size_t bytes = 256;
  for (const auto* list : {&chart.content->templates, &chart.content->files})
    for (const File& file : *list) bytes += file.name.size() + file.data.size();
  for (const auto& child : chart.dependencies) bytes += size_of(*child);
  return bytes;
}

/// Lengths stand before names and bytes: no two lists of files feed the same.
std::string key_of(const std::vector<File>& files, Profile profile, const LoadLimits& limits) {
  base::Sha256Stream digest;
  digest.update(fmt::format("{} {} {} {}\n", static_cast<int>(profile), limits.file_bytes,
                            limits.total_bytes, limits.files));
  for (const File& file : files) {
    digest.update(fmt::format("{} {}\n", file.name.size(), file.data.size()));
    digest.update(file.name);
    digest.update(file.data);
  }
  return base::to_hex(digest.finish());
}

}  // namespace

base::Result<std::shared_ptr<const Chart>> ChartCache::load(const std::vector<File>& files,
                                                            Profile profile,
                                                            const LoadLimits& limits) {
  const std::string key = key_of(files, profile, limits);
  if (auto chart = find(key)) return chart;
  TRY_ASSIGN(std::shared_ptr<const Chart> chart, load_files(files, profile, limits));
  put(key, chart);
  return chart;
}

std::shared_ptr<const Chart> ChartCache::find(const std::string& key) {
  const auto state = state_.lock();
  const auto found = state->by_key.find(key);
  if (found == state->by_key.end()) {
    ++state->counts.misses;
    return nullptr;
  }
  ++state->counts.hits;
  state->entries.splice(state->entries.begin(), state->entries, found->second);
  return found->second->chart;
}

void ChartCache::put(const std::string& key, std::shared_ptr<const Chart> chart) {
  const std::size_t bytes = size_of(*chart);
  const auto state = state_.lock();
  if (bytes > max_bytes_ || state->by_key.contains(key)) return;
  state->entries.push_front({key, std::move(chart), bytes});
  state->by_key.emplace(state->entries.front().key, state->entries.begin());
  state->counts.bytes += bytes;
  while (state->counts.bytes > max_bytes_) {
    state->counts.bytes -= state->entries.back().bytes;
    state->by_key.erase(state->entries.back().key);
    state->entries.pop_back();
  }
}

ChartCache::Counts ChartCache::counts() const {
  const auto state = state_.lock();
  Counts out = state->counts;
  out.charts = state->entries.size();
  return out;
}

}  // namespace tiphys::helm
