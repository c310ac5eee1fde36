#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::worker {

// The bodies of frames. Reading is total: anything may come, above all from a child.

std::string write_hello(const ProcessLimits& limits);
base::Result<ProcessLimits> read_hello(std::string_view body);

/// The body of `job`; the input is a view into it.
struct JobMessage {
  std::string_view job;
  std::chrono::milliseconds time{};
  std::string_view input;
};
std::string write_job(const JobMessage& message);
base::Result<JobMessage> read_job(std::string_view body);

struct Question {
  std::string_view topic;
  std::string_view text;
};
std::string write_question(const Question& question);
base::Result<Question> read_question(std::string_view body);

/// The bodies of `answer` and, with what the process has used so far, of `result`.
std::string write_answer(const base::Result<std::string>& answer);
base::Result<std::string> read_answer(std::string_view body);

struct ResultMessage {
  base::Result<std::string> outcome;
  std::chrono::milliseconds cpu{};
};
std::string write_result(const ResultMessage& message);
/// Errors: Invalid when the message is none.
base::Result<ResultMessage> read_result(std::string_view body);

}  // namespace tiphys::worker
