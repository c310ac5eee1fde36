#include "unit/git/cgi_transport.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

namespace tiphys::git::testing {
namespace {

using base::Code;
using base::Error;
using Environment = std::map<std::string, std::string>;

Environment base_environment() {
  return {{"PATH", "/usr/bin:/bin"},
          {"HOME", "/nonexistent"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_AUTHOR_NAME", "Ann Author"},
          {"GIT_AUTHOR_EMAIL", "ann@example.org"},
          {"GIT_AUTHOR_DATE", "1700000000 +0100"},
          {"GIT_COMMITTER_NAME", "Carl Committer"},
          {"GIT_COMMITTER_EMAIL", "carl@example.org"},
          {"GIT_COMMITTER_DATE", "1700000100 +0000"}};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// Writes the input and reads the output at once, so that neither side blocks the other.
std::string pump(int in, int out, std::string_view input) {
  std::string output;
  std::array<char, 65536> buffer{};
  ::fcntl(in, F_SETFL, O_NONBLOCK);
  bool writing = true;
  while (true) {
    if (writing && input.empty()) {
      ::close(in);
      writing = false;
    }
    std::array<pollfd, 2> fds{pollfd{out, POLLIN, 0}, pollfd{writing ? in : -1, POLLOUT, 0}};
    ::poll(fds.data(), fds.size(), -1);
    if (writing && fds[1].revents != 0) {
      const ssize_t n = ::write(in, input.data(), input.size());
      if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
      if (n < 0 && errno != EAGAIN) input = {};
    }
    if (fds[0].revents == 0) continue;
    const ssize_t n = ::read(out, buffer.data(), buffer.size());
    if (n <= 0) break;
    output.append(buffer.data(), static_cast<std::size_t>(n));
  }
  if (writing) ::close(in);
  return output;
}

struct Ended {
  int status;
  std::string output;
};

Ended execute(const std::string& folder, std::vector<std::string> argv, const Environment& env,
              std::string_view input) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : env) pairs.push_back(fmt::format("{}={}", name, value));
  const auto arguments = pointers(argv);
  const auto environment = pointers(pairs);
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  std::string output = pump(in[1], out[0], input);
  ::close(out[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {status, std::move(output)};
}

HttpReply parse_head(std::string_view head) {
  HttpReply reply{.status = 200, .content_type = "", .location = ""};
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    if (line.starts_with("Status: "))
      std::from_chars(line.data() + 8, line.data() + 11, reply.status);
    if (line.starts_with("Content-Type: ")) reply.content_type = line.substr(14);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
  }
  return reply;
}

}  // namespace

base::Result<HttpReply> CgiTransport::send(const HttpCall& call, const Limits& limits,
                                           const BodySink& sink) {
  if (limits.stop.stop_requested()) return Error(Code::Canceled, "canceled");
  ++requests;
  const bool fetch = call.body.find("command=fetch") != std::string::npos ||
                     (call.method == "POST" && call.body.starts_with("0") &&
                      call.body.find("want ") != std::string::npos);
  if (fetch) ++fetches;
  if (intercept)
    if (auto answer = intercept(call)) return *std::move(answer);
  const auto question = call.resource.find('?');
  Environment env = base_environment();
  env["GIT_PROJECT_ROOT"] = root_;
  env["GIT_HTTP_EXPORT_ALL"] = "1";
  env["REQUEST_METHOD"] = call.method;
  env["PATH_INFO"] = call.base.path() + call.resource.substr(0, question);
  if (question != std::string::npos) env["QUERY_STRING"] = call.resource.substr(question + 1);
  env["CONTENT_LENGTH"] = std::to_string(call.body.size());
  for (const auto& [name, value] : call.headers) {
    if (name == "Content-Type") env["CONTENT_TYPE"] = value;
    if (name == "Git-Protocol" && !old_server) env["GIT_PROTOCOL"] = value;
  }
  const Ended ended = execute(root_, {"git", "http-backend"}, env, call.body);
  const auto split = ended.output.find("\r\n\r\n");
  if (split == std::string::npos) return Error(Code::Unavailable, "no answer");
  const HttpReply reply = parse_head(std::string_view(ended.output).substr(0, split));
  std::string body = ended.output.substr(split + 4);
  if (tamper) tamper(call, body);
  if (reply.status != 200) return reply;
  for (std::string_view rest = body; !rest.empty();) {
    const std::string_view piece = rest.substr(0, 1000);
    TRY(sink(piece));
    rest.remove_prefix(piece.size());
  }
  return reply;
}

TempFolder::TempFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "tiphys-git-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string run(const std::string& folder, const std::vector<std::string>& argv,
                const std::string& input) {
  const Ended ended = execute(folder, argv, base_environment(), input);
  EXPECT_EQ(ended.status, 0) << argv[0] << " " << argv[1];
  return ended.output;
}

GitRepo::GitRepo(const std::string& root, const std::string& name)
    : folder_(root + "/" + name + ".git"), url_("http://git.test/" + name + ".git") {
  std::filesystem::create_directories(folder_ + ".work");
  run(folder_ + ".work", {"git", "init", "-q", "-b", "main", "."});
  std::filesystem::create_directory_symlink(folder_ + ".work/.git", folder_);
}

std::string GitRepo::git(const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<std::string> argv{"git"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  std::string out = run(folder_ + ".work", argv, input);
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string GitRepo::commit(const std::vector<std::pair<std::string, std::string>>& files,
                            const std::string& message) {
  for (const auto& [path, content] : files) {
    const std::filesystem::path file = folder_ + ".work/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "-m", message});
  return git({"rev-parse", "HEAD"});
}

}  // namespace tiphys::git::testing
