#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/result.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::worker {

/// Who gave a job, as the job sees it. Lives as long as the job runs.
class Caller {
 public:
  virtual ~Caller() = default;
  /// Asks the process that gave the job, and waits for its answer. Errors: the answer's own;
  /// Unimplemented when the caller answers nothing.
  virtual base::Result<std::string> ask(std::string_view topic, std::string_view question) = 0;
  /// When the caller stops waiting; soon after the process is killed.
  virtual base::SteadyTime deadline() const = 0;
};

/// A pure function of its input and of what the caller answers. Bytes in, bytes out; both are
/// untrusted on the other side. May throw std::bad_alloc.
using Job = std::function<base::Result<std::string>(std::string_view input, Caller& caller)>;

/// What a child can do. Filled before run_child(); not changed afterwards.
class Jobs {
 public:
  void add(std::string name, Job job) { jobs_.insert_or_assign(std::move(name), std::move(job)); }
  /// Runs before the first job and before anything is confined: tables are built and libraries
  /// started here, so that no job pays for them.
  void at_start(std::function<void()> prepare) { prepare_.push_back(std::move(prepare)); }

  const Job* find(std::string_view name) const;
  void start() const;

 private:
  std::map<std::string, Job, std::less<>> jobs_;
  std::vector<std::function<void()>> prepare_;
};

/// The whole of `tiphys worker`: takes jobs from the socket at descriptor 3, one after the other,
/// until that is closed; then the process ends. It gives away everything that a job doesn't need
/// first (reliability.md, the largest single lever): no other descriptor, dies with its parent, no
/// new privileges, not dumpable, the first victim when memory runs out, and the limits that the
/// pool sends.
[[noreturn]] void run_child(const Jobs& jobs);

/// Files and folders that a process may still open.
struct Reachable {
  std::vector<std::string> read;
  std::vector<std::string> write;  ///< read, written, made and removed below it
};

/// From now on this process opens only these, and no TCP connection (Landlock); can't be undone.
/// Paths that don't exist are passed over. Gives false where the kernel can't do it. Errors:
/// Internal.
base::Result<bool> allow_only(const Reachable& reachable);
/// The version of Landlock that this kernel offers: 0 is none (allow_only does nothing), from 4 on
/// TCP is covered too.
long landlock_version();

}  // namespace tiphys::worker
