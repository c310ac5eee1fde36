#pragma once

#include "worker/channel.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/worker/pool.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace tiphys::worker {

/// How a process went that wasn't told to.
struct Death {
  std::string cause;  ///< cpu, file, crashed, killed
  std::string words;  ///< "used more than 120 s of processor time"
  base::Code code = base::Code::Internal;
};

/// One child of ours. Killed and waited for at its end. One thread at a time.
class Process {
 public:
  /// Starts one and waits until it says that it is ready, for `patience`. The thread that calls
  /// must live as long as the process: the kernel ends a child when the thread that made it ends.
  /// Errors: Unavailable.
  static base::Result<std::unique_ptr<Process>> start(std::shared_ptr<const PoolOptions> options,
                                                      std::chrono::milliseconds patience);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  Channel& channel() { return channel_; }
  /// It waits for a job, as far as one can see.
  bool idle() const { return channel_.quiet(); }
  /// Private memory in bytes; 0 when it is gone.
  std::uint64_t memory() const;
  /// Kills it if it still lives, and tells how it went.
  Death death(const ProcessLimits& limits);
  const std::shared_ptr<const PoolOptions>& options() const { return options_; }
  /// What of its confinement it couldn't do; "": nothing.
  const std::string& unconfined() const { return unconfined_; }

  std::string scope;  ///< whose jobs it has run; "" before the first
  std::uint32_t jobs = 0;

 private:
  Process(pid_t pid, Fd socket, std::shared_ptr<const PoolOptions> options)
      : pid_(pid),
        channel_(std::move(socket), options->limits.message_bytes),
        options_(std::move(options)) {}
  int reap();

  pid_t pid_;
  Channel channel_;
  std::shared_ptr<const PoolOptions> options_;
  std::string unconfined_;
};

}  // namespace tiphys::worker
