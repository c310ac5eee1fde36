#include "integration/installation.hpp"

#include "support/wait.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace tiphys::test {

namespace {

constexpr milliseconds kLimit{60'000};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string http_get(int port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    (void)send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[4096];
    for (ssize_t n = 0; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      answer.append(buffer, static_cast<std::size_t>(n));
    }
  }
  close(fd);
  return answer;
}

}  // namespace

Installation::Installation(ControlPlane& plane, Overlay overlay)
    : plane_(plane), control_(plane, "tiphys"), overlay_(overlay), audit_(plane.audit()) {
  install(overlay);
  for (const char* crd : {"applications.argoproj.io", "appprojects.argoproj.io"}) {
    plane_.wait_for(
        std::string("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/") + crd,
        "Established",
        [](const value::Value& object) {
          for (const auto& condition : object.at({"status", "conditions"}).items()) {
            if (condition["type"].text() == "Established")
              return condition["status"].text() == "True";
          }
          return false;
        },
        kLimit);
  }
}

Installation::~Installation() {
  if (forbidden_expected_) return;
  try {
    plane_.sync_audit(audit_);
    for (const auto& event : audit_.select({.user = user(), .status = 403})) {
      ADD_FAILURE() << "403 for " << event.verb << " " << event.uri;
    }
  } catch (const std::exception& error) {
    ADD_FAILURE() << "the audit log: " << error.what();
  }
}

void Installation::install(Overlay overlay) {
  const bool cluster = overlay == Overlay::cluster;
  const std::string folder =
      std::string(TIPHYS_SOURCE_DIR) + (cluster ? "/deploy/cluster" : "/deploy/namespaced");
  std::string all = plane_.kubectl_ok({"kustomize", folder});
  all = replaced(all, cluster ? "namespace: argocd" : "namespace: tiphys",
                 "namespace: " + namespace_());
  all = replaced(all, "tiphys-cluster", "tiphys-cluster-" + namespace_());
  // The Deployment is left out: the program that runs is the one of this build, as a child of the
  // test.
  std::string objects;
  for (const char* crd : {"application", "appproject"})
    objects += read_file(TIPHYS_SOURCE_DIR "/crds/" + std::string(crd) + ".yaml") + "\n---\n";
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find("\n---\n", at), all.size());
    const std::string document = all.substr(at, end - at);
    for (const char* kind : {"kind: ServiceAccount\n", "kind: Role\n", "kind: RoleBinding\n",
                             "kind: ClusterRole\n", "kind: ClusterRoleBinding\n"}) {
      if (("\n" + document + "\n").find(std::string("\n") + kind) != std::string::npos) {
        objects += document + "\n---\n";
        break;
      }
    }
    at = end + 5;
  }
  plane_.kubectl_ok({"apply", "--server-side", "-f", "-"}, objects);
}

Process Installation::start(const Run& run) {
  const auto mark = std::to_string(starts_++);
  const auto config = folder_.path() / ("kubeconfig-" + mark);
  const auto port_file = folder_.path() / ("port-" + mark);
  plane_.write_kubeconfig(config, namespace_(), "tiphys", run.server);
  Command command;
  const std::string program = TIPHYS_BINARY_DIR "/tiphys";
  command.argv = {program,        "controller",
                  "--kubeconfig", config.string(),
                  "--namespace",  namespace_(),
                  "--identity",   run.identity,
                  "--cache-dir",  (folder_.path() / ("cache-" + run.identity)).string(),
                  "--listen",     "127.0.0.1:0",
                  "--port-file",  port_file.string(),
                  "--log-level",  "debug"};
  if (overlay_ == Overlay::namespaced) {
    command.argv.push_back("--namespaces");
    command.argv.push_back(namespace_());
  }
  command.argv.insert(command.argv.end(), run.flags.begin(), run.flags.end());
  command.environment = run.environment;
  command.log = folder_.path() / ("controller-" + mark + ".log");
  Process process(std::move(command));
  const bool up = wait_until(kLimit, [&] {
    if (!process.running()) throw SupportError("the controller ended: " + process.log_text());
    if (!std::filesystem::exists(port_file)) return false;
    port_ = std::atoi(read_file(port_file).c_str());
    return port_ != 0 && http_get(port_, "/readyz").starts_with("HTTP/1.1 200");
  });
  if (!up) throw SupportError("the controller is not ready: " + process.log_text());
  return process;
}

std::string Installation::metrics() const { return http_get(port_, "/metrics"); }

double Installation::metric(const std::string& series) {
  const std::string text = metrics();
  const std::size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::atof(text.c_str() + at + series.size() + 2);
}

void Installation::apply(const App& app) {
  std::string yaml =
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + app.name + "\n";
  if (app.finalizer) yaml += "  finalizers: [resources-finalizer.argocd.argoproj.io]\n";
  yaml += "spec:\n  project: default\n  source:\n    repoURL: " + app.repo_url +
          "\n    targetRevision: " + app.revision + "\n    path: " + app.path +
          "\n  destination:\n    server: https://kubernetes.default.svc\n    namespace: " +
          app.destination + "\n";
  const bool policy = app.automated || app.create_namespace;
  if (policy) yaml += "  syncPolicy:\n";
  if (app.automated) yaml += "    automated: {prune: true, selfHeal: true}\n";
  if (app.create_namespace) yaml += "    syncOptions: [CreateNamespace=true]\n";
  plane_.apply(yaml + app.more_spec, namespace_());
}

std::string Installation::path(const std::string& app) const {
  return "/apis/argoproj.io/v1alpha1/namespaces/" + control_.name() + "/applications/" + app;
}

value::Value Installation::get(const std::string& app) { return plane_.get(path(app)).body; }

void Installation::refresh(const std::string& app) {
  plane_.merge_patch(
      path(app),
      value::Value::object(
          {{"metadata", value::Value::object(
                            {{"annotations", value::Value::object(
                                                 {{"argocd.argoproj.io/refresh", "normal"}})}})}}));
}

value::Value Installation::wait_for(const std::string& app, const std::string& sync,
                                    const std::string& health, const std::string& revision) {
  return plane_.wait_for(
      path(app), app + " " + sync + " " + health + " " + revision,
      [&](const value::Value& object) {
        const auto& status = object["status"];
        return status.at({"sync", "status"}).text() == sync &&
               (health.empty() || status.at({"health", "status"}).text() == health) &&
               (revision.empty() || status.at({"sync", "revision"}).text() == revision);
      },
      kLimit);
}

value::Value Installation::wait_for_condition(const std::string& app, const std::string& type,
                                              const std::string& words) {
  return plane_.wait_for(
      path(app), app + " " + type + ": " + words,
      [&](const value::Value& object) {
        for (const auto& condition : object.at({"status", "conditions"}).items()) {
          if (condition["type"].text() == type &&
              condition["message"].text().find(words) != std::string_view::npos) {
            return true;
          }
        }
        return false;
      },
      kLimit);
}

std::map<std::string, std::string> sample_chart(const std::string& folder) {
  std::map<std::string, std::string> files;
  const std::filesystem::path root = TIPHYS_SOURCE_DIR "/e2e/quickstart/chart";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    files[folder + "/" + std::filesystem::relative(entry.path(), root).string()] =
        read_file(entry.path());
  }
  return files;
}

}  // namespace tiphys::test
