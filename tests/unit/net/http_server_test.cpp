#include "tiphys/net/http_server.hpp"

#include "tiphys/net/http_client.hpp"

#include <gtest/gtest.h>

#include <future>

namespace tiphys::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class HttpServerTest : public ::testing::Test {
 protected:
  void start(std::vector<Endpoint> endpoints, ServerOptions options = {}) {
    options.address = "127.0.0.1";
    auto started = HttpServer::start(io_, options, std::move(endpoints));
    ASSERT_TRUE(started.ok()) << started.error().text();
    server_ = *std::move(started);
  }
  base::Result<HttpResponse> call(const std::string& method, const std::string& target,
                                  std::string body = {}, Headers headers = {}) {
    HttpRequest request;
    request.method = method;
    request.url = *Url::parse("http://127.0.0.1:" + std::to_string(server_->port()) + target);
    request.body = std::move(body);
    request.headers = std::move(headers);
    return client_.send(request, base::Deadline::after(clock_, seconds(20)));
  }

  base::SystemClock clock_;
  IoRuntime io_;
  HttpClient client_{io_, clock_};
  std::unique_ptr<HttpServer> server_;
};

std::vector<Endpoint> echo() {
  return {
      {"POST", "/echo",
       [](const ServerRequest& r) { return ServerResponse::text(201, r.query + "|" + r.body); }},
      {"GET", "/files/*",
       [](const ServerRequest& r) { return ServerResponse::text(200, r.path); }}};
}

TEST_F(HttpServerTest, AnswersFromItsTable) {
  start(echo());
  const auto posted = call("POST", "/echo?a=b", "body");
  ASSERT_TRUE(posted.ok()) << posted.error().text();
  EXPECT_EQ(posted->status, 201);
  EXPECT_EQ(posted->body, "a=b|body");
  EXPECT_EQ(call("GET", "/files/x/y")->body, "/files/x/y");
  const auto head = call("HEAD", "/files/x");
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->header("content-length"), "8");
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(call("GET", "/echo")->status, 405);
  EXPECT_EQ(call("GET", "/other")->status, 404);
}

TEST_F(HttpServerTest, RefusesWhatBreaksALimit) {
  ServerOptions options;
  options.max_body = 10;
  options.max_header = 400;
  start(echo(), options);
  EXPECT_EQ(call("POST", "/echo", "12345678901")->status, 413);
  EXPECT_EQ(call("POST", "/echo", "x", {{"X-Long", std::string(500, 'x')}})->status, 431);
  EXPECT_EQ(call("POST", "/echo", "1234567890")->status, 201);
}

TEST_F(HttpServerTest, SendsAStreamAsItIsWritten) {
  std::promise<void> first_seen;
  start({{"GET", "/stream", [&](const ServerRequest&) {
            ServerResponse response;
            response.stream = [&](ResponseWriter& writer) {
              EXPECT_TRUE(writer.write("one,").ok());
              first_seen.get_future().wait();
              EXPECT_TRUE(writer.write("two").ok());
            };
            return response;
          }}});
  HttpRequest request;
  request.url = *Url::parse("http://127.0.0.1:" + std::to_string(server_->port()) + "/stream");
  std::string got;
  bool told = false;
  const auto response = client_.send(request, base::Deadline::after(clock_, seconds(20)),
                                     [&](std::string_view piece) -> base::Status {
                                       got += piece;
                                       if (!std::exchange(told, true)) first_seen.set_value();
                                       return {};
                                     });
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(got, "one,two");
}

TEST_F(HttpServerTest, StopLetsARunningAnswerEnd) {
  std::promise<void> entered;
  std::promise<void> go;
  start({{"GET", "/slow", [&](const ServerRequest&) {
            entered.set_value();
            go.get_future().wait();
            return ServerResponse::text(200, "done");
          }}});
  auto answer = std::async(std::launch::async, [&] { return call("GET", "/slow"); });
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(seconds(20)); });
  go.set_value();
  EXPECT_EQ(answer.get()->body, "done");
  stopped.get();
  EXPECT_FALSE(call("GET", "/slow").ok());
}

TEST_F(HttpServerTest, SaysWhichAddressIsTaken) {
  start(echo());
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = server_->port();
  const auto second = HttpServer::start(io_, options, echo());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text().find("127.0.0.1:" + std::to_string(server_->port())),
            std::string::npos);
}

}  // namespace
}  // namespace tiphys::net
