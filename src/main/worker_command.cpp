#include "commands.hpp"

#include "tiphys/git/pack_checker.hpp"
#include "tiphys/jq/jq.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/worker/job.hpp"

namespace tiphys::main {

void run_worker(std::string_view kind) {
  worker::Jobs jobs;
  if (kind == "packs")
    git::add_jobs(jobs);
  else if (kind == "jq")
    jq::add_jobs(jobs);
  else
    source::add_jobs(jobs);
  worker::run_child(jobs);
}

}  // namespace tiphys::main
