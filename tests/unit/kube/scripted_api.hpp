#pragma once

#include "tiphys/base/guarded.hpp"
#include "tiphys/kube/client.hpp"
#include "tiphys/net/http_server.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::kube::testing {

inline net::ServerResponse json(int status, std::string body, net::Headers headers = {}) {
  net::ServerResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

inline net::ServerResponse status(int code, const std::string& reason, const std::string& message,
                                  net::Headers headers = {}) {
  return json(code,
              R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" +
                  std::to_string(code) + R"(,"reason":")" + reason + R"(","message":")" + message +
                  R"("})",
              std::move(headers));
}

/// A server on loopback that gives scripted answers, one a request in the order of the script, and
/// remembers what it was asked. It stands in where a fault must be exact.
class ScriptedApi {
 public:
  using Answer = std::function<net::ServerResponse(const net::ServerRequest&)>;

  explicit ScriptedApi(net::IoRuntime& io) {
    net::ServerOptions options;
    options.address = "127.0.0.1";
    options.handler_threads = 8;
    std::vector<net::Endpoint> endpoints;
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
      endpoints.push_back(
          {method, "/*", [this](const net::ServerRequest& r) { return answer(r); }});
    server_ = *net::HttpServer::start(io, options, std::move(endpoints));
  }

  void then(Answer answer) { state_.lock()->answers.push_back(std::move(answer)); }
  void then(net::ServerResponse response) {
    then([response = std::move(response)](const net::ServerRequest&) { return response; });
  }
  std::vector<net::ServerRequest> requests() const {
    const auto state = state_.lock();
    return state->requests;
  }
  std::uint16_t port() const { return server_->port(); }
  void stop() { server_->stop(std::chrono::milliseconds(0)); }

 private:
  struct State {
    std::deque<Answer> answers;
    std::vector<net::ServerRequest> requests;
  };

  net::ServerResponse answer(const net::ServerRequest& request) {
    Answer next;
    {
      auto state = state_.lock();
      state->requests.push_back(request);
      if (state->answers.empty()) return status(500, "InternalError", "the script is over");
      next = std::move(state->answers.front());
      state->answers.pop_front();
    }
    return next(request);
  }

  base::Guarded<State> state_;
  std::unique_ptr<net::HttpServer> server_;
};

inline const ResourceInfo& pods() {
  static const ResourceInfo kPods{"", "v1", "pods", "Pod", true, {"get", "list", "watch"}};
  return kPods;
}

inline std::unique_ptr<Client> client_of(const ScriptedApi& api, net::HttpClient& http,
                                         net::IoRuntime& io, const base::Clock& clock,
                                         Client::Options options = {},
                                         TokenSource token = TokenSource("secret")) {
  ClusterConfig config;
  config.server = *net::Url::parse("http://127.0.0.1:" + std::to_string(api.port()));
  config.server.target.clear();
  config.token = std::move(token);
  if (options.user_agent.empty()) options.user_agent = "tiphys/1 (me)";
  return *Client::make(http, io, clock, std::move(config), std::move(options));
}

}  // namespace tiphys::kube::testing
