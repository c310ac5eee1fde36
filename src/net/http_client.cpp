#include "tiphys/net/http_client.hpp"

#include "net/http_operation.hpp"
#include "net/tls_impl.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <condition_variable>

namespace tiphys::net {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using std::chrono::milliseconds;

namespace {

/// What is kept of a body that the caller's sink does not get.
constexpr std::size_t kErrorBody = 64 << 10;
/// How much later than the connection's own clock the caller gives up: the better message wins.
constexpr milliseconds kGrace{250};

/// A request that a thread waits for. Pieces for its sink are handed over one at a time.
class Call final : public Operation {
 public:
  Call(std::shared_ptr<const HttpRequest> asked, StepLimits steps, bool to_sink)
      : Operation(std::move(asked), steps), to_sink_(to_sink) {}

  void on_head(HttpResponse head) override { state_.lock()->response = std::move(head); }

  asio::awaitable<Status> on_piece(std::string_view piece) override {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor);
    if (!hand_over(piece, timer)) co_return Status();
    while (!was_taken()) {
      timer->expires_at(asio::steady_timer::time_point::max());
      boost::system::error_code ignored;
      co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return Status();
  }

  void on_done(Status status) override {
    state_.lock()->status = std::move(status);
    changed_.notify_all();
  }

  Result<HttpResponse> wait(base::Deadline deadline, const std::stop_token& stop,
                            const BodySink& sink) {
    while (true) {
      std::optional<std::string> piece;
      {
        auto state = state_.lock();
        const bool news = changed_.wait_for(
            state.handle(), stop, deadline.left(*limits.clock) + kGrace,
            [&] { return state->status.has_value() || state->piece.has_value(); });
        if (news && !state->piece) {
          if (!state->status->ok()) return Error(std::move(*state->status).error());
          return std::move(state->response);
        }
        if (news) piece = *std::move(state->piece);
      }
      if (!piece) {
        give_up();
        if (stop.stop_requested())
          return Error(Code::Canceled, request->url.origin() + ": canceled");
        return Error(Code::Timeout, "no answer from " + request->url.origin() + " in time");
      }
      if (auto taken = sink(*piece); !taken.ok()) {
        give_up();
        return std::move(taken).error();
      }
      wake(Taken::yes);
    }
  }

 private:
  using Timer = std::shared_ptr<asio::steady_timer>;
  enum class Taken : std::uint8_t { no, yes };

  /// True: the caller's thread must take it first.
  bool hand_over(std::string_view piece, Timer timer) {
    {
      auto state = state_.lock();
      if (state->given_up) return false;
      auto& response = state->response;
      if (!to_sink_ || !response.ok()) {
        const std::size_t room =
            to_sink_ ? kErrorBody - std::min(kErrorBody, response.body.size()) : piece.size();
        response.body += piece.substr(0, room);
        return false;
      }
      state->piece.emplace(piece);
      state->timer = std::move(timer);
    }
    changed_.notify_all();
    return true;
  }
  bool was_taken() {
    const auto state = state_.lock();
    return state->given_up || !state->piece;
  }
  void wake(Taken taken) {
    auto state = state_.lock();
    if (taken == Taken::yes) state->piece.reset();
    if (taken == Taken::no) state->given_up = true;
    if (const Timer timer = state->timer)
      asio::post(timer->get_executor(), [timer] { timer->cancel(); });
  }
  void give_up() {
    abort();
    wake(Taken::no);
  }

  struct State {
    HttpResponse response;
    std::optional<std::string> piece;
    Timer timer;
    std::optional<Status> status;
    bool given_up = false;
  };
  bool to_sink_;
  base::Guarded<State> state_;
  std::condition_variable_any changed_;
};

/// A request whose answer goes to handlers on the io threads.
class StreamOperation final : public Operation {
 public:
  StreamOperation(std::shared_ptr<const HttpRequest> asked, StepLimits steps,
                  StreamHandlers handlers)
      : Operation(std::move(asked), steps), handlers_(std::move(handlers)) {}

