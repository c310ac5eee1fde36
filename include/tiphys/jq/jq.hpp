#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"
#include "tiphys/worker/job.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

/// jq's path expressions, as ignoreDifferences has them (Argo CD's
/// util/argo/normalizers/diff_normalizer.go): what an expression names is found by libjq, which
/// runs in a worker only (decision 10), and taken out of the tree by ourselves: jq's numbers are
/// doubles.
namespace tiphys::jq {

/// The paths that `path(expression)` gives for a JSON text, as a JSON list of lists. In this
/// process: for workers and tests; one thread at a time. An expression that fails on this text
/// (".a[]" where a is null) names nothing. Errors: Invalid when the expression can't be read;
/// Internal when libjq isn't there.
base::Result<std::string> paths_of(const std::string& expression, const std::string& json);

/// A copy of the tree without these paths, longest and last ones first, as jq's delpaths. A path
/// that leads nowhere changes nothing. Errors: Invalid for what is no list of paths, and for the
/// empty path, which would leave nothing.
base::Result<value::Value> without_paths(const value::Value& tree, const value::Value& paths);

/// del(expression) of a tree. `scope` is whose expression it is (worker::Task). Any thread. Errors:
/// those above; the worker's (time, memory, crash).
using Delete = std::function<base::Result<value::Value>(
    const std::string& scope, const std::string& expression, const value::Value& tree)>;

/// Asks a worker, and remembers the last few thousand answers. `runner` must outlive it.
Delete make_worker_delete(worker::Runner& runner, std::chrono::milliseconds time);

/// What such a worker does.
void add_jobs(worker::Jobs& jobs);

}  // namespace tiphys::jq
