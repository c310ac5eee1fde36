#include "worker/conversation.hpp"

#include "worker/build.hpp"
#include "worker/messages.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

constexpr std::uint64_t kSanitizerFactor = 6;
/// The job is told the task's time and names the place when it ends itself; this much later it is
/// killed. No step of a job should take longer: one bcrypt does, sanitized, on a busy machine.
constexpr std::chrono::milliseconds kGrace{500 * (kSanitized ? kSanitizerFactor : 1)};
constexpr double kThousand = 1000;

std::uint64_t scaled(std::uint64_t bytes) { return kSanitized ? bytes * kSanitizerFactor : bytes; }

/// One job on one process.
class Talk {
 public:
  Talk(Process& process, const Task& task, const PoolOptions& options,
       const std::atomic<bool>& stopped)
      : process_(process),
        task_(task),
        options_(options),
        stopped_(stopped),
        deadline_(base::Deadline::after(clock_, task.time + kGrace)) {}

  Conversation run() {
    auto message = talk();
    if (message.ok()) return conclude(*std::move(message));
    if (!ended_.empty()) return over(std::move(message).error(), ended_);
    if (message.error().code() == Code::Unavailable) return buried();
    return over(lost(message.error().code(), message.error().text()), "protocol");
  }

 private:
  Conversation over(Error error, std::string cause) const {
    return {
        .outcome = std::move(error), .reusable = false, .begun = begun_, .ended = std::move(cause)};
  }

  Error lost(Code code, std::string_view words) const {
    return {code, fmt::format("{}: the worker process {}", task_.job, words)};
  }

  /// The watch of every wait: the limits that the kernel doesn't hold.
  base::Status watch() {
    if (stopped_.load()) return end(kStopped, Code::Canceled, "was stopped");
    if (deadline_.passed(clock_))
      return end("time", Code::Timeout,
                 fmt::format("was stopped: the time limit is {} s",
                             static_cast<double>(task_.time.count()) / kThousand));
    memory_ = process_.memory();
    if (memory_ > scaled(options_.limits.memory_bytes))
      return end(
          "memory", Code::ResourceExhausted,
          fmt::format("was stopped: the memory limit is {} bytes", options_.limits.memory_bytes));
    return {};
  }

  Error end(std::string_view cause, Code code, std::string_view words) {
    ended_ = cause;
    return lost(code, words);
  }

  base::Result<ResultMessage> talk() {
    const Watch watching = [this] { return watch(); };
    Channel& channel = process_.channel();
    TRY(channel.send(FrameType::job,
                     write_job({.job = task_.job, .time = task_.time, .input = task_.input}),
                     watching));
    for (;;) {
      TRY_ASSIGN(const Frame frame, channel.receive(watching));
      if (frame.type == FrameType::result) return read_result(frame.body);
      if (frame.type == FrameType::begun && !std::exchange(begun_, true)) continue;
      if (frame.type != FrameType::ask) return Error(Code::Invalid, "sent an unexpected message");
      TRY_ASSIGN(const Question question, read_question(frame.body));
      // A job that does nothing but ask is never seen waiting.
      TRY(watch());
      TRY(channel.send(FrameType::answer, write_answer(answer(question)), watching));
    }
  }

  base::Result<std::string> answer(const Question& question) const {
    if (!task_.answer)
      return Error(Code::Unimplemented,
                   fmt::format("{}: nobody answers {}", task_.job, question.topic));
    return task_.answer(question.topic, question.text);
  }

  Conversation conclude(ResultMessage message) const {
    const bool limited =
        !message.outcome.ok() && (message.outcome.error().code() == Code::ResourceExhausted ||
                                  message.outcome.error().code() == Code::Timeout);
    const bool tired = process_.jobs >= options_.jobs_per_process ||
                       2 * message.cpu >= options_.limits.cpu ||
                       process_.memory() > scaled(options_.retire_bytes);
    return {.outcome = std::move(message.outcome),
            .reusable = !limited && !tired,
            .begun = true,
            .ended = {}};
  }

  Conversation buried() {
    Death death = process_.death(options_.limits);
    if (death.cause != "cpu" && memory_ > scaled(options_.limits.memory_bytes) / 2)
      death.words += fmt::format("; it used {} bytes of memory, the limit is {}", memory_,
                                 options_.limits.memory_bytes);
    return over(lost(death.code, death.words), death.cause);
  }

  base::SystemClock clock_;
  Process& process_;
  const Task& task_;
  const PoolOptions& options_;
  const std::atomic<bool>& stopped_;
  base::Deadline deadline_;
  bool begun_ = false;
  std::string ended_;
  std::uint64_t memory_ = 0;
};

}  // namespace

Conversation converse(Process& process, const Task& task, const PoolOptions& options,
                      const std::atomic<bool>& stopped) {
  return Talk(process, task, options, stopped).run();
}

}  // namespace tiphys::worker
