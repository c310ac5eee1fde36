#include "commands.hpp"
#include "engine.hpp"

#include "tiphys/controller/controller.hpp"
#include "tiphys/net/http_server.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <iostream>

namespace tiphys::main {

namespace {

constexpr std::chrono::seconds kStartTimeout{60};

/// SIGTERM and SIGINT are blocked in every thread and taken here.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// The engine with what acts on it: queue, workers, Lease, and the HTTP endpoints.
class Process {
 public:
  explicit Process(const Config& config)
      : config_(config),
        engine_(config, clock_, hooks()),
        lease_(clock_, engine_.log(), lease_options(config)) {}

  base::Status start();
  void stop();
  const base::Logger& log() const { return engine_.log(); }

 private:
  static controller::Lease::Options lease_options(const Config& config) {
    controller::Lease::Options options;
    options.namespace_ = config.namespace_;
    options.identity = config.identity;
    return options;
  }
  Engine::Hooks hooks() {
    Engine::Hooks hooks;
    hooks.write_gate = [this] { return lease_.gate(); };
    hooks.wake = [this](const k8s::NamespacedName& key) { queue_.add(key); };
    hooks.wake_all = [this] {
      if (controller_running_.load() && engine_.ready()) controller_->enqueue_all();
    };
    return hooks;
  }
  base::Status serve();
  void lead();

  const Config& config_;
  base::SystemClock clock_;
  controller::WorkQueue queue_{clock_, {}};
  Engine engine_;
  controller::Lease lease_;
  std::unique_ptr<controller::Controller> controller_;
  std::atomic<bool> controller_running_ = false;
  std::unique_ptr<net::HttpServer> server_;
};

base::Status Process::serve() {
  TRY_ASSIGN(const auto address, config_.listen_address());
  net::ServerOptions options;
  options.address = address.first;
  options.port = address.second;
  const auto text = [](int status, std::string body) {
    return net::ServerResponse::text(status, std::move(body));
  };
  std::vector<net::Endpoint> endpoints;
  endpoints.push_back({"GET", "/healthz", [text](const auto&) { return text(200, "ok\n"); }});
  endpoints.push_back({"GET", "/readyz", [this, text](const auto&) {
                         return engine_.ready() ? text(200, "ok\n")
                                                : text(503, "the watches are not listed yet\n");
                       }});
  endpoints.push_back({"GET", "/metrics", [this](const auto&) {
                         auto response = net::ServerResponse::text(200, engine_.metrics().text());
                         response.headers = {
                             {"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
                         return response;
                       }});
  TRY_ASSIGN(server_, net::HttpServer::start(engine_.io(), options, std::move(endpoints)));
  if (!config_.port_file.empty()) std::ofstream(config_.port_file) << server_->port() << "\n";
  return {};
}

void Process::lead() {
  engine_.metrics().leader(true);
  controller_->begin_leading();
}

base::Status Process::start() {
  TRY(engine_.connect());
  TRY(serve());
  TRY(engine_.start(base::Deadline::after(clock_, kStartTimeout)));
  controller_ = std::make_unique<controller::Controller>(
      controller::Controller::Parts{clock_, log(), queue_, engine_.reconciler(), engine_.registry(),
                                    lease_, engine_.metrics(), [this] { return engine_.ready(); }},
      controller::Controller::Options{config_.workers});
  controller_->start();
  controller_running_.store(true);
  controller::Lease::Listener listener;
  listener.won = [this] { lead(); };
  listener.lost = [this] { engine_.metrics().leader(false); };
  lease_.start(engine_.client(), std::move(listener));
  log().info("tiphys controller runs", {{"version", TIPHYS_VERSION},
                                        {"server", engine_.client().server()},
                                        {"cluster", engine_.cluster().identity().uid},
                                        {"namespace", config_.namespace_},
                                        {"identity", config_.identity}});
  return {};
}

void Process::stop() {
  // First nobody begins anything new, then the Lease is given up, then what reads is stopped.
  if (controller_) controller_->stop();
  engine_.flush_events();
  lease_.stop();
  engine_.stop();
  if (server_) server_->stop();
}

}  // namespace

int run_controller(const Config& config) {
  const sigset_t signals = block_signals();
  Process process(config);
  const auto started = process.start();
  if (!started.ok()) {
    process.stop();
    std::cerr << "tiphys controller: " << started.error().text() << "\n";
    return 1;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  process.log().info("stopping", {{"signal", std::to_string(signal)}});
  process.stop();
  return 0;
}

}  // namespace tiphys::main
