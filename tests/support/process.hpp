#pragma once

#include "support/wait.hpp"

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::test {

/// What to run. argv[0] is looked up in PATH unless it has a slash.
struct Command {
  std::vector<std::string> argv;
  /// Added to our own environment, from which KUBECONFIG is always taken out.
  std::map<std::string, std::string> environment = {};
  /// Where stdout and stderr go (appended); empty: /dev/null.
  std::filesystem::path log = {};
  std::filesystem::path working_directory = {};
  /// Gives Process::write_line and Process::read_line pipes to stdin and from stdout.
  bool piped = false;
};

/// A child process. It dies with the thread that started it (parent-death signal), so start it from
/// the test's own thread; the destructor kills and reaps it. Not thread-safe. Throws SupportError.
class Process {
 public:
  explicit Process(Command command);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  /// Readable once the process has ended; for wait_until.
  int pidfd() const { return pidfd_; }
  const std::filesystem::path& log() const { return command_.log; }
  /// What the log has now.
  std::string log_text() const;

  bool running();
  void signal(int number) const;
  void kill_now();  ///< SIGKILL, and reaps
  void pause() const;
  void resume() const;
  /// The exit status as a shell tells it (128 + signal), or nothing after `limit`.
  std::optional<int> wait(milliseconds limit);
  /// SIGTERM, then wait; nothing if it has not ended after `limit` (it still runs then).
  std::optional<int> terminate(milliseconds limit);
  /// Waits until the log has `words`; throws when the process ends or the time passes before.
  void wait_for_log(std::string_view words, milliseconds limit = milliseconds(20'000));

  void write_line(std::string_view line) const;
  std::string read_line(milliseconds limit = milliseconds(20'000));
  void close_stdin();

 private:
  void release();

  Command command_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string pending_;
  std::optional<int> status_;
};

struct Output {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Runs to the end (throws after `limit`) and returns what it wrote.
Output run(const Command& command, std::string_view input = {},
           milliseconds limit = milliseconds(60'000));

/// A folder that is removed with the object, in TMPDIR.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(TempDir&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace tiphys::test
