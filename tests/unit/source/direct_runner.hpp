#pragma once

#include "tiphys/worker/job.hpp"
#include "tiphys/worker/pool.hpp"

namespace tiphys::source::testing {

/// The jobs of a worker, run here: what crosses the pipe does so, but there is no other process.
class DirectRunner final : public worker::Runner {
 public:
  explicit DirectRunner(void (*add)(worker::Jobs&)) { add(jobs_); }

  base::Result<std::string> run(const worker::Task& task) override {
    const worker::Job* job = jobs_.find(task.job);
    if (job == nullptr) return base::Error(base::Code::Unimplemented, "no job " + task.job);
    scopes.push_back(task.scope);
    Answerer caller(task.answer, questions);
    return (*job)(task.input, caller);
  }

  std::vector<std::string> scopes;
  std::vector<std::string> questions;  ///< "topic path"

 private:
  class Answerer final : public worker::Caller {
   public:
    Answerer(const worker::Answer& answer, std::vector<std::string>& questions)
        : answer_(answer), questions_(questions) {}
    base::Result<std::string> ask(std::string_view topic, std::string_view question) override {
      questions_.push_back(std::string(topic) + " " + std::string(question));
      if (!answer_) return base::Error(base::Code::Unimplemented, "nobody answers");
      return answer_(topic, question);
    }
    base::SteadyTime deadline() const override { return base::SteadyTime::max(); }

   private:
    const worker::Answer& answer_;
    std::vector<std::string>& questions_;
  };

  worker::Jobs jobs_;
};

}  // namespace tiphys::source::testing