  void on_head(HttpResponse head) override {
    if (handlers_.on_head) handlers_.on_head(head);
  }
  asio::awaitable<Status> on_piece(std::string_view piece) override {
    if (!handlers_.on_piece) co_return Status();
    auto status = handlers_.on_piece(piece);
    co_return status;
  }
  void on_done(Status status) override {
    // Handlers may hold what holds this stream: they are let go with the last call.
    const auto last = std::exchange(handlers_, {});
    if (last.on_end) last.on_end(status);
  }

 private:
  StreamHandlers handlers_;
};

class StreamHandle final : public HttpStream {
 public:
  explicit StreamHandle(std::shared_ptr<StreamOperation> operation)
      : operation_(std::move(operation)) {}
  void cancel() override { operation_->abort(); }

 private:
  std::shared_ptr<StreamOperation> operation_;
};

}  // namespace

struct HttpClient::Impl {
  Impl(IoRuntime& io, const base::Clock& time, Options how)
      : clock(time),
        options(how),
        shared(std::make_shared<HttpShared>(
            io, std::make_shared<HttpPool>(io, time, how.max_per_origin, how.idle))) {}

  /// A copy of the request with its TLS context chosen.
  Result<std::shared_ptr<const HttpRequest>> prepare(HttpRequest request) const {
    TRY(check_request(request));
    if (request.url.scheme == "https" && !request.tls) {
      TRY_ASSIGN(request.tls, system_tls());
    }
    if (request.url.scheme != "https") request.tls.reset();
    return std::make_shared<const HttpRequest>(std::move(request));
  }
  StepLimits limits(const HttpRequest& request, std::optional<base::Deadline> deadline) const {
    return {.clock = &clock,
            .deadline = deadline,
            .silence = request.silence,
            .connect = std::min(options.connect, request.silence)};
  }

  const base::Clock& clock;
  Options options;
  std::shared_ptr<HttpShared> shared;
};

HttpClient::HttpClient(IoRuntime& io, const base::Clock& clock, Options options)
    : impl_(std::make_shared<Impl>(io, clock, options)) {}
HttpClient::HttpClient(IoRuntime& io, const base::Clock& clock)
    : HttpClient(io, clock, Options{}) {}
HttpClient::~HttpClient() { impl_->shared->pool->close_all(); }

Result<HttpResponse> HttpClient::send(const HttpRequest& request, base::Deadline deadline,
                                      std::stop_token stop) {
  return send(request, deadline, BodySink(), std::move(stop));
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request, base::Deadline deadline,
                                      const BodySink& sink, std::stop_token stop) {
  assert(!IoRuntime::on_io_thread() && "a blocking call on an io thread waits for itself");
  TRY_ASSIGN(const auto prepared, impl_->prepare(request));
  std::optional<HttpPool::Permit> permit;
  if (!request.unlimited) {
    TRY_ASSIGN(auto got, impl_->shared->pool->permit(key_of(*prepared), deadline, stop));
    permit.emplace(std::move(got));
  }
  const auto call =
      std::make_shared<Call>(prepared, impl_->limits(request, deadline), sink != nullptr);
  launch(impl_->shared, call, Connection::kept);
  return call->wait(deadline, stop, sink);
}

std::shared_ptr<HttpStream> HttpClient::start_stream(HttpRequest request, StreamHandlers handlers,
                                                     std::optional<base::Deadline> deadline) {
  const auto limits = impl_->limits(request, deadline);
  auto prepared = impl_->prepare(std::move(request));
  if (!prepared.ok()) {
    const auto refused = std::make_shared<StreamOperation>(std::make_shared<const HttpRequest>(),
                                                           limits, std::move(handlers));
    impl_->shared->io.post(
        [refused, error = std::move(prepared).error()] { refused->on_done(Status(error)); });
    return std::make_shared<StreamHandle>(refused);
  }
  const auto operation =
      std::make_shared<StreamOperation>(*std::move(prepared), limits, std::move(handlers));
  launch(impl_->shared, operation, Connection::kept);
  return std::make_shared<StreamHandle>(operation);
}

}  // namespace tiphys::net
