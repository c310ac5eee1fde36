#include "git/libgit2.hpp"

#include "tiphys/base/wire.hpp"
#include "tiphys/git/pack_checker.hpp"

#include <filesystem>

namespace tiphys::git {

using base::WireReader;
using base::WireWriter;

namespace {

constexpr const char* kPack = "pack";

class WorkerChecker final : public PackChecker {
 public:
  WorkerChecker(worker::Runner& runner, std::chrono::milliseconds time)
      : runner_(runner), time_(time) {}

  base::Result<std::string> check(const PackJob& job) override {
    WireWriter out;
    out.text(job.pack_file);
    out.text(job.mirror_objects);
    out.text(job.out_folder);
    out.number(job.limits.pack_bytes);
    out.number(job.limits.object_bytes);
    out.number(job.limits.objects);
    // A scope of its own each time: a confined process can't check another pack.
    return runner_.run(
        {.job = kPack, .input = out.bytes(), .scope = job.out_folder, .time = time_, .answer = {}});
  }

 private:
  worker::Runner& runner_;
  std::chrono::milliseconds time_;
};

base::Result<std::string> pack_job(std::string_view input, worker::Caller&) {
  WireReader in(input);
  PackJob job;
  job.pack_file = in.text();
  job.mirror_objects = in.text();
  job.out_folder = in.text();
  job.limits.pack_bytes = in.number();
  job.limits.object_bytes = in.number();
  job.limits.objects = in.number();
  TRY(in.finish());
  worker::Reachable reachable{.read = {job.pack_file}, .write = {job.out_folder}};
  if (!job.mirror_objects.empty()) reachable.read.push_back(job.mirror_objects);
  TRY(worker::allow_only(reachable));
  return make_in_process_checker()->check(job);
}

}  // namespace

std::unique_ptr<PackChecker> make_worker_checker(worker::Runner& runner,
                                                 std::chrono::milliseconds time) {
  return std::make_unique<WorkerChecker>(runner, time);
}

void add_jobs(worker::Jobs& jobs) {
  jobs.at_start([] { (void)start_libgit2(); });
  jobs.add(kPack, pack_job);
}

}  // namespace tiphys::git
