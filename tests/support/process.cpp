#include "support/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace tiphys::test {

namespace fs = std::filesystem;

namespace {

std::string reason(int code) { return std::generic_category().message(code); }

[[noreturn]] void fail(const std::string& what) { throw SupportError(what + ": " + reason(errno)); }

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

/// The environment as execvpe takes it; made before the fork, since the child may not allocate.
std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = std::string(text.substr(0, text.find('=')));
    if (name != "KUBECONFIG" && !command.environment.contains(name)) entries.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment)
    entries.push_back(fmt::format("{}={}", name, value));
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Pipes {
  int in = -1;   // the child's stdin
  int out = -1;  // its stdout
  int err = -1;  // its stderr
};

/// Only async-signal-safe calls: other threads of the test may hold any lock.
[[noreturn]] void become(const Pipes& pipes, const char* folder, char* const* argv,
                         char* const* environment, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(pipes.in, STDIN_FILENO);
  ::dup2(pipes.out, STDOUT_FILENO);
  ::dup2(pipes.err, STDERR_FILENO);
  if (*folder != '\0' && ::chdir(folder) != 0) ::_exit(126);
  ::execvpe(argv[0], argv, environment);
  ::_exit(127);
}

int open_sink(const fs::path& log) {
  const char* path = log.empty() ? "/dev/null" : log.c_str();
  const int fd = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) fail(std::string("open ") + path);
  return fd;
}

pid_t spawn(const Command& command, const Pipes& pipes) {
  auto arguments = command.argv;
  auto environment = environment_of(command);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const std::string folder = command.working_directory.string();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) become(pipes, folder.c_str(), argv.data(), envp.data(), parent);
  return pid;
}

std::pair<int, int> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  return {ends[0], ends[1]};
}

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Reads what there is; false at the end.
bool drain(int fd, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

}  // namespace

Process::Process(Command command) : command_(std::move(command)) {
  ::signal(SIGPIPE, SIG_IGN);  // a child that has ended is an error of write(), not our end
  Pipes pipes{
      .in = ::open("/dev/null", O_RDONLY | O_CLOEXEC), .out = -1, .err = open_sink(command_.log)};
  pipes.out = ::fcntl(pipes.err, F_DUPFD_CLOEXEC, 0);
  if (command_.piped) {
    close_fd(pipes.in);
    close_fd(pipes.out);
    std::tie(pipes.in, in_) = make_pipe();
    std::tie(out_, pipes.out) = make_pipe();
  }
  pid_ = spawn(command_, pipes);
  close_fd(pipes.in);
  close_fd(pipes.out);
  close_fd(pipes.err);
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) fail("pidfd_open");
}

Process::Process(Process&& other) noexcept { *this = std::move(other); }

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  release();
  command_ = std::move(other.command_);
  pid_ = std::exchange(other.pid_, -1);
  pidfd_ = std::exchange(other.pidfd_, -1);
  in_ = std::exchange(other.in_, -1);
  out_ = std::exchange(other.out_, -1);
  pending_ = std::move(other.pending_);
  status_ = std::exchange(other.status_, std::nullopt);
  return *this;
}

Process::~Process() { release(); }

void Process::release() {
  if (pid_ > 0) kill_now();
  pid_ = -1;
  close_fd(pidfd_);
  close_fd(in_);
  close_fd(out_);
}

std::string Process::log_text() const { return read_file(command_.log); }

bool Process::running() { return !wait(milliseconds(0)).has_value(); }

void Process::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

void Process::kill_now() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  wait(milliseconds(10'000));
}

void Process::pause() const { signal(SIGSTOP); }
void Process::resume() const { signal(SIGCONT); }

std::optional<int> Process::wait(milliseconds limit) {
  if (status_) return status_;
  if (!wait_readable(pidfd_, limit)) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, 0) == pid_) status_ = exit_code(status);
  return status_;
}

std::optional<int> Process::terminate(milliseconds limit) {
  signal(SIGTERM);
  return wait(limit);
}

void Process::wait_for_log(std::string_view words, milliseconds limit) {
  const auto there = [&] { return log_text().contains(words); };
  const auto seen_or_ended = [&] { return there() || !running(); };
  if (!wait_until(limit, seen_or_ended, milliseconds(20), pidfd_) || !there())
    throw SupportError("the log of " + command_.argv.front() + " never had \"" +
                       std::string(words) + "\":\n" + log_text());
}

void Process::write_line(std::string_view line) const {
  std::string text(line);
  text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t wrote = ::write(in_, rest.data(), rest.size());
    if (wrote < 0 && errno != EINTR) fail("write to " + command_.argv.front());
    if (wrote > 0) rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

std::string Process::read_line(milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (const auto at = pending_.find('\n'); at != std::string::npos) {
      std::string line = pending_.substr(0, at);
      pending_.erase(0, at + 1);
      return line;
    }
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= milliseconds(0) || !wait_readable(out_, left) || !drain(out_, pending_))
      throw SupportError("no line from " + command_.argv.front() + "; its log: " + log_text());
  }
}

void Process::close_stdin() { close_fd(in_); }

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& path, std::string_view content) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) throw SupportError("cannot write " + path.string());
}

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "tiphys-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) fail("mkdtemp " + name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Output run(const Command& command, std::string_view input, milliseconds limit) {
  const TempDir scratch;  // files instead of pipes: nothing can fill up or wait for the other
  Command quiet = command;
  quiet.log = scratch.path() / "err";
  quiet.piped = false;
  write_file(scratch.path() / "in", input);
  std::vector<std::string> argv{"/bin/sh", "-c", R"(exec "$@" <"$0/in" >"$0/out")",
                                scratch.path().string()};
  argv.insert(argv.end(), quiet.argv.begin(), quiet.argv.end());
  quiet.argv = std::move(argv);
  Process process(quiet);
  const auto code = process.wait(limit);
  Output output{.exit_code = code.value_or(-1),
                .out = read_file(scratch.path() / "out"),
                .err = read_file(quiet.log)};
  if (!code) throw SupportError(command.argv.front() + " did not end in time: " + output.err);
  return output;
}

}  // namespace tiphys::test
