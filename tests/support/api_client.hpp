#pragma once

#include "tiphys/value/value.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace tiphys::test {

struct ApiAnswer {
  int status = 0;  ///< 0: no answer (refused, reset, timed out); `text` says why
  value::Value body;
  std::string text;
};

/// As whom to call: with a client certificate, or with a bearer token (certificate empty).
struct ApiUser {
  std::filesystem::path certificate = {};
  std::filesystem::path key = {};
  std::string token = {};
};

/// One HTTPS request on a connection of its own, answered in full. Deliberately not the code under
/// test. `content_type` is what PATCH needs, e.g. application/apply-patch+yaml.
struct ApiRequest {
  std::string method = "GET";
  std::string path = {};
  std::string body = {};
  std::string content_type = "application/json";
  std::string user_agent = "tiphys-test";
};

ApiAnswer call_api(int port, const std::filesystem::path& ca_certificate, const ApiUser& user,
                   const ApiRequest& request);

}  // namespace tiphys::test
