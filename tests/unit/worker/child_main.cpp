// A worker whose jobs misbehave on demand: the child of pool_test.
#include "tiphys/worker/job.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

extern char** environ;

namespace {

using tiphys::base::Code;
using tiphys::base::Error;
using tiphys::base::Result;
using tiphys::worker::Caller;

using Text = Result<std::string>;

Text echo(std::string_view input, Caller&) { return std::string(input); }
Text fail(std::string_view input, Caller&) { return Error(Code::Invalid, std::string(input)); }

Text spin(std::string_view, Caller&) {
  for (volatile unsigned i = 0;; i = i + 1) {
  }
}

Text hang(std::string_view, Caller&) {
  for (;;) ::pause();
}

/// Fills memory a piece at a time until somebody objects.
Text eat(std::string_view, Caller&) {
  std::vector<std::string> all;
  for (;;) all.emplace_back(std::size_t{1} << 20U, 'x');
}

Text crash(std::string_view input, Caller&) {
  (void)std::signal(SIGSEGV, SIG_DFL);
  (void)std::signal(SIGABRT, SIG_DFL);
  (void)::raise(input == "abort" ? SIGABRT : SIGSEGV);
  return std::string();
}

Text leave(std::string_view, Caller&) { ::_exit(7); }

Text ask(std::string_view input, Caller& caller) {
  std::string out;
  for (int i = 0; i < 3; ++i) {
    auto answer = caller.ask("sum", std::string(input) + std::to_string(i));
    if (!answer.ok()) return std::move(answer).error();
    out += *answer + ";";
  }
  return out;
}

Text ask_for_ever(std::string_view, Caller& caller) {
  for (;;) (void)caller.ask("sum", "");
}

Text long_answer(std::string_view, Caller&) { return std::string(std::size_t{3} << 20U, 'y'); }

/// Bytes that are no frame, on the socket itself.
Text garbage(std::string_view, Caller&) {
  const std::string bytes(64, '\x7f');
  (void)!::write(3, bytes.data(), bytes.size());
  ::pause();
  return std::string();
}

Text pid(std::string_view, Caller&) { return std::to_string(::getpid()); }

/// What the process has and may: one word a thing.
Text inspect(std::string_view, Caller&) {
  std::string out;
  for (char** entry = environ; *entry != nullptr; ++entry)
    out += "env:" + std::string(*entry) + " ";
  for (int fd = 0; fd < 1024; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) out += "fd:" + std::to_string(fd) + " ";
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  out += "core:" + std::to_string(limit.rlim_max) + " ";
  ::getrlimit(RLIMIT_FSIZE, &limit);
  out += "fsize:" + std::to_string(limit.rlim_max) + " ";
  ::getrlimit(RLIMIT_NOFILE, &limit);
  out += "nofile:" + std::to_string(limit.rlim_max) + " ";
  out += "dumpable:" + std::to_string(::prctl(PR_GET_DUMPABLE)) + " ";
  out += "nnp:" + std::to_string(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)) + " ";
  int signal = 0;
  ::prctl(PR_GET_PDEATHSIG, &signal);
  out += "pdeathsig:" + std::to_string(signal) + " ";
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  out += "sigterm_blocked:" + std::to_string(::sigismember(&mask, SIGTERM)) + " ";
  return out;
}

Text open_file(std::string_view input, Caller&) {
  const int fd = ::open(std::string(input).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::generic_category().message(errno);
  ::close(fd);
  return std::string("open");
}

/// Writes a file in the folder that the input names, and one beside it.
Text write_inside(std::string_view input, Caller&) {
  const std::string folder(input);
  const auto allowed = tiphys::worker::allow_only({.read = {}, .write = {folder}});
  if (!allowed.ok()) return Error(allowed.error());
  const auto attempt = [](const std::string& path) {
    const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    const bool written = ::write(fd, "x", 1) == 1;
    ::close(fd);
    return written;
  };
  return std::string(*allowed ? "confined" : "open") + (attempt(folder + "/in") ? " in" : "") +
         (attempt(folder + "/../out") ? " out" : "");
}

Text write_much(std::string_view input, Caller&) {
  const int fd = ::open(std::string(input).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return Error(Code::Internal, "open");
  const std::string piece(std::size_t{1} << 16U, 'z');
  for (int i = 0; i < 64; ++i) (void)!::write(fd, piece.data(), piece.size());
  return std::string("written");
}

}  // namespace

int main() {
  tiphys::worker::Jobs jobs;
  std::string started = "no";
  jobs.at_start([&started] { started = "yes"; });
  jobs.add("started", [&started](std::string_view, Caller&) -> Text { return started; });
  jobs.add("echo", echo);
  jobs.add("fail", fail);
  jobs.add("spin", spin);
  jobs.add("hang", hang);
  jobs.add("eat", eat);
  jobs.add("crash", crash);
  jobs.add("leave", leave);
  jobs.add("ask", ask);
  jobs.add("ask_for_ever", ask_for_ever);
  jobs.add("long_answer", long_answer);
  jobs.add("garbage", garbage);
  jobs.add("pid", pid);
  jobs.add("inspect", inspect);
  jobs.add("open_file", open_file);
  jobs.add("write_inside", write_inside);
  jobs.add("write_much", write_much);
  tiphys::worker::run_child(jobs);
}
