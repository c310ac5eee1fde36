#pragma once

#include "tiphys/base/log.hpp"
#include "tiphys/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::worker {

/// Answers what a job asks (Caller::ask), on the thread that called run().
using Answer =
    std::function<base::Result<std::string>(std::string_view topic, std::string_view question)>;

struct Task {
  std::string job;         ///< as Jobs::add named it
  std::string_view input;  ///< must live until run() returns
  /// A process that has worked for one scope never works for another: what a job leaves behind in
  /// it can't reach another tenant.
  std::string scope;
  std::chrono::milliseconds time{10'000};  ///< answers included; then the process is killed
  Answer answer;                           ///< may be empty
};

/// Runs jobs: the pool, or a fake in tests.
class Runner {
 public:
  virtual ~Runner() = default;
  /// Blocks. Any thread. Errors: the job's own; Timeout and ResourceExhausted naming the limit that
  /// was passed; Internal when the process crashed; Unavailable when none could be started;
  /// Canceled after stop().
  virtual base::Result<std::string> run(const Task& task) = 0;
};

/// What one process may use. reliability.md L12.
struct ProcessLimits {
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;  ///< private memory, by RLIMIT_DATA and
                                                          ///< looked at while a job runs
  std::chrono::seconds cpu{120};                          ///< in all its life
  std::uint64_t file_bytes = 0;                           ///< the largest file that it may write
  std::uint64_t open_files = 16;
  std::uint64_t message_bytes = std::uint64_t{256} << 20;  ///< of one question or answer
  /// What it may read (allow_only); nullopt: the jobs see to it themselves.
  std::optional<std::vector<std::string>> readable = std::vector<std::string>();
};

struct PoolOptions {
  /// The program and its arguments; the environment is empty but for `environment`.
  std::vector<std::string> command = {"/proc/self/exe", "worker"};
  std::vector<std::string> environment = {};  ///< "NAME=value"
  std::size_t size = 8;                       ///< jobs that run at once
  std::size_t warm = 2;                       ///< processes that are kept ready; may be 0
  std::uint32_t jobs_per_process = 500;
  std::uint64_t retire_bytes = std::uint64_t{96} << 20;  ///< with more memory it isn't used again
  ProcessLimits limits;
};

/// Any may be empty. Any thread; must be quick.
struct PoolHooks {
  std::function<void()> started;
  /// A process went: retired, time, memory, cpu, file, crashed, killed, protocol, stopped.
  std::function<void(std::string_view cause)> ended;
  std::function<void(std::string_view job, std::chrono::nanoseconds took, bool ok)> done;
  base::Logger log;
};

/// Disposable child processes that are started ahead, so that a job pays no process start (decision
/// 10). Each runs one job at a time; it is retired after a number of jobs, when it has grown, after
/// a job that passed a limit, and when its place is needed for another scope.
class Pool : public Runner {
 public:
  struct Counts {
    std::size_t running = 0;
    std::size_t ready = 0;
    std::uint64_t started = 0;
    std::uint64_t lost = 0;  ///< ended by a limit or by themselves
  };
  virtual Counts counts() const = 0;
  /// Another size and other limits, for jobs that begin from now on. Processes with the old limits
  /// are retired, after the job that they run. Any thread.
  virtual void reconfigure(std::size_t size, const ProcessLimits& limits) = 0;
  /// Kills every process; running jobs end with Canceled. Also the destructor.
  virtual void stop() = 0;
};

std::unique_ptr<Pool> make_pool(PoolOptions options, PoolHooks hooks = {});

}  // namespace tiphys::worker
