#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/net/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tiphys::net {

/// Reads one HTTP/1.1 message from bytes as they come. Sans-io. With its .cpp the only place that
/// knows Beast.
class HttpParser {
 public:
  enum class Role : std::uint8_t { request, response };
  struct Limits {
    std::size_t header = 64 << 10;
    std::size_t body = 0;
  };
  HttpParser(Role role, Limits limits);
  ~HttpParser();
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  /// The answer to a HEAD has no body, whatever its headers say.
  void expect_no_body();

  /// Takes what it can of `data` and returns how much: the rest must come again, with more behind
  /// it. Errors: ResourceExhausted (a limit), Invalid (not HTTP).
  base::Result<std::size_t> put(std::string_view data);
  /// The connection ended. Errors: Unavailable if the message isn't complete.
  base::Status end();

  bool header_done() const;
  bool done() const;
  /// After header_done().
  bool keep_alive() const;
  /// The request waits for "100 Continue".
  bool expects_continue() const;

  // After header_done(); headers may be moved out.
  std::string method;
  std::string target;
  int status = 0;
  Headers headers;
  /// Body bytes since it was last emptied (by the caller).
  std::string body;

  struct Engine;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace tiphys::net
