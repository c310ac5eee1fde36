#include "worker/build.hpp"
#include "worker/channel.hpp"
#include "worker/messages.hpp"

#include "tiphys/worker/job.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

// sysexits.h: what a supervisor would read out of a strange end.
constexpr int kUsage = 64;
constexpr int kSoftware = 70;

base::Status lower(int resource, std::uint64_t limit, std::uint64_t hard) {
  const rlimit wanted{.rlim_cur = limit, .rlim_max = hard};
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &wanted) != 0)
    return Error(Code::Internal, fmt::format("setting limit {} failed", resource));
  return {};
}

/// Before anything else, and before the first byte of the parent is read.
void give_up_privileges() {
  // The kernel shall take a worker before it takes the controller. Not being allowed to say so is
  // no reason to stop.
  if (const Fd score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)); score.get() >= 0)
    (void)!::write(score.get(), "1000", 4);
  (void)::close_range(kChildSocket + 1, ~0U, 0);
  (void)::fcntl(kChildSocket, F_SETFD, FD_CLOEXEC);
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  (void)::prctl(PR_SET_NAME, "tiphys-worker", 0, 0, 0);
}

/// What of it couldn't be done, for people; "": all of it was.
base::Result<std::string> apply(const ProcessLimits& limits) {
  TRY(lower(RLIMIT_CORE, 0, 0));
  TRY(lower(RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes));
  TRY(lower(RLIMIT_NOFILE, limits.open_files, limits.open_files));
  const auto cpu = static_cast<std::uint64_t>(limits.cpu.count());
  TRY(lower(RLIMIT_CPU, cpu, cpu + 1));
  if constexpr (!kSanitized) {
    // RLIMIT_AS would count the program's text and files that are mapped; this is what it fills.
    TRY(lower(RLIMIT_DATA, limits.memory_bytes, limits.memory_bytes));
    TRY(lower(RLIMIT_NPROC, 0, 0));
  }
  bool confined = landlock_version() > 0;
  if (limits.readable) {
    TRY_ASSIGN(confined, allow_only({.read = *limits.readable, .write = {}}));
  }
  if (confined) return std::string();
  return std::string("the kernel has no Landlock: files and network are not closed to workers");
}

std::chrono::milliseconds cpu_used() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return {};
  const auto span = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return std::chrono::ceil<std::chrono::milliseconds>(span(usage.ru_utime) + span(usage.ru_stime));
}

/// Asks the parent, which waits for this process while it works.
class Parent final : public Caller {
 public:
  Parent(Channel& channel, base::SteadyTime deadline) : channel_(channel), deadline_(deadline) {}

  base::Result<std::string> ask(std::string_view topic, std::string_view question) override {
    TRY(channel_.send(FrameType::ask, write_question({.topic = topic, .text = question})));
    TRY_ASSIGN(const Frame answer, channel_.receive());
    if (answer.type != FrameType::answer) return Error(Code::Internal, "no answer came");
    return read_answer(answer.body);
  }
  base::SteadyTime deadline() const override { return deadline_; }

 private:
  Channel& channel_;
  base::SteadyTime deadline_;
};

base::Result<std::string> run_job(const Jobs& jobs, const JobMessage& message, Caller& caller,
                                  std::uint64_t memory) {
  const Job* job = jobs.find(message.job);
  if (job == nullptr)
    return Error(Code::Unimplemented, fmt::format("a worker knows no job {}", message.job));
  try {
    return (*job)(message.input, caller);
  } catch (const std::bad_alloc&) {
    return Error(Code::ResourceExhausted,
                 fmt::format("{}: out of memory: the limit is {} bytes", message.job, memory));
  } catch (const std::exception& error) {
    return Error(Code::Internal, fmt::format("{}: {}", message.job, error.what()));
  }
}

base::Status serve(Channel& channel, const Jobs& jobs) {
  TRY_ASSIGN(const Frame hello, channel.receive());
  TRY_ASSIGN(const ProcessLimits limits, read_hello(hello.body));
  channel.limit(limits.message_bytes);
  jobs.start();
  TRY_ASSIGN(const std::string missing, apply(limits));
  TRY(channel.send(FrameType::ready, missing));
  const base::SystemClock clock;
  for (;;) {
    TRY_ASSIGN(const Frame frame, channel.receive());
    if (frame.type != FrameType::job) return Error(Code::Invalid, "expected a job");
    TRY_ASSIGN(const JobMessage message, read_job(frame.body));
    TRY(channel.send(FrameType::begun, ""));
    Parent parent(channel, clock.now() + message.time);
    ResultMessage result{.outcome = run_job(jobs, message, parent, limits.memory_bytes),
                         .cpu = cpu_used()};
    auto sent = channel.send(FrameType::result, write_result(result));
    if (!sent.ok() && sent.error().code() == Code::ResourceExhausted) {
      result.outcome =
          Error(Code::ResourceExhausted, fmt::format("{}: {}", message.job, sent.error().text()));
      sent = channel.send(FrameType::result, write_result(result));
    }
    TRY(std::move(sent));
  }
}

}  // namespace

const Job* Jobs::find(std::string_view name) const {
  const auto found = jobs_.find(name);
  return found == jobs_.end() ? nullptr : &found->second;
}

void Jobs::start() const {
  for (const auto& prepare : prepare_) prepare();
}

void run_child(const Jobs& jobs) {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(kChildSocket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    constexpr std::string_view kWords = "tiphys worker is started by the controller only\n";
    (void)!::write(STDERR_FILENO, kWords.data(), kWords.size());
    ::_exit(kUsage);
  }
  give_up_privileges();
  constexpr std::uint64_t kHello = 1U << 20U;
  Channel channel(Fd{kChildSocket}, kHello);
  int code = kSoftware;
  try {
    const auto served = serve(channel, jobs);
    if (!served.ok() && served.error().code() == Code::Unavailable) code = 0;
  } catch (const std::exception&) {
    code = kSoftware;
  }
  // No destructors: nothing here is worth more than a fast end.
  ::_exit(code);
}

}  // namespace tiphys::worker
