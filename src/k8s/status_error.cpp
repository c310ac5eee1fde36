#include "tiphys/k8s/status_error.hpp"

#include "tiphys/value/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tiphys::k8s {

namespace {

using base::Code;

constexpr std::size_t kMaxQuoted = 512;

struct Reason {
  std::string_view name;
  Code code;
};

constexpr std::array<Reason, 18> kReasons = {{{"NotFound", Code::NotFound},
                                              {"AlreadyExists", Code::AlreadyExists},
                                              {"Conflict", Code::Conflict},
                                              {"Gone", Code::Expired},
                                              {"Expired", Code::Expired},
                                              {"Invalid", Code::Invalid},
                                              {"BadRequest", Code::Invalid},
                                              {"MethodNotAllowed", Code::Invalid},
                                              {"NotAcceptable", Code::Invalid},
                                              {"RequestEntityTooLarge", Code::Invalid},
                                              {"UnsupportedMediaType", Code::Invalid},
                                              {"Forbidden", Code::Forbidden},
                                              {"Unauthorized", Code::Unauthorized},
                                              {"TooManyRequests", Code::TooManyRequests},
                                              {"Timeout", Code::Timeout},
                                              {"ServerTimeout", Code::Timeout},
                                              {"ServiceUnavailable", Code::Unavailable},
                                              {"InternalError", Code::Internal}}};

Code code_of_http(int status) {
  switch (status) {
    case 401:
      return Code::Unauthorized;
    case 403:
      return Code::Forbidden;
    case 404:
      return Code::NotFound;
    case 408:
    case 504:
      return Code::Timeout;
    case 409:
      return Code::Conflict;
    case 410:
      return Code::Expired;
    case 429:
      return Code::TooManyRequests;
    case 500:
      return Code::Internal;
    default:
      return status >= 500 ? Code::Unavailable : Code::Invalid;
  }
}

bool is_status(const value::Value& tree) {
  return tree["kind"].text() == "Status" && tree["apiVersion"].text() == "v1";
}

/// A 403 that the same request need not get again: the namespace ends, or a quota is used up.
bool passes_with_time(const value::Value& status) {
  for (const auto& cause : status.at({"details", "causes"}).items())
    if (cause["reason"].text() == "NamespaceTerminating") return true;
  return status["message"].text().find("exceeded quota: ") != std::string_view::npos;
}

base::Error make(int http_status, const value::Value& status,
                 std::optional<std::chrono::seconds> retry_after) {
  std::string message(status["message"].text());
  const std::string_view reason = status["reason"].text();
  if (message.empty())
    message =
        reason.empty() ? fmt::format("the server answered {}", http_status) : std::string(reason);
  Code code = code_of(http_status, reason);
  if (code == Code::Forbidden && passes_with_time(status)) code = Code::Conflict;
  base::Error error(code, std::move(message));
  const std::int64_t seconds = status.at({"details", "retryAfterSeconds"}).integer_or(0);
  if (!retry_after && seconds > 0) retry_after = std::chrono::seconds(seconds);
  if (retry_after) return std::move(error).after(*retry_after);
  return error;
}

}  // namespace

Code code_of(int http_status, std::string_view reason) {
  const auto* const found = std::find_if(kReasons.begin(), kReasons.end(),
                                         [reason](const Reason& r) { return r.name == reason; });
  return found != kReasons.end() ? found->code : code_of_http(http_status);
}

base::Error error_from_response(int http_status, std::string_view body,
                                std::optional<std::chrono::seconds> retry_after) {
  const auto tree = value::parse_json(body);
  if (tree.ok() && is_status(*tree)) return make(http_status, *tree, retry_after);
  const std::size_t end = body.find_last_not_of(" \t\r\n");
  std::string quoted(body.substr(0, end == std::string_view::npos ? 0 : end + 1));
  if (quoted.size() > kMaxQuoted) quoted = quoted.substr(0, kMaxQuoted) + "...";
  value::Map status;
  status.set("message", quoted.empty()
                            ? fmt::format("the server answered {}", http_status)
                            : fmt::format("the server answered {}: {}", http_status, quoted));
  return make(http_status, value::Value(std::move(status)), retry_after);
}

base::Error error_from_status(const value::Value& status) {
  return make(static_cast<int>(status["code"].integer_or(500)), status, std::nullopt);
}

}  // namespace tiphys::k8s
