#include "net/proxy_tunnel.hpp"

#include "net/http_parser.hpp"

#include <array>

namespace tiphys::net {

namespace {

using base::Code;
using base::Error;
using base::Status;

constexpr std::size_t kHeadLimit = 16 << 10;

/// Reads the answer to CONNECT and no byte of what is behind it: a server is silent until it was
/// spoken to. The status.
asio::awaitable<base::Result<int>> read_answer(std::shared_ptr<ByteStream> stream,
                                               StepLimits limits) {
  HttpParser parser(HttpParser::Role::response, {.header = kHeadLimit, .body = 0});
  parser.expect_no_body();
  std::array<char, 1> byte{};
  std::string pending;
  while (!parser.header_done()) {
    const auto buffer = asio::buffer(byte);
    auto got = co_await stream->read_some(buffer, limits.within(limits.silence));
    if (!got.ok()) co_return std::move(got).error();
    if (*got == 0) co_return Error(Code::Unavailable, "the proxy closed the connection");
    pending += byte[0];
    if (byte[0] != '\n') continue;
    auto used = parser.put(pending);
    if (!used.ok()) co_return Error(Code::Unavailable, used.error().message());
    pending.erase(0, *used);
  }
  co_return parser.status;
}

asio::awaitable<Status> open_tunnel(std::shared_ptr<ByteStream> stream,
                                    std::shared_ptr<const HttpRequest> request, StepLimits limits) {
  const Url& url = request->url;
  const std::string host = url.host.contains(':') ? "[" + url.host + "]" : url.host;
  const std::string target = host + ":" + std::to_string(url.port);
  std::string head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!request->proxy->authorization.empty())
    append_header(head, "Proxy-Authorization", request->proxy->authorization);
  head += "\r\n";
  const auto bytes = asio::buffer(head);
  auto written = co_await stream->write_all(bytes, limits.within(limits.silence));
  if (!written.ok()) co_return written;
  auto status = co_await read_answer(stream, limits);
  const std::string who = "proxy " + request->proxy->url.origin();
  if (!status.ok()) co_return std::move(status).error().with_context(who);
  if (*status >= 200 && *status < 300) co_return Status();
  co_return Error(
      *status == 407 ? Code::Unauthorized : Code::Unavailable,
      who + " doesn't let us through to " + url.origin() + ": " + std::to_string(*status));
}

}  // namespace

asio::awaitable<Status> open_connection(std::shared_ptr<ByteStream> stream,
                                        std::shared_ptr<const HttpRequest> request,
                                        StepLimits limits) {
  if (!request->proxy) {
    auto connected = co_await stream->connect(request->url, limits);
    if (!connected.ok()) co_return connected;
  } else {
    auto connected = co_await stream->connect(request->proxy->url, limits);
    if (!connected.ok())
      co_return std::move(connected).error().with_context("proxy " + request->proxy->url.origin());
    if (request->tls) {
      auto opened = co_await open_tunnel(stream, request, limits);
      if (!opened.ok()) co_return opened;
    }
  }
  if (!request->tls) co_return Status();
  auto secured = co_await stream->start_tls(request->tls, request->url.host, limits);
  co_return secured;
}

}  // namespace tiphys::net
