#pragma once

#include "tiphys/jq/jq.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::jq {

/// Runs the jobs of a worker in this process and notes for whom.
class InProcess : public worker::Runner {
 public:
  InProcess() { add_jobs(jobs_); }

  base::Result<std::string> run(const worker::Task& task) override {
    scopes.push_back(task.scope);
    jobs_.start();
    class Nobody : public worker::Caller {
      base::Result<std::string> ask(std::string_view, std::string_view) override {
        return base::Error(base::Code::Unimplemented, "nobody answers");
      }
      base::SteadyTime deadline() const override { return {}; }
    } nobody;
    return (*jobs_.find(task.job))(task.input, nobody);
  }
  std::vector<std::string> scopes;

 private:
  worker::Jobs jobs_;
};

}  // namespace tiphys::jq
