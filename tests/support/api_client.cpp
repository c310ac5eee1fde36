#include "support/api_client.hpp"

#include "tiphys/value/json.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tiphys::test {

namespace {

constexpr int kTimeoutSeconds = 30;

struct Close {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Context = std::unique_ptr<SSL_CTX, Close>;
using Connection = std::unique_ptr<SSL, Close>;

class Socket {
 public:
  explicit Socket(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = kTimeoutSeconds, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The sockets API is written in casts.
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { ::close(fd_); }
  Socket(Socket&&) = delete;
  int fd() const { return fd_; }
  bool connected() const { return connected_; }

 private:
  int fd_;
  bool connected_ = false;
};

ApiAnswer no_answer(std::string why) { return {.status = 0, .body = {}, .text = std::move(why)}; }

std::string tls_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return text.data();
}

Context make_context(const std::filesystem::path& ca_certificate, const ApiUser& user) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_file(context.get(), ca_certificate.c_str()) != 1) return nullptr;
  if (user.certificate.empty()) return context;
  const bool loaded =
      SSL_CTX_use_certificate_file(context.get(), user.certificate.c_str(), SSL_FILETYPE_PEM) ==
          1 &&
      SSL_CTX_use_PrivateKey_file(context.get(), user.key.c_str(), SSL_FILETYPE_PEM) == 1;
  return loaded ? std::move(context) : nullptr;
}

/// HTTP/1.0: the answer then has no chunks and ends with the connection.
std::string request_text(const ApiRequest& request, const ApiUser& user) {
  std::string text = request.method + " " + request.path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n";
  text += "User-Agent: " + request.user_agent + "\r\nAccept: application/json\r\n";
  if (!user.token.empty()) text += "Authorization: Bearer " + user.token + "\r\n";
  if (!request.body.empty()) text += "Content-Type: " + request.content_type + "\r\n";
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" +
         request.body;
}

ApiAnswer parse_answer(const std::string& raw) {
  const auto head = raw.find("\r\n\r\n");
  if (head == std::string::npos || raw.size() < 12) return no_answer("cut: " + raw);
  ApiAnswer answer;
  std::from_chars(raw.data() + 9, raw.data() + 12, answer.status);
  answer.text = raw.substr(head + 4);
  if (auto body = value::parse_json(answer.text); body.ok()) answer.body = *std::move(body);
  return answer;
}

}  // namespace

ApiAnswer call_api(int port, const std::filesystem::path& ca_certificate, const ApiUser& user,
                   const ApiRequest& request) {
  ::signal(SIGPIPE, SIG_IGN);
  const Context context = make_context(ca_certificate, user);
  if (!context) return no_answer("TLS: " + tls_error());
  const Socket socket(port);
  if (!socket.connected()) return no_answer("connection refused");
  const Connection ssl(SSL_new(context.get()));
  SSL_set1_host(ssl.get(), "127.0.0.1");
  SSL_set_fd(ssl.get(), socket.fd());
  if (SSL_connect(ssl.get()) != 1) return no_answer("TLS: " + tls_error());
  const std::string text = request_text(request, user);
  if (SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) <= 0)
    return no_answer("write: " + tls_error());
  std::string raw;
  std::array<char, 65536> buffer{};
  for (int got = 0;
       (got = SSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()))) > 0;)
    raw.append(buffer.data(), static_cast<std::size_t>(got));
  return parse_answer(raw);
}

}  // namespace tiphys::test
