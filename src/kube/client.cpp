#include "tiphys/kube/client.hpp"

#include "kube/client_impl.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/failpoint.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/k8s/status_error.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <random>

namespace tiphys::kube {

using base::Code;
using base::Error;
using base::Result;
using std::chrono::milliseconds;

namespace {

constexpr int kAttempts = 11;  // client-go: 10 repeats
constexpr milliseconds kFirstDelay{100};
constexpr milliseconds kMaxDelay{5'000};

/// Retry-After in seconds; a date or junk counts as absent.
std::optional<std::chrono::seconds> retry_after_of(const net::HttpResponse& response) {
  const auto text = response.header("Retry-After");
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || seconds < 0)
    return std::nullopt;
  return std::chrono::seconds(std::min<std::int64_t>(seconds, 3'600));
}

/// False: stopped, or not worth waiting, since the deadline comes first.
bool wait(milliseconds delay, const CallOptions& options, const base::Clock& clock) {
  if (delay >= options.deadline.left(clock)) return false;
  base::Guarded<bool> never{false};
  std::condition_variable_any changed;
  auto lock = never.lock();
  changed.wait_for(lock.handle(), options.stop, delay, [] { return false; });
  return !options.stop.stop_requested();
}

/// client-go's rule (rest/with_retry.go): 429 and 5xx where the server says when, writes too, since
/// it then did not take the call up. A 5xx without it is final: nobody knows what was done. A read
/// whose connection broke is repeated.
bool may_repeat(const ApiCall& call, const Error& error, int status) {
  if (status == 0) return call.method == "GET" && error.code() == Code::Unavailable;
  return (status == 429 || status >= 500) && error.retry_after().has_value();
}

milliseconds delay_before(int attempt, const Error& error) {
  const auto backoff = std::min(kMaxDelay, kFirstDelay * (1 << std::min(attempt, 10)));
  const auto jittered =
      std::chrono::duration_cast<milliseconds>(backoff * (0.5 + random_fraction()));
  return std::max(error.retry_after().value_or(milliseconds(0)), jittered);
}

}  // namespace

double random_fraction() {
  static base::Guarded<std::mt19937_64> engine{std::random_device()()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(*engine.lock());
}

Error error_of(const net::HttpResponse& response) {
  return k8s::error_from_response(response.status, response.body, retry_after_of(response));
}

Result<std::unique_ptr<Client>> Client::make(net::HttpClient& http, net::IoRuntime& io,
                                             const base::Clock& clock, ClusterConfig config,
                                             Options options) {
  const auto impl = std::make_shared<Impl>(http, io, clock, std::move(config), std::move(options));
  if (impl->config.server.scheme == "https") {
    TRY_ASSIGN(
        impl->tls,
        TlsSource::make(impl->config.tls, impl->config.tls_files).context(impl->config.origin));
  }
  return std::unique_ptr<Client>(new Client(impl));
}

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

const base::Clock& Client::clock() const { return impl_->clock; }
std::string Client::server() const { return impl_->config.server.origin(); }

Result<net::HttpRequest> Client::Impl::request_of(const ApiCall& call, const Identity& identity) {
  net::HttpRequest request;
  request.method = call.method;
  request.url = config.server;
  request.url.target += call.target;
  request.body = call.body;
  if (tls) request.tls = tls->context(clock);
  request.proxy = config.proxy;
  auto& headers = request.headers;
  headers.emplace_back("User-Agent", options.user_agent);
  headers.emplace_back("Accept", call.accept);
  if (!call.content_type.empty()) headers.emplace_back("Content-Type", call.content_type);
  TRY_ASSIGN(const std::string token, config.token.token(clock));
  if (!token.empty()) {
    headers.emplace_back("Authorization", "Bearer " + token);
  } else if (!config.username.empty()) {
    headers.emplace_back("Authorization",
                         "Basic " + base::base64_encode(config.username + ":" + config.password));
  }
  if (!identity.user.empty()) {
    headers.emplace_back("Impersonate-User", identity.user);
    for (const auto& group : identity.groups) headers.emplace_back("Impersonate-Group", group);
  }
  return request;
}

void Client::Impl::observe(const ApiCall& call, int code, base::SteadyTime begun) const {
  if (options.observer) options.observer(call.verb, call.resource, code, clock.now() - begun);
}

Result<std::string> Client::Impl::perform(const ApiCall& call, const CallOptions& with) {
  bool reauthenticated = false;
  for (int attempt = 0;; ++attempt) {
    TRY_ASSIGN(auto request, request_of(call, with.identity));
    request.unlimited = with.ungated;
    if (call.method != "GET" && !with.dry_run && !with.ungated) {
      // Events have a point of their own: they are sent beside the work, in no fixed order to it.
      const bool is_event = call.resource == "events";
      request.before_write = [gate = options.write_gate, is_event]() -> base::Status {
        if (gate) TRY(gate());
        base::failpoint(is_event ? "kube.before-event" : "kube.before-write");
        return {};
      };
    }
    const auto begun = clock.now();
    auto response = http.send(request, with.deadline, with.stop);
    const int status = response.ok() ? response->status : 0;
    observe(call, status, begun);
    if (response.ok() && response->ok()) return std::move(response->body);
    if (status == 401 && !reauthenticated && config.token.invalidate()) {
      reauthenticated = true;
      continue;
    }
    // Nothing came back: it may be that the certificates were rotated.
    if (status == 0 && tls) tls->invalidate();
    Error error = response.ok() ? error_of(*response) : std::move(response).error();
    const bool again = attempt + 1 < kAttempts && may_repeat(call, error, status) &&
                       wait(delay_before(attempt, error), with, clock);
    if (!again) return std::move(error).with_context(call.what);
  }
}

}  // namespace tiphys::kube
