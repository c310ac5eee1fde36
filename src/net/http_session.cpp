#include "net/http_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace tiphys::net {

using base::Code;
using base::Error;
using base::Status;

namespace {

constexpr std::size_t kReadSize = 16 << 10;

/// A coroutine's wait for other threads; waits and wakes meet on the strand.
class Bell : public std::enable_shared_from_this<Bell> {
 public:
  explicit Bell(const Strand& strand) : strand_(strand), timer_(strand) {}
  /// Any thread.
  void ring() {
    asio::post(strand_, [self = shared_from_this()] {
      self->rung_ = true;
      self->timer_.cancel();
    });
  }
  static asio::awaitable<void> wait(std::shared_ptr<Bell> self) {
    while (!self->rung_) {
      self->timer_.expires_at(asio::steady_timer::time_point::max());
      boost::system::error_code ignored;
      co_await self->timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    self->rung_ = false;
  }

 private:
  Strand strand_;
  asio::steady_timer timer_;
  bool rung_ = false;  // on the strand only
};

/// Between a handler thread that writes pieces and the session that sends them.
class Pipe final : public ResponseWriter {
 public:
  explicit Pipe(std::shared_ptr<Bell> bell) : bell_(std::move(bell)) {}

  Status write(std::string_view piece) override {
    auto state = state_.lock();
    if (piece.empty() || !state->result.ok()) return state->result;
    state->piece.emplace(piece);
    bell_->ring();
    sent_.wait(state.handle(), [&] { return !state->piece || !state->result.ok(); });
    return state->result;
  }
  void finish() {
    state_.lock()->finished = true;
    bell_->ring();
  }

  // On the strand.
  std::optional<std::string> next() const {
    const auto state = state_.lock();
    return state->piece;
  }
  bool finished() const {
    const auto state = state_.lock();
    return state->finished && !state->piece;
  }
  void sent(Status result) {
    auto state = state_.lock();
    state->piece.reset();
    if (!result.ok()) state->result = std::move(result);
    sent_.notify_all();
  }

