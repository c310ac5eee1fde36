#include "support/control_plane.hpp"

#include "support/wait.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::test {

namespace fs = std::filesystem;
using value::Value;

namespace {

/// A first `up` builds the control plane, which takes minutes.
constexpr milliseconds kUpLimit{2'400'000};
constexpr milliseconds kCallLimit{120'000};

Value parse(const std::string& text, const std::string& what) {
  auto parsed = value::parse_json(text);
  if (!parsed.ok()) throw SupportError(what + ": " + parsed.error().text() + ": " + text);
  return *std::move(parsed);
}

std::string write(const Value& tree) {
  auto text = value::write_json(tree);
  if (!text.ok()) throw SupportError(text.error().text());
  return *std::move(text);
}

Output run_tool(const std::string& name, std::vector<std::string> args, milliseconds limit) {
  Command command{.argv = {TIPHYS_SOURCE_DIR "/tools/devcluster", "--name", name}};
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  return run(command, {}, limit);
}

void start_cluster(const std::string& name) {
  const auto done = run_tool(name, {"--owner", std::to_string(::getpid()), "up"}, kUpLimit);
  if (done.exit_code != 0) throw SupportError("devcluster up: " + done.err);
}

}  // namespace

std::string unique_name(const std::string& prefix) {
  static std::atomic<int> counter{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch() / milliseconds(1);
  return fmt::format("{}-{:x}-{:x}-{}", prefix, ::getpid(), now & 0xfffff, ++counter);
}

ControlPlane& ControlPlane::shared() {
  static ControlPlane plane = [] {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in a test changes the environment
    if (const char* name = std::getenv("TIPHYS_TEST_CLUSTER"); name != nullptr)
      return ControlPlane(name, Ends::never);
    const auto name = unique_name("own");
    start_cluster(name);
    return ControlPlane(name, Ends::with_object);
  }();
  return plane;
}

std::unique_ptr<ControlPlane> ControlPlane::start() {
  const auto name = unique_name("own");
  start_cluster(name);
  return std::unique_ptr<ControlPlane>(new ControlPlane(name, Ends::with_object));
}

ControlPlane::ControlPlane(std::string name, Ends ends) : name_(std::move(name)), ends_(ends) {
  const auto status = tool({"status", "--json"});
  if (status.exit_code != 0)
    throw SupportError("cluster " + name_ + " does not run: " + status.out + status.err);
  const Value info = parse(status.out, "devcluster status");
  port_ = static_cast<int>(info.at({"ports", "apiserver"}).integer_or(0));
  kubeconfig_ = info["kubeconfig"].text();
  audit_ = info["audit"].text();
  ca_certificate_ = info["ca_certificate"].text();
  container_log_ = info["container_log"].text();
  binary_ = info["binary"].text();
  const fs::path pki = ca_certificate_.parent_path();
  admin_ = {.certificate = pki / "admin.crt", .key = pki / "admin.key", .token = {}};
}

ControlPlane::~ControlPlane() {
  if (ends_ == Ends::never) return;
  try {
    run_tool(name_, {"down"}, kCallLimit);
  } catch (const SupportError&) {  // it ends with this process anyway
    ends_ = Ends::never;
  }
}

Output ControlPlane::tool(std::vector<std::string> args) const {
  return run_tool(name_, std::move(args), kCallLimit);
}

std::string ControlPlane::server() const { return fmt::format("https://127.0.0.1:{}", port_); }

void ControlPlane::sync_audit(AuditLog& log) const {
  const std::string uri = "/version?marker=" + unique_name("sync");
  if (get(uri).status != 200 || !log.wait_for_uri(uri))
    throw SupportError("the audit log does not show " + uri);
}

Output ControlPlane::kubectl(std::vector<std::string> args, std::string_view input) const {
  Command command{.argv = {binary_.string(), "kubectl", "--kubeconfig", kubeconfig_.string()}};
  // The cache goes by address, and another cluster may have had this one's port.
  command.environment = {{"KUBECACHEDIR", (kubeconfig_.parent_path() / "kubectl-cache").string()},
                         {"KUBERC", "off"}};
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  return run(command, input, kCallLimit);
}

std::string ControlPlane::kubectl_ok(std::vector<std::string> args, std::string_view input) const {
  const std::string what = fmt::format("kubectl {}", fmt::join(args, " "));
  auto output = kubectl(std::move(args), input);
  if (output.exit_code != 0) throw SupportError(what + ": " + output.err);
  return std::move(output.out);
}

void ControlPlane::apply(std::string_view yaml, const std::string& name_space) const {
  kubectl_ok({"apply", "--server-side", "--field-manager=test", "-n", name_space, "-f", "-"}, yaml);
}

ApiAnswer ControlPlane::call(const ApiRequest& request) const {
  return call_api(port_, ca_certificate_, admin_, request);
}

ApiAnswer ControlPlane::create(const std::string& path, const Value& object) const {
  return call({.method = "POST", .path = path, .body = write(object)});
}

ApiAnswer ControlPlane::merge_patch(const std::string& path, const Value& patch) const {
  return call({.method = "PATCH",
               .path = path,
               .body = write(patch),
               .content_type = "application/merge-patch+json"});
}

Value ControlPlane::wait_for(const std::string& path, const std::string& what,
                             const std::function<bool(const Value&)>& predicate,
                             milliseconds limit) const {
  ApiAnswer last;
  const bool found = wait_until(limit, [&] {
    last = get(path);
    return last.status == 200 && predicate(last.body);
  });
  if (!found)
    throw SupportError(fmt::format("not within {} ms: {}; {} is {} {}", limit.count(), what, path,
                                   last.status, last.text));
  return last.body;
}

void ControlPlane::wait_until_gone(const std::string& path, milliseconds limit) const {
  require_within(limit, path + " is gone", [&] { return get(path).status == 404; });
}

std::string ControlPlane::token(const std::string& name_space, const std::string& account) const {
  const auto path =
      fmt::format("/api/v1/namespaces/{}/serviceaccounts/{}/token", name_space, account);
  const auto answer = create(path, Value::object({{"spec", Value::object({})}}));
  const auto token = answer.body.at({"status", "token"}).text();
  if (token.empty()) throw SupportError("token of " + account + ": " + answer.text);
  return std::string(token);
}

void ControlPlane::write_kubeconfig(const fs::path& path, const std::string& name_space,
                                    const std::string& account, const std::string& server,
                                    TokenIn token_in) const {
  std::string credential = "token: " + token(name_space, account);
  if (token_in == TokenIn::file) {
    const fs::path file = path.string() + ".token";
    write_file(file, std::string_view(credential).substr(7));
    credential = "tokenFile: " + file.string();
  }
  write_file(path, fmt::format(R"(apiVersion: v1
kind: Config
clusters:
- name: test
  cluster:
    server: {}
    certificate-authority: {}
users:
- name: test
  user:
    {}
contexts:
- name: test
  context:
    cluster: test
    user: test
    namespace: {}
current-context: test
)",
                               server.empty() ? this->server() : server, ca_certificate_.string(),
                               credential, name_space));
}

ControlPlane::KeyPair ControlPlane::issue_certificate(const std::string& common_name,
                                                      const fs::path& folder) const {
  const auto done = tool({"cert", "--cn", common_name, "--san", "IP:127.0.0.1", "--san",
                          "DNS:localhost", "--out", folder.string()});
  if (done.exit_code != 0) throw SupportError("devcluster cert: " + done.err);
  return {.certificate = folder / (common_name + ".crt"), .key = folder / (common_name + ".key")};
}

void ControlPlane::stop_apiserver() const {
  if (const auto done = tool({"stop-apiserver"}); done.exit_code != 0) throw SupportError(done.err);
}

void ControlPlane::start_apiserver() const {
  if (const auto done = tool({"start-apiserver"}); done.exit_code != 0)
    throw SupportError(done.err);
}

TestNamespace::TestNamespace(const ControlPlane& plane, const std::string& prefix)
    : plane_(plane), name_(unique_name(prefix)) {
  const auto made = plane_.create(
      "/api/v1/namespaces", Value::object({{"metadata", Value::object({{"name", Value(name_)}})}}));
  if (made.status != 201) throw SupportError("create namespace " + name_ + ": " + made.text);
  plane_.wait_for("/api/v1/namespaces/" + name_ + "/serviceaccounts/default",
                  "the default ServiceAccount", [](const Value&) { return true; });
}

TestNamespace::~TestNamespace() { (void)plane_.remove("/api/v1/namespaces/" + name_); }

std::string TestNamespace::uid() const {
  return std::string(plane_.get("/api/v1/namespaces/" + name_).body.at({"metadata", "uid"}).text());
}

}  // namespace tiphys::test
