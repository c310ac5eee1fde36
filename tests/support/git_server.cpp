#include "support/git_server.hpp"

#include "tiphys/value/value.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::test {

using value::Value;

namespace {

Value order(std::string_view verb) { return Value::object({{"order", Value(verb)}}); }

Value pack_fault(std::string_view kind, std::size_t after_bytes) {
  return Value::object({{"order", Value("fault")},
                        {"pack", Value(kind)},
                        {"after_bytes", Value(static_cast<std::int64_t>(after_bytes))}});
}

GitRequest read_request(const Value& json) {
  return {.method = std::string(json["method"].text()),
          .path = std::string(json["path"].text()),
          .command = std::string(json["command"].text()),
          .user = std::string(json["user"].text()),
          .protocol = std::string(json["protocol"].text()),
          .agent = std::string(json["agent"].text()),
          .status = static_cast<int>(json["status"].integer_or(0)),
          .bytes = static_cast<std::size_t>(json["bytes"].integer_or(0)),
          .fault = std::string(json["fault"].text())};
}

}  // namespace

GitServer::GitServer() : scheme_("http"), helper_("git_server.py", {root_.path().string()}) {}

GitServer::GitServer(const std::filesystem::path& certificate, const std::filesystem::path& key)
    : scheme_("https"),
      helper_("git_server.py", {root_.path().string(), certificate.string(), key.string()}) {}

GitRepo& GitServer::repo(const std::string& name) {
  auto& repo = repos_[name];
  if (!repo) repo = std::make_unique<GitRepo>(root_.path(), name);
  return *repo;
}

std::string GitServer::url(const std::string& repo_name) const {
  return fmt::format("{}://127.0.0.1:{}/{}.git", scheme_, port(), repo_name);
}

void GitServer::require(const std::string& user, const std::string& password) {
  helper_.ask(Value::object(
      {{"order", Value("auth")}, {"user", Value(user)}, {"password", Value(password)}}));
}

void GitServer::require_nothing() { helper_.ask(order("auth")); }
void GitServer::stop() { helper_.ask(order("stop")); }
void GitServer::start() { helper_.ask(order("start")); }

void GitServer::delay(milliseconds time) {
  helper_.ask(Value::object(
      {{"order", Value("fault")}, {"delay_ms", Value(static_cast<std::int64_t>(time.count()))}}));
}

void GitServer::hang_in_pack(std::size_t after_bytes) {
  helper_.ask(pack_fault("hang", after_bytes));
}

void GitServer::cut_in_pack(std::size_t after_bytes) {
  helper_.ask(pack_fault("cut", after_bytes));
}

void GitServer::heal() { helper_.ask(order("fault")); }

std::vector<GitRequest> GitServer::requests() {
  std::vector<GitRequest> found;
  const Value answer = helper_.ask(order("requests"));
  for (const auto& entry : answer["requests"].items()) found.push_back(read_request(entry));
  return found;
}

std::vector<GitRequest> GitServer::requests(const std::string& command,
                                            const std::string& repo_name) {
  auto found = requests();
  const std::string prefix = "/" + repo_name + ".git/";
  std::erase_if(found, [&](const GitRequest& request) {
    return request.command != command || (!repo_name.empty() && !request.path.starts_with(prefix));
  });
  return found;
}

}  // namespace tiphys::test