 private:
  struct State {
    std::optional<std::string> piece;
    bool finished = false;
    Status result;
  };
  std::shared_ptr<Bell> bell_;
  base::Guarded<State> state_;
  std::condition_variable sent_;
};

std::string_view reason_of(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 16> kReasons{{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
  }};
  const auto* const found =
      std::ranges::find(kReasons, status, &std::pair<int, std::string_view>::first);
  return found == kReasons.end() ? "Status" : found->second;
}

std::string head_of(const ServerResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     std::string(reason_of(response.status)) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    // A handler may echo what a client sent: a line break would start a header of the client's own.
    if (value.find_first_of("\r\n") == std::string::npos) append_header(head, name, value);
  }
  if (response.stream) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (response.status != 204 && response.status != 304) {
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  return head + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

std::string chunk_of(std::string_view piece) {
  std::array<char, 20> size{};
  const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  std::string chunk(size.data(), static_cast<std::size_t>(length));
  chunk += piece;
  return chunk + "\r\n";
}

bool matches(const Endpoint& endpoint, std::string_view path) {
  if (!endpoint.path.ends_with("/*")) return endpoint.path == path;
  return path.starts_with(std::string_view(endpoint.path).substr(0, endpoint.path.size() - 1));
}

std::shared_ptr<const ServerRequest> request_of(HttpParser& parser, std::string body,
                                                const std::string& peer) {
  ServerRequest request;
  request.method = parser.method;
  const auto question = parser.target.find('?');
  request.path = parser.target.substr(0, question);
  if (question != std::string::npos) request.query = parser.target.substr(question + 1);
  request.headers = std::move(parser.headers);
  request.body = std::move(body);
  request.peer = peer;
  return std::make_shared<const ServerRequest>(std::move(request));
}

}  // namespace

ServerResponse ServerResponse::text(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(body);
  return response;
}

ServerResponse answer(const std::vector<Endpoint>& endpoints, const ServerRequest& request) {
  bool path_known = false;
  for (const auto& endpoint : endpoints) {
    if (!matches(endpoint, request.path)) continue;
    path_known = true;
    const bool head = request.method == "HEAD" && endpoint.method == "GET";
    if (endpoint.method == request.method || head) return endpoint.handler(request);
  }
  return path_known ? ServerResponse::text(405, "method not allowed\n")
                    : ServerResponse::text(404, "not found\n");
}

HttpSession::HttpSession(std::shared_ptr<ServerShared> server, std::shared_ptr<ByteStream> stream)
    : server_(std::move(server)), stream_(std::move(stream)) {}

asio::awaitable<void> HttpSession::run(std::shared_ptr<HttpSession> self) {
  co_await self->serve();
  self->stream_->cancel();
  auto sessions = self->server_->sessions.lock();
  sessions->all.erase(self);
  self->server_->changed.notify_all();
}

void HttpSession::close_if_idle() {
  if (!busy_) stream_->cancel();
}

asio::awaitable<void> HttpSession::serve() {
  if (server_->options.tls) {
    auto shaken = co_await stream_->accept_tls(server_->options.tls, server_->options.read_timeout);
    if (!shaken.ok()) co_return;
  }
  bool more = true;
  while (more && !server_->stopping) more = co_await serve_one();
}

asio::awaitable<bool> HttpSession::serve_one() {
  const HttpParser::Limits limits{.header = server_->options.max_header,
                                  .body = server_->options.max_body};
  const auto parser = std::make_shared<HttpParser>(HttpParser::Role::request, limits);
  auto got = co_await read(parser);
  if (!got.ok()) {
    const bool kept = co_await refuse(std::move(got).error());
    co_return kept;
  }
  const bool keep_alive = parser->keep_alive() && !server_->stopping;
  const auto request = request_of(*parser, std::move(parser->body), stream_->peer());
  auto response = co_await handle(request);
  const bool kept = co_await write(request, std::move(response), keep_alive);
  busy_ = false;
  co_return kept;
}

asio::awaitable<Status> HttpSession::read(std::shared_ptr<HttpParser> parser) {
  std::chrono::steady_clock::time_point begun;
  bool continued = false;
  while (true) {
    if (!pending_.empty()) {
      if (!busy_.exchange(true)) begun = std::chrono::steady_clock::now();
      auto used = parser->put(pending_);
      if (!used.ok()) co_return std::move(used).error();
      pending_.erase(0, *used);
    }
    if (parser->done()) co_return Status();
    if (parser->header_done() && parser->expects_continue() && !continued) {
      continued = true;
      auto sent = co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
      if (!sent.ok()) co_return sent;
    }
    // A request has one limit for all of it: a trickle of bytes holds nothing for long.
    auto limit = server_->options.idle_timeout;
    if (busy_) {
      const auto spent = std::chrono::steady_clock::now() - begun;
      limit = server_->options.read_timeout - std::chrono::floor<std::chrono::milliseconds>(spent);
    }
    if (limit.count() <= 0) co_return Error(Code::Timeout, "request too slow");
    std::array<char, kReadSize> chunk{};
    const auto buffer = asio::buffer(chunk);
    auto got = co_await stream_->read_some(buffer, limit);
    if (!got.ok()) co_return std::move(got).error();
    if (*got == 0) co_return Error(Code::Unavailable, "closed");
    pending_.append(chunk.data(), *got);
  }
}

asio::awaitable<bool> HttpSession::refuse(Error error) {
  int status = 400;
  if (error.code() == Code::ResourceExhausted)
    status = error.message().starts_with("HTTP header") ? 431 : 413;
  const bool answerable = error.code() == Code::ResourceExhausted || error.code() == Code::Invalid;
  if (!answerable) co_return false;
  const auto response = ServerResponse::text(status, error.message() + "\n");
  auto text = head_of(response, false) + response.body;
  auto sent = co_await write_text(std::move(text));
  (void)sent.ok();
  co_return false;
}

asio::awaitable<ServerResponse> HttpSession::handle(std::shared_ptr<const ServerRequest> request) {
  const auto bell = std::make_shared<Bell>(stream_->strand());
  const auto response = std::make_shared<ServerResponse>();
  asio::post(*server_->handlers, [server = server_, request, response, bell] {
    *response = answer(server->endpoints, *request);
    bell->ring();
  });
  co_await Bell::wait(bell);
  co_return std::move(*response);
}

asio::awaitable<bool> HttpSession::write(std::shared_ptr<const ServerRequest> request,
                                         ServerResponse response, bool keep_alive) {
  std::string head = head_of(response, keep_alive);
  if (response.stream && request->method != "HEAD") {
    const bool complete = co_await write_streamed(std::move(response), std::move(head));
    co_return complete&& keep_alive;
  }
  const bool bodyless =
      request->method == "HEAD" || response.status == 204 || response.status == 304;
  if (!bodyless) head += response.body;
  auto sent = co_await write_text(std::move(head));
  co_return sent.ok() && keep_alive;
}

asio::awaitable<bool> HttpSession::write_streamed(ServerResponse response, std::string head) {
  const auto bell = std::make_shared<Bell>(stream_->strand());
  const auto pipe = std::make_shared<Pipe>(bell);
  auto sent = co_await write_text(std::move(head));
  if (!sent.ok()) co_return false;
  asio::post(*server_->handlers, [pipe, stream = std::move(response.stream)] {
    stream(*pipe);
    pipe->finish();
  });
  bool good = true;
  while (!pipe->finished()) {
    if (auto piece = pipe->next()) {
      auto chunk = chunk_of(*piece);
      auto wrote = co_await write_text(std::move(chunk));
      if (wrote.ok() && server_->stopping) wrote = Error(Code::Canceled, "the server stops");
      good = good && wrote.ok();
      pipe->sent(std::move(wrote));
      continue;
    }
    co_await Bell::wait(bell);
  }
  if (!good) co_return false;
  auto ended = co_await write_text("0\r\n\r\n");
  co_return ended.ok();
}

asio::awaitable<Status> HttpSession::write_text(std::string text) {
  const auto buffer = asio::buffer(text);
  auto status = co_await stream_->write_all(buffer, server_->options.write_timeout);
  co_return status;
}

}  // namespace tiphys::net
