#pragma once

#include "worker/process.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/worker/pool.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::worker {

/// The cause of a process that ended because the pool did.
inline constexpr std::string_view kStopped = "stopped";

/// What became of one job, and of the process that ran it.
struct Conversation {
  base::Result<std::string> outcome;
  bool reusable = false;
  bool begun = false;  ///< false: the process was dead already, another may have the job
  std::string ended;   ///< why the process went, when it was lost
};

/// Gives the job to the process, answers its questions and watches over it until it is done.
/// Anything that passes a limit of the task or the process ends the process.
Conversation converse(Process& process, const Task& task, const PoolOptions& options,
                      const std::atomic<bool>& stopped);

}  // namespace tiphys::worker
