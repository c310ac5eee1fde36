#include "tiphys/net/http_client.hpp"

#include "unit/net/raw_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace tiphys::net {
namespace {

using base::Code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RawConnection;
using testing::RawServer;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class HttpClientTest : public ::testing::Test {
 protected:
  HttpRequest request(const std::string& url, const std::string& method = "GET") {
    HttpRequest made;
    made.method = method;
    made.url = *Url::parse(url);
    return made;
  }
  base::Deadline in(milliseconds span) { return base::Deadline::after(clock_, span); }

  base::SystemClock clock_;
  IoRuntime io_;
  HttpClient client_{io_, clock_};
};

TEST_F(HttpClientTest, KeepsTheConnection) {
  std::atomic<int> connections = 0;
  const RawServer server([&](RawConnection& connection, int) {
    ++connections;
    while (connection.read_until("\r\n\r\n")) connection.write(kOk);
  });
  for (int i = 0; i < 3; ++i) {
    const auto response = client_.send(request(server.url()), in(seconds(20)));
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->body, "ok");
  }
  EXPECT_EQ(connections, 1);
}

TEST_F(HttpClientTest, SendsARequestAsItShouldLook) {
  std::promise<std::string> got;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_up_to("{}");
    got.set_value(connection.seen);
    connection.write(kOk);
  });
  auto patch = request(server.url("/a?b=c"), "PATCH");
  patch.headers = {{"Content-Type", "application/json"}};
  patch.body = "{}";
  EXPECT_TRUE(client_.send(patch, in(seconds(20))).ok());
  EXPECT_EQ(got.get_future().get(),
            "PATCH /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nContent-Type: application/json\r\n"
                "Content-Length: 2\r\n\r\n{}");
}

TEST_F(HttpClientTest, ReadsChunksAndSkipsInformation) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write(
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encod");
    connection.write("ing: chunked\r\nX-A: b\r\n\r\n5\r\nhel");
    connection.write("lo\r\n6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
  });
  const auto response = client_.send(request(server.url()), in(seconds(20)));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello world");
  EXPECT_EQ(response->header("x-a"), "b");
}

TEST_F(HttpClientTest, ReadsABodyThatEndsWithTheConnection) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.0 200 OK\r\n\r\nall of it");
  });
  const auto response = client_.send(request(server.url()), in(seconds(20)));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body, "all of it");
}

TEST_F(HttpClientTest, ReturnsARedirectAsItIs) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write(
        "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = client_.send(request(server.url()), in(seconds(20)));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->header("Location"), "http://elsewhere/");
}

struct Broken {
  const char* answer;
  Code code;
  const char* text;
};

TEST_F(HttpClientTest, NamesWhatIsWrongWithAnAnswer) {
  const Broken rows[] = {
      {"", Code::Unavailable, "closed before an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Code::Unavailable, "in the middle"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", Code::Unavailable,
       "in the middle"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Code::Unavailable,
       "not valid HTTP"},
      {"SSH-2.0-OpenSSH_9\r\n", Code::Unavailable, "not valid HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", Code::ResourceExhausted,
       "over 1000 bytes"},
  };
  for (const auto& row : rows) {
    const RawServer server([&](RawConnection& connection, int) {
      connection.read_until("\r\n\r\n");
      connection.write(row.answer);
    });
    auto get = request(server.url());
    get.max_body = 1000;
    const auto response = client_.send(get, in(seconds(20)));
    ASSERT_FALSE(response.ok()) << row.answer;
    EXPECT_EQ(response.error().code(), row.code) << response.error().text();
    EXPECT_NE(response.error().text().find(row.text), std::string::npos) << response.error().text();
  }
}

TEST_F(HttpClientTest, RefusesAHeaderOver64KiB) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.1 200 OK\r\nX: " + std::string(70 << 10, 'x') + "\r\n\r\n");
  });
  const auto response = client_.send(request(server.url()), in(seconds(20)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::ResourceExhausted);
}

TEST_F(HttpClientTest, SendsAReadAgainWhenTheKeptConnectionWasCut) {
  std::promise<void> second;
  const RawServer server([&](RawConnection& connection, int number) {
    connection.read_until("\r\n\r\n");
    connection.write(kOk);
    if (number == 1) {
      // The second request reaches this connection and gets a reset for an answer.
      connection.read_until("\r\n\r\n");
      connection.reset();
    } else {
      second.set_value();
    }
  });
  ASSERT_TRUE(client_.send(request(server.url()), in(seconds(20))).ok());
  const auto again = client_.send(request(server.url()), in(seconds(20)));
  EXPECT_TRUE(again.ok()) << again.error().text();
  second.get_future().wait();
}

TEST_F(HttpClientTest, DoesNotSendAWriteAgain) {
  std::atomic<int> connections = 0;
  const RawServer server([&](RawConnection& connection, int) {
    ++connections;
    connection.read_until("\r\n\r\n");
    connection.write(kOk);
    connection.read_until("\r\n\r\n");
    connection.reset();
  });
  ASSERT_TRUE(client_.send(request(server.url()), in(seconds(20))).ok());
  const auto write = client_.send(request(server.url(), "POST"), in(seconds(20)));
  ASSERT_FALSE(write.ok());
  EXPECT_EQ(write.error().code(), Code::Unavailable);
  EXPECT_EQ(connections, 1);
}

TEST_F(HttpClientTest, GivesUpAtTheDeadlineAndClosesTheConnection) {
  std::promise<void> closed;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.wait_for_close();
    closed.set_value();
  });
  const auto response = client_.send(request(server.url()), in(milliseconds(50)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::Timeout);
  EXPECT_EQ(closed.get_future().wait_for(seconds(20)), std::future_status::ready);
}

