#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"
#include "tiphys/worker/job.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

/// A file of a plain directory.
struct ManifestText {
  std::string name;  ///< below the application's path
  std::string bytes;
};

/// Whom a chart is rendered for, and what answers it beyond its input.
struct ChartCall {
  /// The project: what one tenant's charts leave behind never meets another's.
  std::string tenant;
  std::function<void(std::string_view line)> warn;  ///< may be empty
  /// Answers where RenderInput::lookup is set; on the thread that calls, inside the render's time.
  helm::Lookup* lookup = nullptr;
  /// Of an earlier render of the same input for the same application: its random, key and clock
  /// functions are answered as they were then.
  helm::Transcript known;
};

struct RenderedChart {
  std::vector<value::Value> objects;  ///< in Helm's print order
  helm::Transcript transcript;
};

/// Turns what a repository holds into trees of objects. Nothing of it is trusted, so the controller
/// lets a worker process do it (decision 10). Any thread.
class Renderer {
 public:
  virtual ~Renderer() = default;
  /// Errors: helm::render's, and those of the worker.
  virtual base::Result<RenderedChart> chart(const helm::RenderInput& input,
                                            const ChartCall& call) = 0;
  /// The objects of plain files. Errors: Invalid naming the file, and those of the worker.
  virtual base::Result<std::vector<value::Value>> files(const std::vector<ManifestText>& files,
                                                        const std::string& tenant) = 0;
};

/// Here and now: for tests, and what a worker does.
std::unique_ptr<Renderer> make_in_process_renderer(gotmpl::Budgets budgets = {});

/// What one render in a worker may use. reliability.md L12.
struct RenderLimits {
  std::chrono::milliseconds time{10'000};  ///< answers included
  /// Of the process; templates are stopped at three quarters, with an error that names the place.
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;
  std::uint64_t output_bytes = std::uint64_t{50} << 20;  ///< of one template
  bool operator==(const RenderLimits&) const = default;
};

/// In the processes of `runner`, which must outlive it. `limits` is asked before each render.
std::unique_ptr<Renderer> make_worker_renderer(worker::Runner& runner,
                                               std::function<RenderLimits()> limits);

/// What the other side of make_worker_renderer needs: the jobs "chart" and "files".
void add_jobs(worker::Jobs& jobs);

}  // namespace tiphys::source
