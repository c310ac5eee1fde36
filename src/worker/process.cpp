#include "worker/process.hpp"

#include "worker/build.hpp"
#include "worker/messages.hpp"

#include "tiphys/base/clock.hpp"
#include "tiphys/base/deadline.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <system_error>
#include <vector>

namespace tiphys::worker {

using base::Code;
using base::Error;

namespace {

Error failed(std::string_view what, int number) {
  return {Code::Unavailable, fmt::format("a worker process can't be started: {}: {}", what,
                                         std::generic_category().message(number))};
}

/// What posix_spawn is told, freed at the end.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  /// Nothing but the socket is passed on. A sanitizer's report must be seen, so stderr stays open
  /// in builds with one.
  int fill(int socket) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if constexpr (!kSanitized)
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, socket, kChildSocket);
    posix_spawn_file_actions_addclosefrom_np(&actions, kChildSocket + 1);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    // A group of its own: Ctrl-C in a terminal ends the controller, which ends its workers.
    posix_spawnattr_setpgroup(&attributes, 0);
    return posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// A copy of the descriptor that dup2 and the opening of 0 to 2 can't meet.
Fd out_of_the_way(int fd) {
  constexpr int kAbove = 10;
  return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, kAbove));
}

}  // namespace

base::Result<std::unique_ptr<Process>> Process::start(std::shared_ptr<const PoolOptions> options,
                                                      std::chrono::milliseconds patience) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return failed("socketpair", errno);
  Fd ours(pair[0]);
  Fd theirs(pair[1]);
  Fd passed = out_of_the_way(theirs.get());
  if (passed.get() < 0) return failed("dup", errno);
  theirs.reset();

  SpawnPlan plan;
  if (const int error = plan.fill(passed.get()); error != 0) return failed("posix_spawn", error);
  std::vector<std::string> command = options->command;
  std::vector<std::string> environment = options->environment;
  const std::string program = command.at(0);
  command[0] = "tiphys";
  const std::vector<char*> argv = pointers(command);
  const std::vector<char*> envp = pointers(environment);
  pid_t pid = -1;
  if (const int error = ::posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes,
                                      argv.data(), envp.data());
      error != 0)
    return failed(program, error);
  passed.reset();  // from here on an end of the child closes the socket
  std::unique_ptr<Process> out(new Process(pid, std::move(ours), std::move(options)));

  const base::SystemClock clock;
  const auto deadline = base::Deadline::after(clock, patience);
  const Watch watch = [&]() -> base::Status {
    if (!deadline.passed(clock)) return {};
    return Error(Code::Unavailable, fmt::format("not ready after {} ms", patience.count()));
  };
  auto hello = out->channel_.send(FrameType::hello, write_hello(out->options_->limits), watch);
  if (!hello.ok()) return std::move(hello).error();
  auto ready = out->channel_.receive(watch).context("a worker process didn't start");
  if (!ready.ok()) return Error(Code::Unavailable, ready.error().text());
  if (ready->type != FrameType::ready)
    return Error(Code::Unavailable, "a worker process didn't say that it is ready");
  out->unconfined_ = std::move(ready->body);
  return out;
}

Process::~Process() {
  if (pid_ <= 0) return;
  (void)::kill(pid_, SIGKILL);
  (void)reap();
}

int Process::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

std::uint64_t Process::memory() const {
  const Fd file(::open(fmt::format("/proc/{}/statm", pid_).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 128> text{};
  const ssize_t size = file.get() < 0 ? -1 : ::read(file.get(), text.data(), text.size());
  if (size <= 0) return 0;
  // "size resident shared ...": what isn't a file's is what it made itself.
  const char* at = text.data();
  const char* const end = text.data() + size;
  std::array<std::uint64_t, 3> pages{};
  for (std::uint64_t& number : pages) {
    while (at != end && *at == ' ') ++at;
    at = std::from_chars(at, end, number).ptr;
  }
  if (pages[1] < pages[2]) return 0;
  return (pages[1] - pages[2]) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Death Process::death(const ProcessLimits& limits) {
  // It has closed the socket, so it is ending; should it not be, this ends it.
  (void)::kill(pid_, SIGKILL);
  const int status = reap();
  if (WIFEXITED(status))
    return {.cause = "crashed", .words = fmt::format("ended with status {}", WEXITSTATUS(status))};
  const int signal = WTERMSIG(status);
  if (signal == SIGXCPU)
    return {.cause = "cpu",
            .words = fmt::format("used more than {} s of processor time", limits.cpu.count()),
            .code = Code::ResourceExhausted};
  if (signal == SIGXFSZ)
    return {.cause = "file",
            .words = fmt::format("wrote a file of more than {} bytes", limits.file_bytes),
            .code = Code::ResourceExhausted};
  if (signal == SIGKILL)
    return {
        .cause = "killed",
        .words = fmt::format("was killed by SIGKILL (signal {}), as the kernel does when memory "
                             "runs out",
                             SIGKILL)};
  const char* name = ::sigdescr_np(signal);
  return {.cause = "crashed",
          .words = fmt::format("crashed: {} (signal {})", name == nullptr ? "?" : name, signal)};
}

}  // namespace tiphys::worker
