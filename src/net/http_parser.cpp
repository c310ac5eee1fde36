#include "net/http_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace tiphys::net {

namespace {

namespace http = boost::beast::http;
using base::Code;
using base::Error;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view view(string_view text) { return {text.data(), text.size()}; }

Error error_of(error_code code, const HttpParser::Limits& limits) {
  if (code == http::error::header_limit)
    return {Code::ResourceExhausted,
            "HTTP header over " + std::to_string(limits.header) + " bytes"};
  if (code == http::error::body_limit)
    return {Code::ResourceExhausted, "HTTP body over " + std::to_string(limits.body) + " bytes"};
  return {Code::Invalid, "not valid HTTP/1.1: " + code.message()};
}

/// Beast's parser of either role, which tells us what it meets.
template <bool kIsRequest>
class Parser final : public http::basic_parser<kIsRequest> {
 public:
  explicit Parser(HttpParser& into) : into_(into) {}

 private:
  void on_request_impl(http::verb /*verb*/, string_view method, string_view target, int /*version*/,
                       error_code& /*error*/) override {
    into_.method = view(method);
    into_.target = view(target);
  }
  void on_response_impl(int code, string_view /*reason*/, int /*version*/,
                        error_code& /*error*/) override {
    into_.status = code;
  }
  void on_field_impl(http::field /*field*/, string_view name, string_view value,
                     error_code& /*error*/) override {
    into_.headers.emplace_back(view(name), view(value));
  }
  void on_header_impl(error_code& /*error*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& /*error*/) override {}
  std::size_t on_body_impl(string_view body, error_code& /*error*/) override {
    into_.body += view(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, string_view /*extensions*/,
                            error_code& /*error*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, string_view body,
                                 error_code& /*error*/) override {
    into_.body += view(body);
    return body.size();
  }
  void on_finish_impl(error_code& /*error*/) override {}

  HttpParser& into_;
};

}  // namespace

/// One of the two; calls go to whichever it is.
struct HttpParser::Engine {
  std::unique_ptr<Parser<true>> request;
  std::unique_ptr<Parser<false>> response;
  Limits limits;

  template <class Call>
  auto with(Call call) const {
    return request ? call(*request) : call(*response);
  }
};

HttpParser::HttpParser(Role role, Limits limits) : engine_(std::make_unique<Engine>()) {
  engine_->limits = limits;
  if (role == Role::request) {
    engine_->request = std::make_unique<Parser<true>>(*this);
  } else {
    engine_->response = std::make_unique<Parser<false>>(*this);
  }
  engine_->with([&](auto& parser) {
    parser.header_limit(static_cast<std::uint32_t>(limits.header));
    parser.body_limit(limits.body);
    parser.eager(true);
  });
}

HttpParser::~HttpParser() = default;

void HttpParser::expect_no_body() {
  if (engine_->response) engine_->response->skip(true);
}

base::Result<std::size_t> HttpParser::put(std::string_view data) {
  error_code error;
  std::size_t used = 0;
  while (!done() && used < data.size()) {
    const auto rest = data.substr(used);
    const std::size_t took = engine_->with([&](auto& parser) {
      return parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    });
    used += took;
    if (error == http::error::need_more) break;
    if (error) return error_of(error, engine_->limits);
    if (took == 0) break;
  }
  return used;
}

base::Status HttpParser::end() {
  error_code error;
  if (!engine_->with([](auto& parser) { return parser.got_some(); }))
    return Error(Code::Unavailable, "the connection was closed before an answer");
  engine_->with([&](auto& parser) { parser.put_eof(error); });
  if (error)
    return Error(Code::Unavailable, "the connection was closed in the middle of a message");
  return {};
}

bool HttpParser::header_done() const {
  return engine_->with([](auto& parser) { return parser.is_header_done(); });
}

bool HttpParser::done() const {
  return engine_->with([](auto& parser) { return parser.is_done(); });
}

bool HttpParser::keep_alive() const {
  return engine_->with([](auto& parser) { return parser.keep_alive(); });
}

bool HttpParser::expects_continue() const {
  return same_name(header(headers, "Expect"), "100-continue");
}

}  // namespace tiphys::net
