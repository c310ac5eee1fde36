#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/value/value.hpp"
#include "tiphys/worker/job.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::source {

/// A file of a plain directory.
struct ManifestText {
  std::string name;  ///< below the application's path
  std::string bytes;
};

/// Turns what a repository holds into trees of objects. Nothing of it is trusted, so the controller
/// lets a worker process do it (decision 10). Any thread.
class Renderer {
 public:
  using Warn = std::function<void(std::string_view line)>;

  virtual ~Renderer() = default;
  /// The objects of a chart, in Helm's print order. `tenant` (the project): what one tenant's
  /// charts leave behind never meets another's. Errors: helm::render's, and those of the worker.
  virtual base::Result<std::vector<value::Value>> chart(const helm::RenderInput& input,
                                                        const std::string& tenant,
                                                        const Warn& warn) = 0;
  /// The objects of plain files. Errors: Invalid naming the file, and those of the worker.
  virtual base::Result<std::vector<value::Value>> files(const std::vector<ManifestText>& files,
                                                        const std::string& tenant) = 0;
};

/// Here and now: for tests, and what a worker does.
std::unique_ptr<Renderer> make_in_process_renderer(gotmpl::Budgets budgets = {});

/// In the processes of `runner`, which must outlive it; each render has `time`.
std::unique_ptr<Renderer> make_worker_renderer(worker::Runner& runner,
                                               std::chrono::milliseconds time);

/// What the other side of make_worker_renderer needs: the jobs "chart" and "files".
void add_jobs(worker::Jobs& jobs);

}  // namespace tiphys::source