TEST_F(HttpClientTest, GivesUpOnSilenceInTheMiddleOfABody) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    connection.wait_for_close();
  });
  auto get = request(server.url());
  get.silence = milliseconds(50);
  const auto response = client_.send(get, in(seconds(60)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::Timeout) << response.error().text();
}

TEST_F(HttpClientTest, IsCanceledByItsStopToken) {
  std::stop_source stop;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    stop.request_stop();
    connection.wait_for_close();
  });
  const auto response = client_.send(request(server.url()), in(seconds(60)), stop.get_token());
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::Canceled);
}

TEST_F(HttpClientTest, WritesNothingWhenTheGateIsShut) {
  std::promise<std::string> got;
  const RawServer server([&](RawConnection& connection, int) {
    connection.wait_for_close();
    got.set_value(connection.seen);
  });
  auto write = request(server.url(), "POST");
  write.before_write = []() -> base::Status {
    EXPECT_TRUE(IoRuntime::on_io_thread());
    return base::Error(Code::Canceled, "the lease is lost");
  };
  const auto response = client_.send(write, in(seconds(20)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().text(), "the lease is lost");
  EXPECT_EQ(got.get_future().get(), "");
}

TEST_F(HttpClientTest, GivesPiecesToTheSinkAndStopsWhenItSaysSo) {
  std::promise<void> closed;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 1000; ++i) connection.write("5\r\nhello\r\n");
    connection.wait_for_close();
    closed.set_value();
  });
  std::size_t bytes = 0;
  const auto caller = std::this_thread::get_id();
  const auto response = client_.send(request(server.url()), in(seconds(20)),
                                     [&](std::string_view piece) -> base::Status {
                                       EXPECT_EQ(std::this_thread::get_id(), caller);
                                       bytes += piece.size();
                                       if (bytes >= 5000)
                                         return base::Error(Code::Invalid, "enough");
                                       return {};
                                     });
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().text(), "enough");
  EXPECT_EQ(bytes, 5000U);
  closed.get_future().wait();
}

TEST_F(HttpClientTest, KeepsTheBodyOfAnErrorFromTheSink) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nwhy");
  });
  const auto response =
      client_.send(request(server.url()), in(seconds(20)), [](std::string_view) -> base::Status {
        ADD_FAILURE() << "the sink is for a 2xx";
        return {};
      });
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->body, "why");
}

TEST_F(HttpClientTest, LetsOnlySoManyRequestsRunAtOnce) {
  HttpClient::Options options;
  options.max_per_origin = 1;
  HttpClient one(io_, clock_, options);
  std::promise<void> first_is_there;
  const RawServer server([&](RawConnection& connection, int number) {
    connection.read_until("\r\n\r\n");
    if (number == 1) {
      first_is_there.set_value();
      connection.wait_for_close();
    }
  });
  std::stop_source stop;
  auto first = std::async(std::launch::async, [&] {
    return one.send(request(server.url()), in(seconds(60)), stop.get_token());
  });
  first_is_there.get_future().wait();
  const auto second = one.send(request(server.url()), in(milliseconds(30)));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text().find("waiting for one of 1 connections"), std::string::npos)
      << second.error().text();
  stop.request_stop();
  EXPECT_FALSE(first.get().ok());
}

TEST_F(HttpClientTest, RefusesToSplitAHeader) {
  auto get = request("http://127.0.0.1:1/");
  get.headers = {{"X-A", "b\r\nX-C: d"}};
  const auto response = client_.send(get, in(seconds(5)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::Invalid);
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  std::string url;
  {
    const RawServer server([](RawConnection&, int) {});
    url = server.url();
  }
  const auto response = client_.send(request(url), in(seconds(5)));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code(), Code::Unavailable);
  EXPECT_NE(response.error().text().find("connecting to http://127.0.0.1"), std::string::npos)
      << response.error().text();
}

/// What a stream told, in order.
struct Told {
  std::promise<void> ended;
  int status = 0;
  std::string body;
  base::Status end;

  StreamHandlers handlers() {
    StreamHandlers made;
    made.on_head = [this](const HttpResponse& head) { status = head.status; };
    made.on_piece = [this](std::string_view piece) -> base::Status {
      EXPECT_TRUE(IoRuntime::on_io_thread());
      body += piece;
      return {};
    };
    made.on_end = [this](const base::Status& how) {
      end = how;
      ended.set_value();
    };
    return made;
  }
};

TEST_F(HttpClientTest, StreamsUntilTheServerEnds) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n2\r\nb\n\r\n0\r\n\r\n");
  });
  Told told;
  const auto stream = client_.start_stream(request(server.url()), told.handlers());
  told.ended.get_future().wait();
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.body, "a\nb\n");
  EXPECT_TRUE(told.end.ok());
}

TEST_F(HttpClientTest, EndsASilentStream) {
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
    connection.wait_for_close();
  });
  Told told;
  auto get = request(server.url());
  get.silence = milliseconds(60);
  const auto stream = client_.start_stream(get, told.handlers());
  told.ended.get_future().wait();
  EXPECT_EQ(told.body, "a\n");
  ASSERT_FALSE(told.end.ok());
  EXPECT_EQ(told.end.error().code(), Code::Timeout);
}

TEST_F(HttpClientTest, EndsACanceledStream) {
  std::promise<void> asked;
  const RawServer server([&](RawConnection& connection, int) {
    connection.read_until("\r\n\r\n");
    asked.set_value();
    connection.wait_for_close();
  });
  Told told;
  const auto stream = client_.start_stream(request(server.url()), told.handlers());
  asked.get_future().wait();
  stream->cancel();
  told.ended.get_future().wait();
  ASSERT_FALSE(told.end.ok());
  EXPECT_EQ(told.end.error().code(), Code::Canceled);
}

}  // namespace
}  // namespace tiphys::net
