#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/worker/job.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace tiphys::git {

/// What a pack may cost. The message of a refusal names the limit.
struct PackLimits {
  std::uint64_t pack_bytes = std::uint64_t{4} << 30;
  std::uint64_t object_bytes = std::uint64_t{32} << 20;  ///< unpacked, deltas resolved
  std::uint64_t objects = 20'000'000;
};

/// A pack that was fetched into quarantine and is trusted by nobody yet.
struct PackJob {
  std::string pack_file;       ///< the bytes as they came
  std::string mirror_objects;  ///< objects folder of the mirror, for connectivity; may be ""
  std::string out_folder;      ///< where <name>.pack and <name>.idx are written
  PackLimits limits;
};

/// Indexes and checks a pack: format, sizes, hashes, deltas, and that everything which its objects
/// name is in it or in the mirror.
class PackChecker {
 public:
  virtual ~PackChecker() = default;
  /// The common part of the two file names, "pack-<hex>". Errors: Invalid, ResourceExhausted.
  virtual base::Result<std::string> check(const PackJob& job) = 0;
};

/// Here and now: for tests, and what a worker does.
std::unique_ptr<PackChecker> make_in_process_checker();

/// In the processes of `runner` (decision 10), which must outlive it. A process confines itself to
/// the folders of its one pack, so the pool gives it no second one and `readable` is nullopt.
std::unique_ptr<PackChecker> make_worker_checker(worker::Runner& runner,
                                                 std::chrono::milliseconds time);

/// What the other side of make_worker_checker needs: the job "pack".
void add_jobs(worker::Jobs& jobs);

}  // namespace tiphys::git
