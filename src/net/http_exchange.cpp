#include "net/http_exchange.hpp"

#include "net/http_parser.hpp"

#include <algorithm>
#include <array>

namespace tiphys::net {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t kReadSize = 16 << 10;

bool is_token(std::string_view text) {
  static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.contains(c);
  });
}

std::string head_of(const HttpRequest& request) {
  // A proxy that isn't a tunnel is told the whole URL.
  const bool whole = request.proxy && !request.tls;
  std::string head = request.method + " " + (whole ? request.url.origin() : "") +
                     request.url.target + " HTTP/1.1\r\nHost: " + request.url.authority() + "\r\n";
  if (whole && !request.proxy->authorization.empty())
    append_header(head, "Proxy-Authorization", request.proxy->authorization);
  for (const auto& [name, value] : request.headers) append_header(head, name, value);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH")
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return head + "\r\n";
}

/// Reads answers until a final one (not 1xx) is complete.
class AnswerReader {
 public:
  AnswerReader(std::shared_ptr<ByteStream> stream, std::shared_ptr<const HttpRequest> request,
               StepLimits limits, std::shared_ptr<ExchangeSink> sink)
      : stream_(std::move(stream)),
        request_(std::move(request)),
        limits_(limits),
        sink_(std::move(sink)) {}

  asio::awaitable<base::Status> read() {
    reset();
    while (true) {
      auto taken = co_await take();
      if (!taken.ok()) co_return taken;
      if (parser_->done()) co_return base::Status();
      const auto buffer = asio::buffer(chunk_);
      auto got = co_await stream_->read_some(buffer, limits_.within(limits_.silence));
      if (!got.ok()) co_return std::move(got).error();
      if (*got == 0) {
        auto ended = parser_->end();
        if (!ended.ok())
          co_return base::Error(std::move(ended).error()).with_context(stream_->peer());
        closed_ = true;
        continue;
      }
      unanswered_ = false;
      pending_.append(chunk_.data(), *got);
    }
  }

  bool unanswered() const { return unanswered_; }
  bool reusable() const {
    return parser_->done() && parser_->keep_alive() && pending_.empty() && !closed_;
  }

 private:
  void reset() {
    parser_ = std::make_unique<HttpParser>(
        HttpParser::Role::response,
        HttpParser::Limits{.header = 64 << 10, .body = request_->max_body});
    if (request_->method == "HEAD") parser_->expect_no_body();
    announced_ = false;
  }

  /// Parses what is pending and hands it on.
  asio::awaitable<base::Status> take() {
    while (!pending_.empty() && !parser_->done()) {
      auto used = parser_->put(pending_);
      if (!used.ok()) {
        const Code code =
            used.error().code() == Code::Invalid ? Code::Unavailable : used.error().code();
        co_return Error(code, used.error().message() + " from " + stream_->peer());
      }
      pending_.erase(0, *used);
      if (parser_->header_done() && parser_->status < 200) {
        if (!parser_->done()) break;
        reset();
        continue;
      }
      auto handed = co_await hand_on();
      if (!handed.ok()) co_return handed;
      if (*used == 0) break;
    }
    co_return base::Status();
  }

  asio::awaitable<base::Status> hand_on() {
    if (!parser_->header_done()) co_return base::Status();
    if (!announced_) {
      announced_ = true;
      HttpResponse head;
      head.status = parser_->status;
      head.headers = std::move(parser_->headers);
      sink_->on_head(std::move(head));
    }
    if (parser_->body.empty()) co_return base::Status();
    const std::string piece = std::exchange(parser_->body, {});
    auto status = co_await sink_->on_piece(piece);
    co_return status;
  }

  std::shared_ptr<ByteStream> stream_;
  std::shared_ptr<const HttpRequest> request_;
  StepLimits limits_;
  std::shared_ptr<ExchangeSink> sink_;
  std::unique_ptr<HttpParser> parser_;
  std::array<char, kReadSize> chunk_{};
  std::string pending_;
  bool announced_ = false;
  bool unanswered_ = true;
  bool closed_ = false;
};

}  // namespace

base::Status check_request(const HttpRequest& request) {
  if (!is_token(request.method)) return Error(Code::Invalid, "HTTP request: bad method");
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!request.url.target.starts_with('/') || !std::ranges::all_of(request.url.target, visible))
    return Error(Code::Invalid, "HTTP request: the target has characters that must be encoded");
  if (!std::ranges::all_of(request.url.host, visible))
    return Error(Code::Invalid, "HTTP request: the host has blanks or control characters");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return Error(Code::Invalid, "HTTP request: bad header name");
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return Error(Code::Invalid, "HTTP request: line break or NUL in header " + name);
  }
  return {};
}

asio::awaitable<ExchangeResult> exchange(std::shared_ptr<ByteStream> stream,
                                         std::shared_ptr<const HttpRequest> request,
                                         StepLimits limits, std::shared_ptr<ExchangeSink> sink) {
  ExchangeResult result;
  const std::string head = head_of(*request);
  result.status = sink->may_write();
  if (!result.status.ok()) co_return result;
  const auto head_bytes = asio::buffer(head);
  result.status = co_await stream->write_all(head_bytes, limits.within(limits.silence));
  if (!result.status.ok()) co_return result;
  const auto body_bytes = asio::buffer(request->body);
  result.status = co_await stream->write_all(body_bytes, limits.within(limits.silence));
  if (!result.status.ok()) co_return result;
  const auto reader = std::make_shared<AnswerReader>(stream, request, limits, sink);
  result.status = co_await reader->read();
  result.unanswered = reader->unanswered();
  result.reusable = result.status.ok() && reader->reusable();
  co_return result;
}

}  // namespace tiphys::net
